"""The preview image of a shared run: state, total, one line, a small bar."""

from collections.abc import Collection
from dataclasses import dataclass

from dashboard.domain.run.facts import Phase, Timed
from dashboard.domain.run.phases import shares_of
from dashboard.domain.run.progress import percent
from dashboard.domain.run.visibility import Visibility
from dashboard.domain.sharing import TIMES
from dashboard.presentation.format import clock, percent_text, took
from dashboard.presentation.run.display import RunDisplay
from dashboard.presentation.run.segments import OUTCOME_TONES, segments_of


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """The card's content; `pieces` of the bar are (kind, share of the whole)."""

    word: str
    tone: str
    title: str
    big: str
    line: str = ""
    pieces: tuple[tuple[str, float], ...] = ()
    stopper: str | None = None  # the tone of an end that was no success


def preview_card(
    run: Timed, visibility: Visibility, drawn: RunDisplay, scopes: Collection[str]
) -> PreviewCard:
    """The card of a redacted run; a live run's card names the minute it was made in."""
    timed = TIMES in scopes
    big, line = _ended(run) if run.finished else _live(run, visibility, drawn)
    return PreviewCard(
        word=drawn.words.word,
        tone=drawn.words.tone,
        title=drawn.title,
        big=big if run.finished and big else drawn.title if run.finished else big,
        line=line,
        pieces=_pieces(run) if timed and run.finished else (),
        stopper=OUTCOME_TONES.get(run.status or "") if run.finished else None,
    )


def _ended(run: Timed) -> tuple[str, str]:
    if run.total is None:
        return "", _aside(run)
    return took(run.total), " · ".join(filter(None, ("total", _aside(run))))


def _aside(run: Timed) -> str:
    if run.status != "success":
        reached = percent_text(percent(run.progress)) if run.progress is not None else ""
        return f"at {reached} of nodes" if reached else ""
    if run.start_kind == "warm":
        return "ComfyUI was already up"
    if run.cold_start is None:
        return ""
    share = shares_of(run).get(Phase.COLD_START)
    of_total = f", {percent_text(share)}" if share is not None else ""
    return f"cold start {took(run.cold_start)}{of_total}"


def _live(run: Timed, visibility: Visibility, drawn: RunDisplay) -> tuple[str, str]:
    if drawn.percent is not None:
        return percent_text(drawn.percent), f"of nodes at {clock(visibility.now)[:5]} UTC"
    return drawn.words.word, f"at {clock(visibility.now)[:5]} UTC"


def _pieces(run: Timed) -> tuple[tuple[str, float], ...]:
    segments = segments_of(run, None)
    if isinstance(segments, str):
        return ()
    whole = sum(segment.seconds for segment in segments)
    return tuple((each.kind, each.seconds / whole) for each in segments) if whole else ()
