"""The error that a machine reports among the outputs of a run, in each of its shapes.

A node that failed, a prompt that ComfyUI refused, an exception before ComfyUI had the prompt,
or one while a file was uploaded.
"""

from collections.abc import Sequence
from dataclasses import replace

from dashboard.domain.json_types import JsonObject
from dashboard.domain.logs.refusals import refusal_of
from dashboard.domain.run.facts import RunError
from dashboard.domain.run.values import parse_name, parse_word
from dashboard.domain.text.redaction import redact_text

NO_MESSAGE = "An error without a message"


def read_error(data: JsonObject) -> RunError | None:
    """The error that the data of one output holds, secrets masked; None where it is none.

    Of a prompt that ComfyUI takes in part, it reports the nodes that it leaves out. The
    rest runs, so that is no error.
    """
    inner = data.get("error")
    if isinstance(inner, dict) and not isinstance(inner.get("url"), str):
        if isinstance(inner.get("error"), dict):
            return _masked(refusal_of(inner))
        if "node_errors" in inner and not inner.get("error"):
            return None
        return _masked(_exception(data, inner))
    texts = data.get("exception_message"), data.get("exception_type")
    if not any(isinstance(each, str) for each in texts):
        return None
    return _masked(_of_a_node(data))


def first_error(errors: Sequence[RunError]) -> RunError | None:
    """The first error with a node, because that one stopped the run; else the first."""
    return next((error for error in errors if error.node_id), errors[0] if errors else None)


def _exception(data: JsonObject, inner: JsonObject) -> RunError:
    """An exception of the machine itself, as `error` tells it."""
    kind, trace = inner.get("type"), inner.get("stack_trace")
    return RunError(
        message=_message(inner.get("message"), inner.get("error"), kind, _last_line(trace)),
        node_id=parse_name(inner.get("node_id")) or parse_name(data.get("node_id")),
        node_type=parse_word(inner.get("node_type")) or parse_word(data.get("node_type")),
        exception_type=parse_word(kind or inner.get("error_type")),
        traceback=_traceback(trace),
    )


def _of_a_node(data: JsonObject) -> RunError:
    kind = data.get("exception_type")
    return RunError(
        message=_message(data.get("exception_message"), kind),
        node_id=parse_name(data.get("node_id")),
        node_type=parse_word(data.get("node_type")),
        exception_type=parse_word(kind),
        traceback=_traceback(data.get("traceback")),
    )


def _masked(error: RunError) -> RunError:
    told = {name: redact_text(text) for name, text in error.stored().items() if text}  # type: ignore[arg-type]
    return replace(error, **told)


def _message(*values: object) -> str:
    texts = (each for each in values if isinstance(each, str) and each.strip())
    return next(texts, NO_MESSAGE)


def _last_line(trace: object) -> str | None:
    """What a traceback ends with: the exception and its message."""
    lines = trace.strip().splitlines() if isinstance(trace, str) else []
    return lines[-1].strip() if lines else None


def _traceback(lines: object) -> str | None:
    if isinstance(lines, list):
        lines = "".join(line for line in lines if isinstance(line, str))
    return lines if isinstance(lines, str) and lines else None
