"""The log of a live run as its fold shows it, and the steps of the running node."""

from dataclasses import dataclass
from enum import StrEnum

from dashboard.domain.logs.steps import Steps
from dashboard.presentation.folding import FoldedLog, fold_log
from dashboard.presentation.format import THIN, count, plural, span

SOON, LATER = 2, 10  # seconds until an open fold asks again

GOES_ON = "Stands still while you scroll up."
BROKE_OFF = "It broke off; Runboard tries again."
WHOLE_FOLLOWS = "The run has ended; the whole log follows within a minute."
NOT_YET = "ComfyDeploy has no log of this run yet; Runboard tries again."
LAST_SEEN = "ComfyDeploy has no log of this run; these lines were read while it was live."
NOT_GIVEN = "ComfyDeploy didn’t return the log; these lines were read while the run was live."
CROWDED = "Too many other logs are open right now. This one follows when one of them is closed."
WAITING = "Waiting for the log’s first lines…"
NOT_AVAILABLE = "The log is available after the run ends. The live log isn’t available."


@dataclass(frozen=True, slots=True)
class LiveLogShown:
    """What a fold shows before the archived log is there; `again` is None where it is the last."""

    words: str
    text: FoldedLog | None = None
    head: str = ""
    again: int | None = None
    part: bool = False  # lines are left out or shortened


class Archived(StrEnum):
    """How far the archived log of a run has come."""

    AWAITED = "awaited"  # not asked for yet
    NOT_YET = "not-yet"  # it was not there; asked for again
    NONE = "none"
    NOT_GIVEN = "not-given"  # ComfyDeploy refused it, or failed


_AFTER_THE_END = {
    Archived.AWAITED: WHOLE_FOLLOWS,
    Archived.NOT_YET: NOT_YET,
    Archived.NONE: LAST_SEEN,
    Archived.NOT_GIVEN: NOT_GIVEN,
}


def live_log_shown(
    body: str,
    left_out: int,
    *,
    finished: bool,
    archived: Archived,
    read: bool,
    refused: bool,
    crowded: bool = False,
) -> LiveLogShown | None:
    """The lines that were read, or why there are none; None leaves it to the archived log.

    `read`: somebody reads the log now. `refused`: it was tried, and it is not to be had at
    the moment. `crowded`: it waits because as many others are read as may be.
    """
    awaited = archived in (Archived.AWAITED, Archived.NOT_YET)
    again = SOON if not finished else LATER if awaited else None
    if not body:
        if finished:
            return None
        if refused:
            return LiveLogShown(NOT_AVAILABLE, again=LATER)
        return LiveLogShown(CROWDED if crowded else WAITING, again=SOON)
    folded = fold_log(body)
    while_live = GOES_ON if read else BROKE_OFF
    words = _AFTER_THE_END[archived] if finished else while_live
    left = left_out + folded.lines_left_out
    head = plural(left + folded.lines, "line") + (
        f", last {count(folded.lines)} shown" if left else ""
    )
    return LiveLogShown(words, folded, head, again, part=bool(left) or folded.cut)


def steps_text(steps: Steps) -> str:
    """Such as `10/20, 0.5 s a step, about 5 s left`."""
    parts = [f"{steps.done}/{steps.total}"]
    if steps.step is not None:
        parts.append(f"{_step(steps.step)} a step")
    if steps.left is not None:
        parts.append(f"about {span(max(1, round(steps.left)))} left")
    return ", ".join(parts)


def _step(seconds: float) -> str:
    if seconds >= 10:
        return span(seconds)
    return f"{seconds:.1f}{THIN}s" if seconds >= 0.1 else f"{seconds:.2f}{THIN}s"
