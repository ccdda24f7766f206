"""How long each node of a run took, as its machine reports it at the end."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.run.values import parse_count, parse_name, parse_number, parse_word
from dashboard.domain.text.redaction import redact_text

MOST_NODES = 5000
LONGEST = 366 * 86400.0  # seconds; a longer time counts as unknown
LONGEST_WORD = 200


@dataclass(frozen=True, slots=True)
class NodeTime:
    """Seconds from a node's start to its end, and the bytes of VRAM that it added."""

    id: str
    type: str | None
    seconds: float
    vram: int | None

    def stored(self) -> JsonObject:
        """The node as a run's row of node times has it."""
        return {"id": self.id, "type": self.type, "seconds": self.seconds, "vram": self.vram}


def is_report(data: JsonValue) -> bool:
    """Whether the data of an output is the machine's report: a bare list of nodes with times."""
    return isinstance(data, list) and any(
        isinstance(row, dict) and "time" in row and "class_type" in row for row in data
    )


def read_node_times(rows: Iterable[JsonValue]) -> tuple[NodeTime, ...]:
    """The nodes in the order sent; what has no readable ID or time is left out.

    A node that stands there several times, as in a loop, is one with the sum of its times.
    """
    found: dict[str, NodeTime] = {}
    for row in rows:
        one = _read(row) if isinstance(row, dict) else None
        if one is None or (one.id not in found and len(found) >= MOST_NODES):
            continue
        found[one.id] = _together(found[one.id], one) if one.id in found else one
    return tuple(found.values())


def _read(row: JsonObject) -> NodeTime | None:
    node_id, seconds = parse_name(row.get("id")), parse_number(row.get("time"))
    if not node_id or seconds is None or not 0 <= seconds <= LONGEST:
        return None
    kind = parse_word(row.get("class_type"), LONGEST_WORD)
    return NodeTime(
        id=redact_text(node_id)[:LONGEST_WORD],
        type=redact_text(kind) if kind else None,
        seconds=seconds,
        vram=parse_count(row.get("vram_used")),
    )


def _together(one: NodeTime, other: NodeTime) -> NodeTime:
    peaks = [vram for vram in (one.vram, other.vram) if vram is not None]
    vram = max(peaks, default=None)
    return NodeTime(one.id, one.type or other.type, one.seconds + other.seconds, vram)


def from_stored(rows: Iterable[JsonObject]) -> tuple[NodeTime, ...]:
    """The nodes of a stored list."""
    return tuple(
        NodeTime(str(row["id"]), row["type"], row["seconds"], row["vram"])  # type: ignore[arg-type]
        for row in rows
    )
