"""Changes of a series: found where they are, and not where chance makes them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.insights.change_points import LIMIT, SIDE, change_points, holm


def series(*levels: tuple[float, int], seed: int = 1) -> list[float]:
    draw = random.Random(seed)
    return [draw.lognormvariate(0, 0.15) * level for level, n in levels for _ in range(n)]


@pytest.mark.parametrize("factor", [1.3, 0.7])
def test_a_step_is_found_where_it_is(factor: float) -> None:
    [found] = change_points(series((20, 60), (20 * factor, 60)))
    assert abs(found.at - 60) <= 3 and found.p < LIMIT
    assert abs(found.after / found.before - factor) < 0.1


def test_two_steps_are_found_in_order() -> None:
    found = change_points(series((20, 80), (30, 80), (15, 80)))
    assert [round(one.at, -1) for one in found] == [80, 160]


def test_chance_alone_is_hardly_ever_a_change() -> None:
    assert sum(bool(change_points(series((20, 100), seed=n))) for n in range(200)) <= 4


@given(st.lists(st.floats(1, 100), max_size=2 * SIDE - 1))
def test_few_values_have_none(values: list[float]) -> None:
    assert change_points(values) == []


def test_small_steps_and_a_few_very_long_runs_are_none() -> None:
    assert (
        change_points(
            [20.0 + n % 2 / 10 for n in range(60)] + [20.5 + n % 2 / 10 for n in range(60)]
        )
        == []
    )
    values = series((20, 120))
    for place in (70, 90, 110):
        values[place] = 5000.0
    assert change_points(values) == []
    assert change_points([7.0] * 200) == []


@given(st.lists(st.floats(0, 1), max_size=20))
def test_holm_never_makes_anything_likelier_and_keeps_the_order(found: list[float]) -> None:
    adjusted = holm(found)
    assert all(1 >= new >= old for new, old in zip(adjusted, found, strict=True))
    by_old = sorted(range(len(found)), key=lambda index: found[index])
    assert all(adjusted[a] <= adjusted[b] for a, b in zip(by_old, by_old[1:], strict=False))


def test_holm_is_that_of_the_book() -> None:
    assert [round(p, 6) for p in holm([0.01, 0.04, 0.03, 0.005])] == [0.03, 0.06, 0.06, 0.02]
