"""A workflow's graph as ComfyUI takes it: nodes by ID, with class, title and inputs."""

from collections.abc import Mapping

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


def titles_of(graph: Mapping[str, JsonValue] | None) -> dict[str, str]:
    """What the author called each node, by node ID; without those named like their class."""
    found: dict[str, str] = {}
    for node_id, node in (graph or {}).items():
        meta = node.get("_meta") if isinstance(node, dict) else None
        title = parse_word(meta.get("title"), LONGEST_WORD) if isinstance(meta, dict) else None
        if isinstance(node, dict) and title and title.strip() != node.get("class_type"):
            found[node_id] = title.strip()
    return found
