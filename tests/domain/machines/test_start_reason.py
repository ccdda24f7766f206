"""Why a run started cold, or waited in line."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.machines.start_reason import (
    BUSY,
    FIRST_OF_MACHINE,
    FIRST_OF_VERSION,
    IDLE,
    NEW_DEPLOYMENT,
    WORDS,
    MachineContainer,
    MachineRun,
    Question,
    start_reason,
)
from tests.builders import NOON


def ago(seconds: float) -> datetime:
    return NOON - timedelta(seconds=seconds)


def ran(
    pk: int, begin: float, ended: float | None, container: str | None = "old", **given: Any
) -> MachineRun:  # noqa: E501
    """A run that began and ended so many seconds ago."""
    return MachineRun(pk, ago(begin), None if ended is None else ago(ended), container, **given)


def up(
    name: str, started: float, ended: float | None, version: str | None = None
) -> MachineContainer:  # noqa: E501
    return MachineContainer(name, ago(started), None if ended is None else ago(ended), version)


def asked(**given: Any) -> Question:
    """A cold run of noon on its own new container, ten minutes after the last one."""
    known = {
        "created": NOON,
        "cold": True,
        "in_line": None,
        "container": "own",
        "deployment": "d",
        "fluid": False,
        "before": [ran(1, 700, 660, deployment="d")],
        "containers": [up("own", -2, None), up("old", 800, 600)],
        "idle_timeout": 60,
        "keep_warm": 0,
        "limit": 2,
        "version": 7,
        "version_id": "v7",
    }
    return Question(**{**known, **given})


def told(**given: Any) -> tuple[str, bool] | None:
    found = start_reason(asked(**given))
    return found and (found.word, found.sure)


def test_a_machine_that_was_idle_for_longer_than_it_stays_warm() -> None:
    found = start_reason(asked())
    assert found is not None
    assert (found.word, found.sure, found.last_run) == (IDLE, True, 1)
    assert found.evidence == {"idle": 660.0, "stays_warm": 60}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"idle_timeout": None}, (IDLE, False)),  # its setting is not known
        ({"idle_timeout": 700}, None),  # it should have been up
        ({"keep_warm": 1}, (IDLE, False)),
        ({"fluid": True, "deployment": "d"}, (IDLE, False)),  # its setting is the deployment's
        ({"containers": []}, (IDLE, False)),  # whether runs are missing is not known
        ({"containers": [up("old", 800, 300)]}, (IDLE, False)),  # it was up for others
        ({"containers": [up("old", 800, None)]}, None),  # it still is
        ({"containers": [up("old", 800, 600), up("third", 100, None)]}, None),
        ({"before": []}, (FIRST_OF_MACHINE, False)),
        ({"fluid": True, "deployment": "new"}, (NEW_DEPLOYMENT, False)),
        ({"fluid": False, "deployment": "new"}, (IDLE, True)),
    ],
)
def test_what_is_known_decides(given: dict[str, Any], reason: tuple[str, bool] | None) -> None:
    assert told(**given) == reason


@pytest.mark.parametrize(
    ("before", "containers", "reason"),
    [
        ([ran(1, 30, -10)], [up("old", 300, None)], (BUSY, True)),
        ([ran(1, 30, None)], [up("old", 300, None)], (BUSY, True)),
        ([ran(1, 30, -10, None)], [], (BUSY, False)),
        ([ran(1, 30, -10)], [up("old", 300, None), up("free", 300, None)], None),
        (
            [ran(1, 30, -10), ran(2, 20, -9, "b")],
            [up("old", 9, None), up("b", 9, None)],
            (BUSY, True),
        ),  # noqa: E501
    ],
)
def test_runs_that_had_every_container(
    before: list[MachineRun], containers: list[MachineContainer], reason: Any
) -> None:
    question = asked(before=before, containers=[up("own", -2, None), *containers])
    found = start_reason(question)
    assert (found and (found.word, found.sure)) == reason
    if found:
        assert found.evidence == {"busy": len(before), "limit": 2}


@pytest.mark.parametrize(("waited", "reason"), [(1.0, None), (2.0, (BUSY, True)), (None, None)])
def test_a_warm_run_that_waited_in_line(waited: float | None, reason: Any) -> None:
    before = [ran(1, 30, -10, "own")]
    containers = [up("own", 300, None)]
    assert told(cold=False, in_line=waited, before=before, containers=containers) == reason


def test_the_first_run_of_a_rebuilt_machine() -> None:
    containers = [up("own", -2, None, "v7"), up("old", 800, 600, "v6")]
    found = start_reason(asked(containers=containers))
    assert found is not None
    assert (found.word, found.sure, found.evidence) == (FIRST_OF_VERSION, True, {"version": 7})
    same = replace(asked(), containers=[up("own", -2, None, "v7"), up("old", 800, 600, "v7")])
    assert told() == ((again := start_reason(same)) and (again.word, again.sure))
    unnamed = start_reason(asked(containers=containers, version_id="v8"))
    assert unnamed is not None and unnamed.evidence == {"version": None}


moments = st.one_of(st.none(), st.floats(-100, 5000))


@given(
    before=st.lists(st.tuples(st.floats(0, 5000), moments), max_size=6),
    containers=st.lists(st.tuples(st.floats(-100, 5000), moments), max_size=6),
    cold=st.booleans(),
    idle_timeout=st.one_of(st.none(), st.integers(0, 3000)),
)
def test_whatever_is_told_the_answer_is_a_known_word_or_none(
    before: Any, containers: Any, cold: bool, idle_timeout: int | None
) -> None:
    found = start_reason(
        asked(
            before=[ran(n, *times) for n, times in enumerate(before)],
            containers=[up(str(n), *times) for n, times in enumerate(containers)],
            cold=cold,
            idle_timeout=idle_timeout,
        )
    )
    assert found is None or found.word in WORDS
    if found and found.word == IDLE and found.sure:
        assert found.idle is not None and found.stays_warm is not None
        assert found.idle > found.stays_warm
