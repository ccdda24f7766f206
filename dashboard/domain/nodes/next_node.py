"""Which node of a live run comes next, as far as its workflow tells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.domain.json_types import JsonValue


@dataclass(frozen=True, slots=True)
class Step:
    """A node of the workflow: its class, and what it is called."""

    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of the way through a workflow.

    `steps` is the order in which an earlier run took its nodes; without one, `followers` is the
    one node that takes the outputs of a class, where there is one alone.
    """

    steps: Sequence[Step] = ()
    followers: Mapping[str, str] = field(default_factory=dict)

    def after(self, node_class: str, progress: float | None) -> str | None:
        """The name of the node after one of this class; None where that is not sure.

        Of several nodes of the class the one is meant that is as far as the run's progress, from
        0 to 1: the share of the nodes that have begun.
        """
        places = [n for n, step in enumerate(self.steps) if step.type == node_class]
        if not places:
            return self.followers.get(node_class)
        if len(places) == 1:
            return self._name(places[0] + 1)
        names = {self._name(place + 1) for place in places}
        if len(names) == 1:
            return names.pop()
        if progress is None:
            return None
        return self._name(min(places, key=lambda n: abs((n + 1) / len(self.steps) - progress)) + 1)

    def _name(self, place: int) -> str | None:
        return self.steps[place].name if place < len(self.steps) else None


def followers(graph: Mapping[str, JsonValue], titles: Mapping[str, str]) -> dict[str, str]:
    """By class: the one node that takes its outputs, for classes that the graph has once."""
    classes = {node_id: _class(node) for node_id, node in graph.items()}
    times = Counter(classes.values())
    takers: dict[str, set[str]] = {}
    for node_id, node in graph.items():
        for source in _sources(node):
            takers.setdefault(source, set()).add(node_id)
    found = {}
    for node_id, node_class in classes.items():
        ids = takers.get(node_id, set())
        if not node_class or times[node_class] != 1 or len(ids) != 1:
            continue
        taker = next(iter(ids))
        if name := titles.get(taker) or classes.get(taker):
            found[node_class] = name
    return found


def _class(node: JsonValue) -> str | None:
    kind = node.get("class_type") if isinstance(node, dict) else None
    return kind if isinstance(kind, str) else None


def _sources(node: JsonValue) -> list[str]:
    inputs = node.get("inputs") if isinstance(node, dict) else None
    if not isinstance(inputs, dict):
        return []
    links = [value for value in inputs.values() if isinstance(value, list) and len(value) == 2]
    return [link[0] for link in links if isinstance(link[0], str)]
