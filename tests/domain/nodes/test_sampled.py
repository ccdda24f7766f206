"""Node times as ranges, from what was seen of a live run."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.nodes.sampled import Look, sampled_nodes
from tests.builders import NOON


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def looks(*seen: tuple[float, str | None]) -> list[Look]:
    return [Look(at(seconds), node) for seconds, node in seen]


def test_a_node_ran_from_its_first_look_to_its_last_at_least() -> None:
    seen = looks((2, "Load"), (10, "Load"), (12, "Encode"), (14, "Sample"), (48, "Sample"))
    found = sampled_nodes(seen, at(0), at(52))
    assert [(one.type, one.low, one.high, one.looks) for one in found] == [
        ("Load", 8.0, 12.0, 2),
        ("Encode", 0.0, 4.0, 1),
        ("Sample", 34.0, 40.0, 2),
    ]


def test_looks_without_a_node_bound_the_others() -> None:
    seen = looks((1, None), (2, "A"), (4, "A"), (6, "B"), (9, None))
    found = sampled_nodes(seen, at(0), None)
    assert [(one.type, one.low, one.high) for one in found] == [("A", 2.0, 5.0), ("B", 0.0, 5.0)]


def test_few_looks_say_nothing() -> None:
    assert sampled_nodes(looks((1, "A"), (2, "B")), at(0), at(9)) == ()
    assert sampled_nodes([], None, None) == ()


@given(
    edges=st.lists(st.floats(0.1, 60), min_size=1, max_size=8),
    moments=st.lists(st.floats(0, 400), min_size=3, max_size=40),
)
def test_the_true_time_lies_in_the_range(edges: list[float], moments: list[float]) -> None:
    """Nodes of known lengths one after another, looked at at any moments."""
    starts = [sum(edges[:n]) for n in range(len(edges) + 1)]
    whole = starts[-1]
    seen = []
    for moment in moments:
        place = next((n for n in range(len(edges)) if starts[n] <= moment < starts[n + 1]), None)
        seen.append((moment, None if place is None else str(place)))
    inside = [(moment, node) for moment, node in seen if moment < whole]
    for one in sampled_nodes(looks(*inside), at(0), at(whole)):
        assert one.low - 0.001 <= edges[int(one.type)] <= one.high + 0.001
