"""What differs between two runs: facts, inputs, and the graphs of their versions."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.changed.since_good import RunFact, RunSide, changes_since
from tests.domain.changed.values import VALUES

GRAPH = {"3": {"class_type": "KSampler", "inputs": {"steps": 20}}}
OTHER = {"3": {"class_type": "KSampler", "inputs": {"steps": 28}}}
GOOD = RunSide("L40S", "v14", "m", "m6", {"frames": 96, "steps": 20}, GRAPH)
TEXTS = st.one_of(st.none(), st.sampled_from(["a", "b"]))
SIDES = st.builds(
    RunSide,
    *(TEXTS for _ in RunFact),
    inputs=st.one_of(VALUES, st.dictionaries(st.sampled_from("abc"), VALUES)),
    graph=st.sampled_from([None, GRAPH, OTHER]),
)


def test_facts_are_told_in_order_with_both_sides() -> None:
    bad = replace(GOOD, gpu="A10G", version="v15", inputs={"frames": 121, "steps": 20}, graph=OTHER)
    changes = changes_since(GOOD, bad)
    assert [(one.fact, one.before, one.after) for one in changes.facts] == [
        (RunFact.GPU, "L40S", "A10G"),
        (RunFact.VERSION, "v14", "v15"),
    ]
    assert changes.inputs and [one.name for one in changes.inputs.changes] == ["frames"]
    assert changes.nodes and changes.nodes.changed_nodes == 1
    assert (changes.different, changes.equal, changes.compared) == (3, 3, 6)
    assert changes.is_sure


def test_what_is_known_of_one_run_alone_is_unknown_and_never_unchanged() -> None:
    changes = changes_since(GOOD, replace(GOOD, gpu=None, machine_version=None))
    assert changes.unknown == (RunFact.GPU, RunFact.MACHINE_VERSION)
    assert not changes.facts and not changes.is_sure


def test_a_version_whose_graph_cannot_be_read_is_told_without_its_nodes() -> None:
    changes = changes_since(GOOD, replace(GOOD, version="v15", graph=None))
    assert [one.fact for one in changes.facts] == [RunFact.VERSION] and changes.nodes is None


def test_one_version_has_no_difference_of_nodes_whatever_was_read_of_it() -> None:
    assert changes_since(GOOD, replace(GOOD, graph=OTHER)).nodes is None


@given(SIDES, SIDES)
def test_it_mirrors_and_counts_everything_once(before: RunSide, after: RunSide) -> None:
    there, back = changes_since(before, after), changes_since(after, before)
    assert [(x.fact, x.before, x.after) for x in there.facts] == [
        (x.fact, x.after, x.before) for x in back.facts
    ]
    assert (there.unknown, there.equal, there.different) == (
        back.unknown,
        back.equal,
        back.different,
    )
    assert len(there.facts) + len(there.unknown) + there.equal_facts == len(RunFact)


@given(SIDES)
def test_a_run_differs_from_itself_in_nothing(side: RunSide) -> None:
    assert changes_since(side, side).different == 0
