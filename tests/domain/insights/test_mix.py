"""The two parts of a change make the whole of it."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.insights.mix import Group, mix_change

GROUPS = st.dictionaries(
    st.sampled_from(["v1", "v2", "v3"]), st.builds(Group, st.integers(1, 50), st.floats(0, 100))
)


def mean(groups: dict[str, Group]) -> float:
    return sum(group.n * group.mean for group in groups.values()) / sum(
        group.n for group in groups.values()
    )


@given(GROUPS, GROUPS)
def test_the_parts_make_the_whole(after: dict[str, Group], before: dict[str, Group]) -> None:
    found = mix_change(after, before)
    if not after or not before:
        assert found is None
        return
    assert found is not None
    assert abs(found.total - (mean(after) - mean(before))) < 1e-6


def test_more_runs_of_a_slow_kind_are_no_slower_runs() -> None:
    found = mix_change({"fast": Group(1, 10), "slow": Group(9, 50)},
                       {"fast": Group(9, 10), "slow": Group(1, 50)})  # fmt: skip
    assert found is not None and found.within == 0 and round(found.mix, 9) == 32


def test_runs_that_are_all_slower_change_nothing_in_the_mix() -> None:
    found = mix_change(
        {"a": Group(4, 12), "b": Group(8, 22)}, {"a": Group(2, 10), "b": Group(4, 20)}
    )
    assert found is not None and round(found.within, 9) == 2 and abs(found.mix) < 1e-9
