"""A workflow's graph as ComfyUI takes it: nodes by ID, with class, title and inputs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.run.values import parse_word

MOST_NODES = 5000
LONGEST_WORD = 200


def read_graph(value: JsonValue) -> JsonObject | None:
    """The graph, as it was sent; None for what is none: no object, no node, or too many."""
    if not isinstance(value, dict) or not 0 < len(value) <= MOST_NODES:
        return None
    nodes = [node for node in value.values() if isinstance(node, dict)]
    return value if any(isinstance(node.get("class_type"), str) for node in nodes) else None


@dataclass(frozen=True, slots=True)
class NodeTitles:
    """What the author called the nodes of a graph, by node ID and by class."""

    by_id: Mapping[str, str] = field(default_factory=dict)
    by_class: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_id)

    def of(self, node_id: object, kind: object) -> Iterator[str]:
        """The title of the node with this ID; without an ID, those of all nodes of its class."""
        if isinstance(node_id, str) and node_id:
            yield from (self.by_id[node_id],) if node_id in self.by_id else ()
        elif isinstance(kind, str):
            yield from self.by_class.get(kind, ())


def read_titles(graph: JsonValue) -> NodeTitles:
    """The titles in a graph; none for what is no graph."""
    nodes = read_graph(graph) or {}
    titles, by_class = titles_of(nodes), dict[str, tuple[str, ...]]()
    for node_id, title in titles.items():
        node = nodes[node_id]
        kind = node.get("class_type") if isinstance(node, dict) else None
        if isinstance(kind, str):
            by_class[kind] = (*by_class.get(kind, ()), title)
    return NodeTitles(titles, by_class)


def titles_of(graph: Mapping[str, JsonValue] | None) -> dict[str, str]:
    """What the author called each node, by node ID; without those named like their class."""
    found: dict[str, str] = {}
    for node_id, node in (graph or {}).items():
        meta = node.get("_meta") if isinstance(node, dict) else None
        title = parse_word(meta.get("title"), LONGEST_WORD) if isinstance(meta, dict) else None
        if isinstance(node, dict) and title and title.strip() != node.get("class_type"):
            found[node_id] = title.strip()
    return found
