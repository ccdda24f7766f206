"""The error that a run's log tells: what belongs to the run's end, and nothing else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.causes import Cause, cause_in
from dashboard.domain.logs.refusals import LONGEST_MESSAGE, find_refusal, read_object
from dashboard.domain.logs.story import Ending, Story, ending_of, story_of
from dashboard.domain.logs.tracebacks import HEADER, Trace, tracebacks
from dashboard.domain.run.facts import RunError
from dashboard.domain.run.values import parse_name, parse_word

LONGEST_TRACEBACK = 40_000
NEAR = 100  # lines between what ComfyUI says and the traceback it speaks of
_MARKED = re.compile(
    r".{0,80}?!!! ?Exception during (?:processing|validation) ?!!!:?\s*(?P<message>.*)"
    r"|Error occurred when executing (?P<type>.{1,120}?):\s*(?P<rest>.*)"
)
_NOISE = re.compile(
    r"Exception ignored (?:in|while)|--- Logging error ---|Exception in callback"
    r"|(?:Task|Future|_GatheringFuture) exception was never retrieved|Error handling request"
)
_INTERRUPTED = frozenset(
    ("KeyboardInterrupt", "CancelledError", "InputCancellation", "SystemExit")
    + ("InterruptProcessingException",)
)
_UNEXPECTED = re.compile(r"Unexpected error occurred: (.+)")
_STARTED_BADLY = frozenset((None, Cause.MISSING_MODEL, Cause.MISSING_FILE, Cause.IMPORT))


@dataclass(frozen=True, slots=True)
class LogError:
    """The error of a log; its message is empty where only the process's end is told."""

    error: RunError
    cause: Cause | None
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """An error with where it begins, and whether ComfyUI itself says that it ended the run."""

    at: int
    error: RunError
    cause: Cause | None
    sure: bool = True
    interrupted: bool = False


def read_error(lines: Sequence[LogLine], *, started: bool = True) -> LogError | None:
    """The error that stopped the run, from plain and masked lines; None where there is none.

    Only what follows the last "got prompt" counts, and of that what no work went on after.
    `started` is whether ComfyUI ever answered: what broke before that is a start-up failure.
    """
    story = story_of(lines)
    ending = ending_of(tail := story.tail)
    found = _told(story)
    stopped = _stopped(tail)
    early = not story.prompted and not started
    if found is None and early and stopped is None and not ending.killed:
        found = _last(_traced(story, tracebacks(story.lines), also_put_right=True))
    if found and not found.sure and stopped and stopped.cause == Cause.TIMED_OUT:
        found = None
    if found and found.interrupted and (stopped or ending.killed):
        found = None
    if found is None and ending.killed:
        return LogError(RunError(message=""), Cause.KILLED, ending.exit_code)
    found = found or stopped
    if found is None:
        return _ended(ending)
    cause = found.cause
    if early and cause in _STARTED_BADLY:
        cause = Cause.START_FAILED
    return LogError(found.error, cause, ending.exit_code)


def _ended(ending: Ending) -> LogError | None:
    if not ending.exit_code:
        return None
    return LogError(RunError(message=""), None, ending.exit_code)


def _told(story: Story) -> _Found | None:
    """What ComfyUI reports wins, then what it says that it raised, then the last of the rest."""
    reported = _last(_reported(story))
    traces = tracebacks(story.lines)
    raised = _traced(story, traces) + _marked_alone(story, [trace.first for trace in traces])
    marked = _last([found for found in raised if found.sure])
    if reported:
        return reported
    exception = marked or _last(raised)
    refused = _refused(story)
    if not refused:
        return exception
    if exception is None or exception.cause == Cause.INVALID_INPUTS:
        return refused if refused.sure or not story.works_after(refused.at) else exception
    return max(exception, refused, key=lambda found: found.at) if refused.sure else exception


def _last(found: list[_Found]) -> _Found | None:
    return max(found, key=lambda each: each.at, default=None)


def _reported(story: Story) -> list[_Found]:
    """ComfyUI's `execution_error`, printed as JSON or as a Python dict."""
    found = []
    for n, line in enumerate(story.lines):
        data = read_object(line.text) if "exception_message" in line.text else None
        inner = (data or {}).get("data")
        error = _report(inner if isinstance(inner, dict) else data or {})
        if error:
            found.append(_Found(n, error, cause_in(error.message, error.exception_type or "")))
    return found


def _report(error: dict[str, object]) -> RunError | None:
    kind = parse_word(error.get("exception_type"), 200)
    message = (parse_word(error.get("exception_message"), LONGEST_MESSAGE) or "").strip() or kind
    if not message:
        return None
    lines = error.get("traceback")
    trace = "".join(map(str, lines)) if isinstance(lines, list) else parse_word(lines)
    return RunError(
        message=message,
        node_id=parse_name(error.get("node_id")),
        node_type=parse_word(error.get("node_type"), 200),
        exception_type=kind,
        traceback=trace[-LONGEST_TRACEBACK:] if trace else None,
    )


def _traced(story: Story, traces: Sequence[Trace], *, also_put_right: bool = False) -> list[_Found]:
    """The exceptions with tracebacks that nothing put right."""
    found = []
    before = 0
    for trace in traces:
        above = story.lines[max(before, trace.first - NEAR) : trace.first]
        before = trace.end
        if any(_NOISE.match(line.text) for line in above[-2:]):
            continue
        marks = [mark for line in above if (mark := _MARKED.match(line.text))]
        if marks or also_put_right or not story.is_put_right(trace.end):
            whole = _with_message(trace, _told_above(above))
            found.append(_exception(whole, _node_type(marks), sure=bool(marks)))
    return found


def _told_above(above: Sequence[LogLine]) -> str:
    """The message that ComfyUI writes in full before the traceback, "" where it writes none."""
    for n in range(len(above) - 1, -1, -1):
        mark = _MARKED.match(above[n].text)
        if mark and mark["message"]:
            return "\n".join([mark["message"], *(line.text for line in above[n + 1 :])]).strip()
    return ""


def _with_message(trace: Trace, told: str) -> Trace:
    """The traceback, its last message with the lines that are told of it above."""
    last = trace.last
    if not last.message or not told.startswith(f"{last.message}\n"):
        return trace
    return replace(trace, chain=(*trace.chain[:-1], replace(last, message=told)))


def _node_type(marks: Sequence[re.Match[str]]) -> str | None:
    return next((mark["type"] for mark in reversed(marks) if mark["type"]), None)


def _exception(trace: Trace, node_type: str | None, *, sure: bool) -> _Found:
    """The root of a chain by name and in full, then what it led to."""
    root, last = trace.root, trace.last
    message = root.text
    if last != root and last.text != root.text:
        message += f"\n→ {last.type}: {last.message}" if last.message else f"\n→ {last.type}"
    causes = [cause_in(each.message, each.type) for each in (root, last)]
    error = RunError(
        message=message[:LONGEST_MESSAGE],
        node_type=node_type,
        exception_type=root.type[:200],
        traceback=trace.text[-LONGEST_TRACEBACK:],
    )
    interrupted = last.type.rsplit(".", 1)[-1] in _INTERRUPTED
    return _Found(trace.first, error, causes[0] or causes[-1], sure, interrupted)


def _marked_alone(story: Story, traced: Sequence[int]) -> list[_Found]:
    """What ComfyUI says that it raised, where no traceback follows that comes to an exception."""
    texts = [line.text for line in story.lines]
    found = []
    for n, text in enumerate(texts):
        mark = _MARKED.match(text)
        if not mark or any(n < first <= n + NEAR for first in traced):
            continue
        below = texts[n + 1 : n + 1 + NEAR]
        header = next((at for at, line in enumerate(below) if HEADER in line), None)
        told = mark["message"] or mark["rest"] or _first_told(below) or "An error without a message"
        if mark["message"] and header:
            told = "\n".join([told, *below[:header]])
        error = RunError(message=told.strip()[:LONGEST_MESSAGE], node_type=mark["type"])
        found.append(_Found(n, error, cause_in(error.message)))
    return found


def _first_told(below: Sequence[str]) -> str | None:
    """The message below `Error occurred when executing …:`, up to the frames."""
    told: list[str] = []
    for text in below:
        if (
            text.startswith('  File "')
            or HEADER in text
            or _MARKED.match(text)
            or (told and not text.strip())
        ):
            break
        told += [text] if text.strip() else []
    return "\n".join(told) or None


def _refused(story: Story) -> _Found | None:
    found = find_refusal([line.text for line in story.lines])
    if found is None:
        return None
    at, final, error = found
    cause = cause_in(error.message, error.exception_type or "")
    if cause not in (Cause.MISSING_NODE, Cause.MISSING_MODEL):
        cause = Cause.INVALID_INPUTS
    return _Found(at, error, cause, sure=final)


def _stopped(tail: Sequence[str]) -> _Found | None:
    """A last line that names no exception: no start, no time left, something unexpected."""
    for n in range(len(tail) - 1, -1, -1):
        unexpected = _UNEXPECTED.match(tail[n])
        if unexpected:
            error = RunError(message=unexpected[1][:LONGEST_MESSAGE])
            return _Found(n, error, cause_in(error.message))
        cause = cause_in(tail[n])
        if cause in (Cause.TIMED_OUT, Cause.START_FAILED):
            return _Found(n, RunError(message=tail[n][:LONGEST_MESSAGE]), cause)
    return None
