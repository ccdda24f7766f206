"""What differs between the graphs of two workflow versions (`workflow_api`)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dashboard.domain.changed.equality import is_masked, same_value
from dashboard.domain.changed.setting import Setting, setting_of, side_by_side
from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.nodes.graph import read_graph, titles_of
from dashboard.domain.run.values import parse_word


@dataclass(frozen=True, slots=True)
class Node:
    """A node of one version: its class, and the title that its author gave it, where told."""

    id: str
    title: str | None
    type: str | None


@dataclass(frozen=True, slots=True)
class NodePair:
    """The same node ID in both versions."""

    before: Node
    after: Node


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a node that both versions have; None is the side without it, not null."""

    node: NodePair
    field: str
    before: Setting | None
    after: Setting | None

    @property
    def is_link(self) -> bool:
        """Whether the field is another node's output, on either side."""
        return any(side is not None and side.is_link for side in (self.before, self.after))


@dataclass(frozen=True, slots=True)
class HiddenField:
    """A field of both versions that redaction hides in either: it may differ or not."""

    node: NodePair
    field: str


@dataclass(frozen=True, slots=True)
class WorkflowDiff:
    """All differences, by node ID and field. Titles and places on the canvas are none.

    `hidden` and `unreadable` are not known to differ, nor known to be equal.
    """

    added: tuple[Node, ...] = ()
    removed: tuple[Node, ...] = ()
    reclassed: tuple[NodePair, ...] = ()
    settings: tuple[FieldChange, ...] = ()
    links: tuple[FieldChange, ...] = ()
    hidden: tuple[HiddenField, ...] = ()
    unreadable: tuple[NodePair, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether any difference is known."""
        return self.changed_nodes > 0

    @property
    def is_sure(self) -> bool:
        """Whether everything could be compared; only then no difference means unchanged."""
        return not self.hidden and not self.unreadable

    @property
    def changed_nodes(self) -> int:
        """How many nodes are known to differ."""
        fields = {change.node.after.id for change in (*self.settings, *self.links)}
        return len(self.added) + len(self.removed) + len(self.reclassed) + len(fields)


def workflow_diff(before: JsonValue, after: JsonValue) -> WorkflowDiff | None:
    """The differences of two graphs; None where either cannot be read, which is not unchanged.

    A node whose class changed is told as that; its fields are another class's, not compared.
    """
    old, new = read_graph(before), read_graph(after)
    if old is None or new is None:
        return None
    return replace(
        _compared(old, new),
        added=tuple(_node(node_id, new) for node_id in _in_order(new.keys() - old.keys())),
        removed=tuple(_node(node_id, old) for node_id in _in_order(old.keys() - new.keys())),
    )


def _compared(old: JsonObject, new: JsonObject) -> WorkflowDiff:
    """The differences of the nodes that both versions have."""
    pairs = [_pair(node_id, old, new) for node_id in _in_order(old.keys() & new.keys())]
    readable = [pair for pair in pairs if _is_readable(pair.before.id, old, new)]
    kept = [pair for pair in readable if pair.before.type == pair.after.type]
    fields = [found for pair in kept for found in _fields(pair, old, new)]
    changes = [found for found in fields if isinstance(found, FieldChange)]
    return WorkflowDiff(
        reclassed=tuple(pair for pair in readable if pair.before.type != pair.after.type),
        settings=tuple(change for change in changes if not change.is_link),
        links=tuple(change for change in changes if change.is_link),
        hidden=tuple(found for found in fields if isinstance(found, HiddenField)),
        unreadable=tuple(pair for pair in pairs if _is_unknown(pair.before.id, old, new)),
    )


def _pair(node_id: str, old: JsonObject, new: JsonObject) -> NodePair:
    return NodePair(_node(node_id, old), _node(node_id, new))


def _node(node_id: str, graph: JsonObject) -> Node:
    node = graph[node_id]
    if not isinstance(node, dict):
        return Node(node_id, None, None)
    title = titles_of({node_id: node}).get(node_id)
    return Node(node_id, title, parse_word(node.get("class_type")))


def _is_unknown(node_id: str, old: JsonObject, new: JsonObject) -> bool:
    """Whether a node that cannot be read may differ: the same words are the same node."""
    if _is_readable(node_id, old, new):
        return False
    sides = old[node_id], new[node_id]
    return not same_value(*sides) or any(is_masked(side) for side in sides)


def _is_readable(node_id: str, *graphs: JsonObject) -> bool:
    return all(_inputs(graph[node_id]) is not None for graph in graphs)


def _inputs(node: JsonValue) -> JsonObject | None:
    """The fields of a node; None where it has no class or what it has are no fields."""
    if not isinstance(node, dict) or not isinstance(node.get("class_type"), str):
        return None
    inputs = node.get("inputs")
    return {} if inputs is None else inputs if isinstance(inputs, dict) else None


def _fields(
    pair: NodePair, old: JsonObject, new: JsonObject
) -> Iterator[FieldChange | HiddenField]:
    """The fields of a node that differ, or that may differ unseen."""
    before = _inputs(old[pair.before.id]) or {}
    after = _inputs(new[pair.after.id]) or {}
    for field in sorted(before.keys() | after.keys()):
        both = field in before and field in after
        if both and is_masked([field, before[field], after[field]]):
            yield HiddenField(pair, field)
        elif not both or not same_value(before[field], after[field]):
            yield FieldChange(pair, field, *_sides(field, before, after))


def _sides(
    field: str, before: JsonObject, after: JsonObject
) -> tuple[Setting | None, Setting | None]:
    old = setting_of(before[field]) if field in before else None
    new = setting_of(after[field]) if field in after else None
    return side_by_side(old, new)


def _in_order(node_ids: set[str]) -> list[str]:
    """Node IDs as people count: 9 before 10, and 12:3 (in a group) after 12."""
    return sorted(node_ids, key=lambda node_id: (_parts(node_id), node_id))


def _parts(node_id: str) -> list[tuple[int, int, str]]:
    parts = node_id.split(":")
    return [(0, int(part), "") if _is_count(part) else (1, 0, part) for part in parts]


def _is_count(part: str) -> bool:
    return part.isdecimal() and len(part) <= 18  # longer ones cost time, and are no node's
