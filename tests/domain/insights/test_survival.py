"""The median of what has ended and what has not."""

from statistics import median_low

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.insights.survival import Lasted, median

LASTED = st.lists(
    st.builds(Lasted, st.integers(1, 40).map(float), st.booleans()), min_size=1, max_size=50
)


def test_it_is_that_of_a_well_known_trial() -> None:
    """Weeks in remission under 6-MP (Freireich 1963): the median is 23 weeks."""
    ended = (6, 6, 6, 7, 10, 13, 16, 22, 23)
    going_on = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    lasted = [*(Lasted(t) for t in ended), *(Lasted(t, ended=False) for t in going_on)]
    assert median(lasted) == 23


@given(st.lists(st.integers(1, 40).map(float), min_size=1, max_size=50))
def test_where_all_have_ended_it_is_the_plain_one(seconds: list[float]) -> None:
    assert median(map(Lasted, seconds)) == median_low(seconds)


@given(LASTED)
def test_what_goes_on_never_makes_it_shorter(lasted: list[Lasted]) -> None:
    taken_as_ended, found = median_low([one.seconds for one in lasted]), median(lasted)
    assert found is None or found >= taken_as_ended
    longer = [Lasted(one.seconds if one.ended else one.seconds + 100, one.ended) for one in lasted]
    later = median(longer)
    assert found is None or later is None or later >= found or not all(x.ended for x in lasted)


def test_without_ends_there_is_none() -> None:
    assert median([]) is None
    assert median([Lasted(5, ended=False)] * 9) is None
    assert median([Lasted(1), Lasted(9, ended=False), Lasted(9, ended=False)]) is None
