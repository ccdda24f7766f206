"""The one panel on which a run that failed opens: where, what, why, what usually helps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.domain.logs.causes import CAUSES, DISPATCH, START, TIMEOUT, Cause, cause_of
from dashboard.domain.run.facts import Timed
from dashboard.domain.run.phases import unfinished_start
from dashboard.domain.run.progress import percent
from dashboard.presentation.format import cut, percent_text, plural, took
from dashboard.presentation.run.headline import node_of

FAILURES = ("failed", "timeout")
LONGEST_NAME = 120
_FRAME = re.compile(r'^\s*File "([^"]{1,400})", line (\d{1,7})', re.MULTILINE)


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
    """What is said of a failure; `message` is the raw text, None where ComfyDeploy gives none."""

    tone: str  # fail or late
    title: str
    node: Node
    last_node: str | None  # where only this is known
    exception: str
    when: str
    message: str | None
    cause: Cause | None
    traceback: str | None
    trace_note: str

    def markdown(self, run_id: object, url: str) -> str:
        """The same for a chat or an issue; fences are longer than any inside."""
        node = ", ".join(filter(None, [self.node.id, _code(self.node.kind)]))
        facts = [f"Run: [`{run_id}`]({url})"]
        facts += [f"Node: {node}"] if node else []
        facts += [f"Last node seen: {_code(self.last_node)}"] if self.last_node else []
        facts += [f"Exception: {_code(self.exception)}"] if self.exception else []
        facts += [self.when] if self.when else []
        told = self.message or "ComfyDeploy gives no error text for this run."
        parts = [f"**{self.title}**", "\n".join(f"- {fact}" for fact in facts)]
        parts += [_fenced(told) if self.message else told]
        parts += [f"Traceback:\n\n{_fenced(self.traceback)}"] if self.traceback else []
        return "\n\n".join(parts) + "\n"


def failure(run: Timed, error: Mapping[str, Any] | None, workflow_api: Any) -> Failure | None:
    """What a failed or timed-out run opens on; None for every other.

    `error` is as a run's outputs or its log tell it (message, node_id,
    node_type, exception_type, traceback, cause), each of them or None.
    """
    if run.status not in FAILURES:
        return None
    told = error or {}
    cause = _cause(run, told)
    node = node_in(workflow_api, told.get("node_id"), told.get("node_type"))
    last = None if node.name or node.id else node_of(run.live_status)
    trace = told.get("traceback")
    return Failure(
        tone="late" if cause and cause.word == TIMEOUT or run.status == "timeout" else "fail",
        title=_title(run, node, cause, told),
        node=node,
        last_node=last,
        exception=told.get("exception_type") or "",
        when=_when(run),
        message=told.get("message"),
        cause=cause,
        traceback=trace,
        trace_note=_trace_note(trace) if trace else "",
    )


def _cause(run: Timed, told: Mapping[str, Any]) -> Cause | None:
    """The known cause: by the error's words, else by how far the run came."""
    words = (told.get("message") or "", told.get("exception_type") or "", told.get("cause"))
    if run.status == "timeout" and run.ended_at is None:
        return cause_of("failed", *words)  # only assumed: no limit was met that could be raised
    found = cause_of(run.status, *words)
    if found or told.get("message"):
        return found
    if unfinished_start(run):
        return CAUSES[START]
    return CAUSES[DISPATCH] if _never_sent(run) else None


def _never_sent(run: Timed) -> bool:
    """Whether ComfyDeploy gave it up before any machine: such runs have no stamp but creation."""
    stamps = (run.queued_at, run.started_at, run.ended_at)
    return not run.live_status and not run.progress and not any(stamps)


def _title(run: Timed, node: Node, cause: Cause | None, told: Mapping[str, Any]) -> str:
    who = cut(node.name, LONGEST_NAME) if node.name else f"Node {node.id}" if node.id else ""
    if run.status == "timeout" and run.ended_at is None:
        return "No update for 24 h; ComfyDeploy assumes a timeout"
    if cause and cause.word in (START, DISPATCH):
        return f"ComfyUI {cause.did}" if cause.word == START else f"The run {cause.did}"
    if cause:
        return f"{who if cause.word != TIMEOUT and who else 'The run'} {cause.did}"
    if who or told.get("message"):
        return f"{who or 'The run'} stopped with an error"
    return "The run failed"


def _when(run: Timed) -> str:
    """How far it came: `32.6 s into the run, at 78 % of its nodes`."""
    share = f"at {percent_text(percent(run.progress))} of its nodes" if run.progress else ""
    into = f"{took(run.run)} into the run" if run.run is not None else ""
    return ", ".join(filter(None, [into, share]))


def _trace_note(trace: str) -> str:
    lines = plural(len(trace.strip().splitlines()), "line")
    frames = _FRAME.findall(trace)
    if not frames:
        return lines
    path = "/".join(frames[-1][0].replace("\\", "/").rsplit("/", 2)[-2:])
    return f"{lines}, ends in {cut(path, LONGEST_NAME)}:{frames[-1][1]}"


def node_in(workflow_api: Any, node_id: str | None, kind: str | None) -> Node:
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
