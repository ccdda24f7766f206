"""A run's log: its lines with secrets masked, and the error in it."""

import ast
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.causes import Cause, cause_in
from dashboard.domain.run.facts import RunError
from dashboard.domain.run.values import parse_name, parse_word
from dashboard.domain.text.assigned_secrets import mask_assigned
from dashboard.domain.text.redaction import redact, redact_text

KEPT = 500_000  # characters, from the end: that is where errors are
LONGEST_LINE = 20_000
LONGEST_MESSAGE = 4_000
LONGEST_TRACEBACK = 40_000
LONGEST_OBJECT = 200_000

_RAISED = re.compile(r"!!! Exception during (?:processing|validation)[^!]*!!!:?\s*(.*)")
_TRACEBACK = "Traceback (most recent call last):"
_EXCEPTION = re.compile(
    r"([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Failure|Warning))\b:?\s?(.*)"
)
_NO_NODE = re.compile(r"node (?P<type>[^\s'\"]{1,200}) (?:does not exist|not found)")
_NODE_ID = re.compile(r"Node ID '?#?(?P<id>[\w:]{1,40})")
_GOES_ON = ("During handling", "The above exception", "Traceback")
_INVALID = re.compile(r"(?:invalid prompt:|Failed to validate prompt|Prompt outputs failed)", re.I)
_DETAIL = re.compile(r"^(?:\* (?P<type>\S.{0,120}?) (?P<id>[\w:]+):|\s+- .*|\* \(prompt\):.*)$")
_OBJECT = re.compile(r"\{.*\}")
_UNEXPECTED = re.compile(r"Unexpected error occurred: (.+)")


@dataclass(frozen=True, slots=True)
class LogError:
    """The error of a log, and its cause where that is known."""

    error: RunError
    cause: Cause | None


def mask_line(text: str) -> str:
    """One line with secrets masked, values assigned to secret names too.

    A line that is a JSON object is masked by its names; a webhook's address
    loses its whole query, as in a run's answer.
    """
    text = text[:LONGEST_LINE]
    if text.startswith("{"):
        found = _mask_object(text)
        if found is not None:
            return found
    return _mask_text(text)


def _mask_object(text: str) -> str | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    if value.get("type") == "webhook" and isinstance(value.get("url"), str):
        value["url"] = redact({"webhook": value["url"]})["webhook"]
    return json.dumps(redact(value, _mask_text), ensure_ascii=False)


def _mask_text(text: str) -> str:
    return mask_assigned(redact_text(text))


def mask_lines(lines: Iterable[LogLine]) -> list[LogLine]:
    """The last lines, masked: at most 500,000 characters."""
    stored: list[LogLine] = []
    left = KEPT
    for line in reversed(list(lines)):
        masked = replace(line, text=mask_line(line.text))
        left -= len(masked.text) + 1
        if left < 0:
            break
        stored.append(masked)
    return stored[::-1]


def read_error(lines: Sequence[LogLine], *, started: bool = True) -> LogError | None:
    """The error that stopped the run, from masked lines; None where there is none.

    The most certain first: an exception that ComfyUI reports with its node, an
    invalid prompt, an exception during processing, the last traceback. `started`
    is whether ComfyUI ever answered: what broke before that is a start-up failure.
    """
    texts = [line.text for line in lines]
    for read in (_reported, _refused, _raised, _last_traceback, _stopped):
        found = read(texts)
        if found:
            break
    else:
        return None
    cause = cause_in(f"{found.exception_type}: {found.message}") or cause_in(found.traceback or "")
    if read is _refused and cause not in (Cause.MISSING_NODE, Cause.MISSING_MODEL):
        cause = Cause.INVALID_INPUTS
    if cause in (None, Cause.MISSING_MODEL) and not started and read is _last_traceback:
        cause = Cause.START_FAILED
    return LogError(found, cause)


def _reported(texts: Sequence[str]) -> RunError | None:
    """ComfyUI's `execution_error`, printed as JSON or as a Python dict."""
    for text in reversed(texts):
        data = _object(text) if "exception_message" in text else None
        if data is None:
            continue
        inner = data.get("data")
        error: dict[str, Any] = inner if isinstance(inner, dict) else data
        message = parse_word(error.get("exception_message"), LONGEST_MESSAGE)
        if message:
            lines = error.get("traceback")
            trace = "".join(map(str, lines)) if isinstance(lines, list) else parse_word(lines)
            return RunError(
                message=message.strip(),
                node_id=parse_name(error.get("node_id")),
                node_type=parse_word(error.get("node_type"), 200),
                exception_type=parse_word(error.get("exception_type"), 200),
                traceback=trace[-LONGEST_TRACEBACK:] if trace else None,
            )
    return None


def _object(text: str) -> dict[str, Any] | None:
    found = _OBJECT.search(text[:LONGEST_OBJECT])
    if not found:
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(found[0])
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        if isinstance(value, dict):
            return value
    return None


def _refused(texts: Sequence[str]) -> RunError | None:
    """A prompt that did not pass validation: ComfyUI names the nodes and what is wrong."""
    at = next((n for n, text in enumerate(texts) if _INVALID.search(text)), None)
    if at is None:
        return None
    details = [text for text in texts[at : at + 60] if _DETAIL.match(text)]
    summary = _object(next((text for text in texts[at : at + 60] if "{" in text), "")) or {}
    message = parse_word(summary.get("message")) or "ComfyUI refused the prompt."
    extra = parse_word(summary.get("details"))
    parts = [message, *details] if details or not extra else [message, extra]
    node_id, node_type = _refused_node(details, "\n".join(parts))
    return RunError(
        message="\n".join(parts)[:LONGEST_MESSAGE],
        node_id=node_id,
        node_type=node_type,
        exception_type=parse_word(summary.get("type"), 200),
    )


def _refused_node(details: Sequence[str], text: str) -> tuple[str | None, str | None]:
    for detail in details:
        found = _DETAIL.match(detail)
        if found and found["id"]:
            return found["id"], found["type"]
    node_id, missing = _NODE_ID.search(text), _NO_NODE.search(text)
    return node_id["id"] if node_id else None, missing["type"] if missing else None


def _raised(texts: Sequence[str]) -> RunError | None:
    """`!!! Exception during processing !!!`, which ComfyUI writes before the traceback."""
    for n in range(len(texts) - 1, -1, -1):
        found = _RAISED.search(texts[n])
        if not found:
            continue
        trace = _trace_after(texts, n)
        kind, message = _exception(trace)
        return RunError(
            message=(found[1].strip() or message or kind or "An error without a message")[
                :LONGEST_MESSAGE
            ],
            exception_type=kind,
            traceback=trace,
        )
    return None


def _trace_after(texts: Sequence[str], at: int, near: int = 5) -> str | None:
    """The traceback that begins within a few lines."""
    for n in range(at, min(at + near, len(texts))):
        if _TRACEBACK in texts[n]:
            return "\n".join(_trace(texts, n))[-LONGEST_TRACEBACK:]
    return None


def _trace(texts: Sequence[str], at: int) -> list[str]:
    """A traceback's lines: all that is indented, then the exception's own line."""
    lines = [texts[at]]
    for text in texts[at + 1 :]:
        lines.append(text)
        chained = not text or text.startswith(_GOES_ON)
        if not text.startswith((" ", "\t")) and not chained:
            break
    return lines


def _exception(trace: str | None) -> tuple[str | None, str | None]:
    """The type and the message in a traceback's last line."""
    last = trace.rstrip().rsplit("\n", 1)[-1] if trace else ""
    found = _EXCEPTION.match(last)
    return (found[1], found[2].strip()) if found else (None, None)


def _last_traceback(texts: Sequence[str]) -> RunError | None:
    for n in range(len(texts) - 1, -1, -1):
        if _TRACEBACK in texts[n]:
            trace = "\n".join(_trace(texts, n))[-LONGEST_TRACEBACK:]
            kind, message = _exception(trace)
            if kind:
                return RunError(
                    message=(message or kind)[:LONGEST_MESSAGE],
                    exception_type=kind,
                    traceback=trace,
                )
    return None


def _stopped(texts: Sequence[str]) -> RunError | None:
    """A single line that names a known cause: no memory, no start, no time left."""
    for text in reversed(texts):
        unexpected = _UNEXPECTED.search(text)
        if unexpected:
            return RunError(message=unexpected[1][:LONGEST_MESSAGE])
        if not text.startswith("{") and "retrying" not in text.lower() and cause_in(text):
            return RunError(message=text.strip()[:LONGEST_MESSAGE])
    return None
