"""What each warning word of a run means, in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from dashboard.domain.run.durations import POSTED_AGAIN
from dashboard.domain.run.facts import PHASES, Timed
from dashboard.domain.run.phases import AGREE_WITHIN, missing_seconds
from dashboard.presentation.format import took
from dashboard.presentation.words import PHASE_TEXTS

NOT_FINAL = "timeout-not-final"
COMES_BACK_WITHIN = timedelta(days=7)  # of its last update

_PLAIN: Mapping[str, str] = MappingProxyType(
    {
        NOT_FINAL: "The run may still finish.",
        POSTED_AGAIN: "ComfyDeploy recorded the start again after the end, "
        "so the cold start is unknown.",
        "unknown-status": "Unknown status from ComfyDeploy, shown as sent.",
        "unsafe-url": "An output's address is neither http nor https, so it isn't linked.",
    }
)

WORDS = (
    *(f"{kind}-{phase}" for kind in ("negative", "absurd") for phase in PHASES),
    "timestamps-disagree",
    *_PLAIN,
)
"""Every warning word that the reader gives."""


@dataclass(frozen=True, slots=True)
class WarningText:
    """A sentence; a moment in it is shown in the reader's own zone, with `rest` behind it."""

    text: str
    at: datetime | None = None
    rest: str = ""


def warning_texts(run: Timed, now: datetime) -> tuple[WarningText, ...]:
    """One sentence for each warning, in the order given; and the estimated end where one lacks."""
    found = [WarningText(_sentence(run, word)) for word in run.warnings if _is_said(run, word, now)]
    if abs(missing := missing_seconds(run)) > AGREE_WITHIN:
        found.append(WarningText(_gap(missing)))
    if run.finished and run.ended_at is None and run.updated_at is not None:
        found.append(WarningText("End not reported; estimated before ", run.updated_at, "."))
    return tuple(found)


def _gap(missing: float) -> str:
    more_or_less = "less" if missing > 0 else "more"
    return f"The phases add up to {took(abs(missing))} {more_or_less} than the total."


def _is_said(run: Timed, word: str, now: datetime) -> bool:
    """Not what another warning explains, nor what has become unlikely with time."""
    if word == NOT_FINAL:
        last = run.updated_at or run.created_at
        return last is None or now - last < COMES_BACK_WITHIN
    return not (word.startswith("negative-") and POSTED_AGAIN in run.warnings)


def _sentence(run: Timed, word: str) -> str:
    kind, _, name = word.partition("-")
    phase = PHASE_TEXTS.get(name)
    if phase and kind == "negative":
        return f"{phase.label} unknown: its times are out of order."
    if phase and kind == "absurd":
        return f"{phase.label} ignored: longer than 366 days."
    if word == "timestamps-disagree":
        return _disagree(run)
    return _PLAIN.get(word, f"Warning: {word}.")


def _disagree(run: Timed) -> str:
    """Both values of each phase whose stamps say something else than its field."""
    differences = []
    for phase in PHASE_TEXTS.values():
        reported = getattr(run, phase.name)
        begin, end = (getattr(run, stamp) for stamp in phase.stamps)
        if reported is None or begin is None or end is None:
            continue
        stamped = (end - begin).total_seconds()
        if abs(stamped - reported) > 1:
            differences.append(f"{phase.label} {took(reported)}, {took(stamped)} by timestamps")
    both = f": {'; '.join(differences)}" if differences else ""
    return f"Reported durations are shown; they differ from the timestamps{both}."
