"""The headline of a run: one sentence that answers where the time went."""

from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.domain.run.facts import Phase, Timed
from dashboard.domain.run.phases import (
    out_of_order,
    shares_of,
    unfinished_seconds,
    unfinished_start,
)
from dashboard.domain.run.progress import percent, whole_percent
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import capitalized, clock, count, cut, percent_text, took

NOTICED_QUEUE = 5.0
OUTCOMES = {"failed": "Failed", "timeout": "Timed out", "cancelled": "Cancelled"}
OPEN_SESSION = ("workspace", "workspace-v2")
LONGEST_NODE = 80
ASSUMED = "No update for 24 h; ComfyDeploy assumes a timeout"
PLACE_UNKNOWN = "Place in line unknown"
PLACE_COUNTED = "In this machine's queue"


@dataclass(frozen=True, slots=True)
class HeadlinePart:
    """A stretch of the headline; a moment in it is shown in the reader's own zone."""

    text: str
    tone: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    title: tuple[HeadlinePart, ...]
    second: str = ""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.title)


def headline(run: Timed, visibility: Visibility, *, outputs: int = 0) -> Headline:
    """What is said first about a run; the first case that fits wins."""
    found = _headline(run, visibility, outputs)
    return replace(found, second=capitalized(found.second))


def _headline(run: Timed, visibility: Visibility, outputs: int) -> Headline:
    if run.status is None:
        return _plain("Not loaded yet")
    if not run.finished:
        return _lost(run, visibility.observed_at) if visibility.lost else _live(run)
    found = _ended(run)
    if run.status == "timeout" and outputs:
        return Headline(
            found.title, _join(found.second, "outputs arrived, so the result may be complete")
        )
    return found


def node_of(live_status: str | None) -> str | None:
    """The node that upstream's free text names: `Executing KSampler` is `KSampler`."""
    text = cut(live_status or "", LONGEST_NODE)
    return text.removeprefix("Executing ").strip() or None


def _plain(title: str, second: str = "") -> Headline:
    return Headline((HeadlinePart(title),), second)


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


# Live


def _live(run: Timed) -> Headline:
    queue = run.queue_position
    if run.status == "not-started":
        ahead = "" if queue is None else " — next in line" if queue == 0 else f" — {_ahead(queue)}"
        second = PLACE_UNKNOWN if queue is None else PLACE_COUNTED
        return _plain(f"Waiting for a GPU{ahead}", second)
    if run.status == "queued":
        return _plain("ComfyUI is starting", _queue_text(run))
    if run.status == "started":
        return _plain("ComfyUI is preparing the run", _start(run))
    if run.status == "running":
        return _plain(_node_and_percent("Running", run), _start(run))
    if run.status == "uploading":
        return _plain("Saving files", _start(run))
    return _plain(
        f"Unknown status “{cut(run.status or '', LONGEST_NODE)}”",
        "Runboard keeps checking, less and less often",
    )


def _ahead(queue: int) -> str:
    return f"{count(queue)} ahead"


def _node_and_percent(verb: str, run: Timed) -> str:
    node = node_of(run.live_status)
    share = "" if run.progress is None else f" — {percent_text(percent(run.progress))}"
    return f"{verb} {node}{share}" if node else f"{verb}{share}"


def _lost(run: Timed, at: datetime | None) -> Headline:
    was = {
        "not-started": "Was waiting for a GPU",
        "queued": "ComfyUI was starting",
        "started": "ComfyUI was preparing the run",
        "running": _node_and_percent("Was running", run),
        "uploading": "Was saving files",
    }.get(run.status or "", f"Was “{cut(run.status or '', LONGEST_NODE)}”")
    title = [HeadlinePart(was)]
    if at is not None:
        title += [HeadlinePart(" at "), HeadlinePart(f"{clock(at)} UTC", at=at)]
    return Headline(tuple(title), "No estimate until ComfyDeploy answers")


# Ended


def _ended(run: Timed) -> Headline:
    if run.status == "timeout" and run.ended_at is None:
        return _plain(ASSUMED, _start(run))
    if run.origin in OPEN_SESSION:
        return _open_session(run)
    times = (run.queue_wait, run.cold_start, run.before_run, run.run, run.total)
    if all(seconds is None for seconds in times):
        return _plain("No times reported", _outcome_aside(run))
    if all(seconds is None for seconds in times[:4]) and not unfinished_start(run):
        return _only_total(run)
    outcome = OUTCOMES.get(run.status or "")
    if outcome and unfinished_start(run):
        after = f" after {took(run.total)}," if run.total is not None else ""
        return _plain(f"{outcome}{after} before ComfyUI was ready", _unfinished(run))
    if outcome:
        return _after_start(run, outcome)
    return _finished(run)


def _open_session(run: Timed) -> Headline:
    outcome = OUTCOMES.get(run.status or "", "").lower()
    seconds = run.run if run.run is not None else run.total
    length = "" if seconds is None else took(seconds)
    ended = f"{outcome} after {length}" if outcome and length else outcome or length
    return _plain(_join("Ran in an open session", ended), "no start to measure")


def _outcome_aside(run: Timed) -> str:
    outcome = OUTCOMES.get(run.status or "")
    if out_of_order(run):
        return "times out of order"
    return f"{outcome.lower()}, end time unknown" if outcome else ""


def _only_total(run: Timed) -> Headline:
    aside = "times out of order" if out_of_order(run) else "no phases reported"
    outcome = OUTCOMES.get(run.status or "", "").lower()
    return _plain(f"Took {took(run.total or 0.0)}", _join(outcome, aside))


def _unfinished(run: Timed) -> str:
    seconds = unfinished_seconds(run)
    start = "" if seconds is None else f"start unfinished after {took(seconds)}"
    return _join(_queue_text(run), start)


def _after_start(run: Timed, outcome: str) -> Headline:
    reached = ""
    if run.progress is not None:
        reached = f", at {percent_text(percent(run.progress))} of nodes"
    if run.run is not None:
        return _plain(f"{outcome} {took(run.run)} into the run{reached}", _start(run))
    if run.total is not None:
        return _plain(f"{outcome} after {took(run.total)}{reached}", _start(run))
    return _plain(f"{outcome}, end time unknown", _start(run))


def _finished(run: Timed) -> Headline:
    if waited_long(run):
        second = f"run took {took(run.run)} of {took(run.total)}" if run.run and run.total else ""
        return _plain(_waited(run), second)
    if run.start_kind == "cold" and not _impossible(run):
        return _cold(run)
    if run.start_kind == "warm" and run.run is not None:
        whole = "" if run.total is None else f" of {took(run.total)}"
        return _plain(f"ComfyUI was already up: run took {took(run.run)}{whole}", _start(run))
    aside = "times out of order" if out_of_order(run) else _start(run) or "start not reported"
    if run.total is not None:
        return _plain(f"Took {took(run.total)}", aside)
    if run.run is not None:
        return _plain(f"Ran for {took(run.run)}", aside)
    return _plain("Finished, end time unknown", aside)


def _impossible(run: Timed) -> bool:
    """A part longer than its whole: the stamps between them were written twice."""
    return run.total is not None and (run.cold_start or 0.0) > run.total + 1


def _cold(run: Timed) -> Headline:
    seconds = run.cold_start or 0.0
    title = [HeadlinePart("Cold start took "), HeadlinePart(took(seconds), "cold")]
    if run.total:
        share = shares_of(run).get(Phase.COLD_START, whole_percent(seconds / run.total))
        title.append(HeadlinePart(f" of {took(run.total)} — {percent_text(min(share, 100))}"))
    ran = f"run {took(run.run)}" if run.run is not None else ""
    return Headline(tuple(title), _join(ran, _queue_text(run)))


def waited_long(run: Timed) -> bool:
    """Whether the queue is the thing to tell of a run's start."""
    return (
        run.queue_wait is not None
        and run.cold_start is not None
        and run.queue_wait > NOTICED_QUEUE
        and run.queue_wait >= run.cold_start
    )


def _waited(run: Timed) -> str:
    queue, cold = took(run.queue_wait or 0.0), took(run.cold_start or 0.0)
    return f"Waited {queue} for a GPU; ComfyUI was ready {cold} later"


def _queue_text(run: Timed) -> str:
    return "" if run.queue_wait is None else f"{took(run.queue_wait)} in the queue"


def _start(run: Timed) -> str:
    if waited_long(run):
        return _lower(_waited(run))
    if run.cold_start is None:
        return _queue_text(run)
    return _join(f"cold start {took(run.cold_start)}", _queue_text(run))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
