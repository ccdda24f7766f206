"""A workflow as ComfyUI's editor takes it: nodes with places, links and widgets.

The graph (`domain/nodes/graph.py`) is the same workflow as it is executed, without these.
"""

import copy
from collections.abc import Iterator, Mapping

from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.nodes.graph import MOST_NODES
from dashboard.domain.text.redaction import MASK, is_secret_name, redact

Secrets = Mapping[str, frozenset[str]]


def read_workflow(value: JsonValue) -> JsonObject | None:
    """The workflow as it was sent; None for what is none: no object, no node, or too many."""
    if not isinstance(value, dict):
        return None
    nodes = _objects(value.get("nodes"))
    if not 0 < len(nodes) <= MOST_NODES:
        return None
    return value if any(isinstance(node.get("type"), str) for node in nodes) else None


def nodes_of(workflow: JsonObject) -> Iterator[JsonObject]:
    """Every node, those of subgraphs too."""
    yield from _objects(workflow.get("nodes"))
    definitions = workflow.get("definitions")
    subgraphs = definitions.get("subgraphs") if isinstance(definitions, dict) else None
    for subgraph in _objects(subgraphs):
        yield from _objects(subgraph.get("nodes"))


def widget_names(node: JsonObject) -> list[str] | None:
    """The names of a node's widgets in the order of their values; None where it names not all.

    Newer editors name every widget among the inputs, older ones only those that take a link.
    """
    values = node.get("widgets_values")
    widgets = [entry.get("widget") for entry in _objects(node.get("inputs"))]
    names = [widget.get("name") for widget in widgets if isinstance(widget, dict)]
    found = [name for name in names if isinstance(name, str)]
    told = isinstance(values, list) and len(values) == len(names) == len(found) > 0
    return found if told else None


def masked(workflow: JsonObject, graph: Mapping[str, JsonValue] | None) -> JsonObject:
    """A copy with secrets masked, in widgets too.

    An editor's widget has no name before its value. `graph`, not masked yet, tells which
    values of a node stand under secret names.
    """
    secrets = _secrets_of(graph or {})
    found = copy.deepcopy(workflow)
    for node in nodes_of(found):
        values = node.get("widgets_values")
        if isinstance(values, list):
            node["widgets_values"] = _masked_values(node, values, secrets)
    return redact(found)


def _masked_values(node: JsonObject, values: list[JsonValue], secrets: Secrets) -> list[JsonValue]:
    known = secrets.get(str(node.get("id")), frozenset())
    names = widget_names(node) or _UNNAMED.get(str(node.get("type")), [])
    hidden = {at for at, name in enumerate(names) if is_secret_name(name)}
    return [
        MASK if isinstance(value, str) and value and (at in hidden or value in known) else value
        for at, value in enumerate(values)
    ]


_LORA = ("input_id", "default_lora_name", "lora_save_name", "display_name", "description")
_UNNAMED: Mapping[str, list[str]] = {
    "ComfyUIDeployExternalLora": [*_LORA, "lora_url", "bearer_token"],
}
"""The widgets of nodes that are known to hold a secret, for editors that do not name them."""


def _secrets_of(graph: Mapping[str, JsonValue]) -> Secrets:
    """The secret texts of each node; one inside a subgraph has its path as its ID."""
    found: dict[str, frozenset[str]] = {}
    for node_id, node in graph.items():
        inputs = node.get("inputs") if isinstance(node, dict) else None
        given = inputs.items() if isinstance(inputs, dict) else ()
        secret = {text for name, text in given if isinstance(text, str) and is_secret_name(name)}
        if secret - {""}:
            own = node_id.rpartition(":")[2]
            found[own] = found.get(own, frozenset()) | secret
    return found


def _objects(value: JsonValue) -> list[JsonObject]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
