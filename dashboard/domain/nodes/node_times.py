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


@dataclass(frozen=True, slots=True)
class NodeReport:
    """The nodes in the order sent, and how many rows could not be read."""

    nodes: tuple[NodeTime, ...] = ()
    left_out: int = 0


def is_report(data: JsonValue) -> bool:
    """Whether the data of an output is the machine's report: a bare list of nodes with times."""
    return isinstance(data, list) and any(
        isinstance(row, dict) and "time" in row and "class_type" in row for row in data
    )


def read_node_times(rows: Iterable[JsonValue]) -> NodeReport:
    """The nodes of a report; what has no readable ID or time is left out and counted.

    A node that stands there several times, as in a loop, is one with the sum of its times.
    """
    found: dict[str, NodeTime] = {}
    left_out = 0
    for row in rows:
        one = _read(row) if isinstance(row, dict) else None
        if one and one.id in found:
            one = _together(found[one.id], one)
        elif len(found) >= MOST_NODES:
            one = None
        if one and one.seconds <= LONGEST:
            found[one.id] = one
        else:
            left_out += 1
    return NodeReport(tuple(found.values()), left_out)


def _read(row: JsonObject) -> NodeTime | None:
    node_id, seconds = _name(parse_name(row.get("id"))), parse_number(row.get("time"))
    if not node_id or seconds is None or seconds < 0:
        return None
    kind = _name(parse_word(row.get("class_type")))
    return NodeTime(node_id, kind, seconds, parse_count(row.get("vram_used")))


def _name(text: str | None) -> str | None:
    """A name masked before it is cut, so that no part of a secret is left."""
    return redact_text(text)[:LONGEST_WORD] if text is not None else None


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
