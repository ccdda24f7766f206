"""How well a run is seen."""

from dashboard.domain.run.visibility import Visibility
from tests.timed_run import CREATED, seen


def test_trouble_and_silence_both_count_as_lost() -> None:
    assert not seen().lost
    assert seen(trouble="unreachable").lost
    assert seen(stale=True).lost


def test_a_run_that_was_never_answered_for_is_not_lost() -> None:
    assert not Visibility(now=CREATED).lost
