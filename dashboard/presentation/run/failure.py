"""The one panel on which a run that failed opens: where, what, why, what usually helps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dashboard.domain.logs.causes import Cause, cause_of
from dashboard.domain.run.facts import StoredError, Timed
from dashboard.domain.run.phases import unfinished_start
from dashboard.domain.run.progress import percent
from dashboard.presentation.folding import Folded, fold
from dashboard.presentation.format import cut, percent_text, plural, took
from dashboard.presentation.run.cause_text import CauseText, cause_text
from dashboard.presentation.run.headline import node_of

FAILURES = ("failed", "timeout")
LONGEST_NAME = 120
_FRAME = re.compile(r'^\s*File "([^"]{1,400})", line (\d{1,7})', re.MULTILINE)


class LogState(StrEnum):
    """How far the log of a failed run has come."""

    SOON = "soon"  # within two minutes of the run's end
    LATE = "late"  # not there, and asked for again
    READ = "read"  # there, or done without after some tries
    NEVER_ASKED = "never-asked"
    UNFETCHED = "unfetched"  # only a list has told of the run


LOOKED = {
    LogState.SOON: "No error text yet. The log is read shortly after the run ends.",
    LogState.LATE: "No error text in the outputs, and no log.",
    LogState.READ: "No error text in the outputs or the log.",
    LogState.NEVER_ASKED: "No error text in the outputs. The log was not read.",
    LogState.UNFETCHED: "The run's outputs and log are still to be read.",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the workflow: what its author called it, its ID and its class, where known."""

    title: str | None = None
    id: str | None = None
    kind: str | None = None

    @property
    def name(self) -> str | None:
        return self.title or self.kind


@dataclass(frozen=True, slots=True)
class Failure:
    """The panel's content; `message` is the raw text, None where ComfyDeploy gives none."""

    tone: str  # fail or late
    title: str
    node: Node
    last_node: str | None  # where only this is known
    exception: str
    when: str
    message: str | None
    looked: str  # where an error text was looked for, if there is none
    exit_code: int | None  # of the machine's process, as the log tells it
    cause: CauseText | None
    traceback: str | None
    trace_note: str

    @property
    def message_fold(self) -> Folded:
        """What the page holds of the message."""
        return fold(self.message or "")

    @property
    def traceback_fold(self) -> Folded:
        """What the page holds of the traceback."""
        return fold(self.traceback or "")

    def markdown(self, run_id: object, url: str) -> str:
        """The same for a chat or an issue; fences are longer than any inside."""
        node = ", ".join(filter(None, [self.node.id, _code(self.node.kind)]))
        facts = [f"Run: [`{run_id}`]({url})"]
        facts += [f"Node: {node}"] if node else []
        facts += [f"Last node seen: {_code(self.last_node)}"] if self.last_node else []
        facts += [f"Exception: {_code(self.exception)}"] if self.exception else []
        facts += [self.when] if self.when else []
        facts += [f"Exit code: {self.exit_code}"] if self.exit_code is not None else []
        text = _fenced(self.message) if self.message else self.looked
        parts = [f"**{self.title}**", "\n".join(f"- {fact}" for fact in facts)]
        parts += [text]
        parts += [f"Traceback:\n\n{_fenced(self.traceback)}"] if self.traceback else []
        return "\n\n".join(parts) + "\n"


def failure(
    run: Timed,
    error: StoredError | None,
    workflow_api: object,
    log: LogState = LogState.READ,
) -> Failure | None:
    """What a failed or timed-out run opens on; None for every other.

    `error` has what the run's outputs or its log say: message, node_id, node_type,
    exception_type, traceback, cause, exit_code; each of them may be missing or None.
    """
    if run.status not in FAILURES:
        return None
    error = error or StoredError()
    cause = _cause(run, error)
    known = _text_of(cause, error) if cause else None
    node = node_in(workflow_api, error.get("node_id"), error.get("node_type"))
    last = None if node.name or node.id else node_of(run.live_status)
    trace = error.get("traceback")
    return Failure(
        tone="late" if cause == Cause.TIMED_OUT or run.status == "timeout" else "fail",
        title=_title(run, node, known, error),
        node=node,
        last_node=last,
        exception=error.get("exception_type") or "",
        when=_when(run),
        message=error.get("message"),
        looked="" if error.get("message") else LOOKED[log],
        exit_code=error.get("exit_code"),
        cause=known,
        traceback=trace,
        trace_note=_trace_note(trace) if trace else "",
    )


def _cause(run: Timed, error: StoredError) -> Cause | None:
    """The known cause: by the error's words, else by how far the run came."""
    words = (error.get("message") or "", error.get("exception_type") or "", error.get("cause"))
    if run.status == "timeout" and run.ended_at is None:
        return cause_of("failed", *words)  # only assumed: no limit was met that could be raised
    found = cause_of(run.status, *words)
    if found or error.get("message"):
        return found
    if unfinished_start(run):
        return Cause.START_FAILED
    return Cause.NOT_SENT if _never_sent(run) else None


def _text_of(cause: Cause, error: StoredError) -> CauseText:
    return cause_text(cause, error.get("message") or "", error.get("exception_type") or "")


def _never_sent(run: Timed) -> bool:
    """Whether ComfyDeploy gave it up before any machine: such runs have no stamp but creation."""
    stamps = (run.queued_at, run.started_at, run.ended_at)
    return not run.live_status and not run.progress and not any(stamps)


def _title(run: Timed, node: Node, known: CauseText | None, error: StoredError) -> str:
    name = cut(node.name, LONGEST_NAME) if node.name else f"Node {node.id}" if node.id else ""
    if known:
        return f"{name} {known.predicate}" if name and known.predicate else known.title
    if name or error.get("message"):
        return f"{name or 'The run'} stopped with an error"
    if run.status == "timeout" and run.ended_at is None:
        return "The run stopped sending updates"
    return "The run failed"


def _when(run: Timed) -> str:
    """How far it came: `32.6 s into the run, at 78 % of nodes`."""
    share = f"at {percent_text(percent(run.progress))} of nodes" if run.progress else ""
    into = f"{took(run.run)} into the run" if run.run is not None else ""
    return ", ".join(filter(None, [into, share]))


def _trace_note(trace: str) -> str:
    lines = plural(len(trace.strip().splitlines()), "line")
    frames = _FRAME.findall(trace)
    if not frames:
        return lines
    path = "/".join(frames[-1][0].replace("\\", "/").rsplit("/", 2)[-2:])
    return f"{lines}, ends in {cut(path, LONGEST_NAME)}:{frames[-1][1]}"


def node_in(workflow_api: object, node_id: str | None, kind: str | None) -> Node:
    """A node as its workflow names it: title and class by its ID, else the class alone."""
    found = workflow_api.get(node_id) if isinstance(workflow_api, Mapping) and node_id else None
    if not isinstance(found, Mapping):
        return Node(None, node_id, kind)
    meta = found.get("_meta")
    title = meta.get("title") if isinstance(meta, Mapping) else None
    known = found.get("class_type")
    return Node(
        cut(title, LONGEST_NAME) if isinstance(title, str) and title.strip() else None,
        node_id,
        kind or (known if isinstance(known, str) else None),
    )


def _code(text: str | None) -> str:
    if not text:
        return ""
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks}{cut(text, 200)}{ticks}"


def _fenced(text: str) -> str:
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks}text\n{text.rstrip()}\n{ticks}"
