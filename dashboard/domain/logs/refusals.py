"""A prompt that did not pass ComfyUI's validation: the nodes, and what is wrong with them."""

import ast
import json
import re
from collections.abc import Mapping, Sequence

from dashboard.domain.run.facts import RunError
from dashboard.domain.run.values import parse_name, parse_word

LONGEST_MESSAGE = 4_000
LONGEST_OBJECT = 200_000
MOST_LINES = 400
UNNAMED = "?"  # stands for a class that an answer does not tell
_OUTPUT = re.compile(r"Failed to validate prompt for output (?P<id>[\w:.\-]{1,40}):")
# What ComfyUI writes, or the answer that whoever sent the prompt prints.
_REFUSED = (
    r"invalid prompt:|Prompt outputs failed validation"
    r"|[^{]{0,120}\{ ?(?:['\"]error['\"]: ?\{ ?)?['\"]type['\"]: ?['\"]"
    r"(?:prompt_outputs_failed_validation|invalid_prompt|missing_node_type|prompt_no_outputs)['\"]"
)
_INVALID = re.compile(rf"Failed to validate prompt|{_REFUSED}", re.IGNORECASE)
_FINAL = re.compile(_REFUSED, re.IGNORECASE)
_DETAIL = re.compile(r"^(?:\* (?P<type>\S.{0,120}?) (?P<id>[\w:.\-]+):|\s+- .*|\* \(prompt\):.*)$")
_NO_NODE = re.compile(
    r"node '?(?P<type>[^\s'\"]{1,200})'? (?:does not exist|not found)", re.IGNORECASE
)
_NODE_ID = re.compile(r"Node ID '?#?(?P<id>[\w:]{1,40})")
_OBJECT = re.compile(r"\{.*\}")


def find_refusal(texts: Sequence[str]) -> tuple[int, bool, RunError] | None:
    """Where a refusal begins, whether ComfyUI refused the whole prompt, and what it says."""
    at = next((n for n, text in enumerate(texts) if _INVALID.match(text.strip())), None)
    if at is None:
        return None
    block = texts[at : at + MOST_LINES]
    final = next((n for n, text in enumerate(block) if _FINAL.match(text.strip())), None)
    block = block if final is None else block[: final + 1]
    return at, final is not None, _refusal(block)


def _refusal(block: Sequence[str]) -> RunError:
    answer = read_object(next((text for text in block if "{" in text and "type" in text), "")) or {}
    return refusal_of(answer, block)


def refusal_of(answer: Mapping[str, object], block: Sequence[str] = ()) -> RunError:
    """What ComfyUI's answer to a refused prompt says; `block` is where a log tells of it."""
    inner = answer.get("error")
    summary = inner if isinstance(inner, dict) else answer
    details = [text for text in block if _DETAIL.match(text)]
    details = details or _node_errors(answer.get("node_errors"))
    message = parse_word(summary.get("message")) or "ComfyUI refused the prompt."
    extra = parse_word(summary.get("details"))
    parts = [message, *details] if details or not extra else [message, extra]
    node_id, node_type = _node(block, details, summary, "\n".join(parts))
    return RunError(
        message="\n".join(parts)[:LONGEST_MESSAGE],
        node_id=node_id,
        node_type=node_type,
        exception_type=parse_word(summary.get("type"), 200),
    )


def _node_errors(nodes: object) -> list[str]:
    """What an answer says of each node, as ComfyUI's log says it."""
    told: list[str] = []
    for node_id, node in nodes.items() if isinstance(nodes, dict) else ():
        errors = node.get("errors") if isinstance(node, dict) else None
        if not isinstance(errors, list):
            continue
        told.append(f"* {parse_word(node.get('class_type')) or UNNAMED} {node_id}:")
        told += [_reason(error) for error in errors if isinstance(error, dict)]
    return told


def _reason(error: Mapping[str, object]) -> str:
    texts = [parse_word(error.get(name)) for name in ("message", "details")]
    return f"  - {': '.join(text for text in texts if text) or 'no reason given'}"


def _node(
    block: Sequence[str], details: Sequence[str], summary: Mapping[str, object], text: str
) -> tuple[str | None, str | None]:
    """The first node with something wrong; what is said of the prompt concerns its output."""
    for detail in details:
        found = _DETAIL.match(detail)
        if found and found["id"]:
            return found["id"], None if found["type"] == UNNAMED else found["type"]
    extra = summary.get("extra_info")
    if isinstance(extra, dict) and extra.get("node_id"):
        return parse_name(extra["node_id"]), parse_word(extra.get("class_type"), 200)
    node_id, missing = _NODE_ID.search(text), _NO_NODE.search(text)
    output = _OUTPUT.match(block[0].strip()) if details and block else None
    known = node_id or output
    return known["id"] if known else None, missing["type"] if missing else None


def read_object(text: str) -> dict[str, object] | None:
    """An object that a line prints, as JSON or as Python writes it; None where there is none."""
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
