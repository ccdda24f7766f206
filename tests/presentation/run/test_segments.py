"""The segments of a run: in order, merged where a time is missing, growing while it is live."""

from itertools import groupby

import pytest

from dashboard.domain.run.facts import RunFacts
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.run.segments import Segment, growth, segments_of
from tests.timed_run import at, done, live, lost, seen


def test_a_bar_grows_in_steps_while_a_run_is_live_and_seen() -> None:
    steps = [growth(live("not-started"), seen(second)) for second in range(61)]
    assert steps == sorted(steps)
    assert max(len(list(same)) for _, same in groupby(steps)) <= 5
    assert growth(live(), lost()) == growth(done(), seen()) == 0
    day = {growth(live(), seen(86_400 - second)) for second in range(3600)}
    assert len(day) <= 10, "a long bar is not drawn again for less than can be seen"


def segments(run: RunFacts, visibility: Visibility | None = None) -> tuple[Segment, ...]:
    found = segments_of(run, visibility)
    assert not isinstance(found, str)
    return found


def test_a_finished_run_has_its_three_phases() -> None:
    found = segments(done())
    assert [segment.kind for segment in found] == ["queue", "cold", "run"]
    assert sum(segment.seconds for segment in found) == pytest.approx(44.9)


def test_only_the_last_segment_of_a_live_run_grows() -> None:
    found = segments(live(), seen())
    assert [segment.growing for segment in found] == [False, False, True]
    assert found[-1].since == at(8.7)


def test_time_after_the_last_answer_is_not_seen() -> None:
    *_, held, unseen = segments(live(), lost(164.0, since=43.9))
    assert held.at_least and not held.growing
    assert (unseen.kind, unseen.label) == ("unknown", "No updates")
    assert unseen.seconds == pytest.approx(120.1)


def test_without_the_clock_a_live_run_has_only_what_is_over() -> None:
    assert [segment.label for segment in segments(live())] == ["Queue", "Cold start"]
