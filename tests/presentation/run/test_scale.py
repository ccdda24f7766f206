"""Scales and axes: one scale for a page, even steps."""

import pytest

from dashboard.presentation.run.scale import page_scale, scale_ticks


@pytest.mark.parametrize(
    ("totals", "scale"),
    [
        ([], 60),
        ([None, 0.0], 60),
        ([9.0, 10.0, 12.0], 15),
        ([44.9, 41.3, 12.3, 16.7, 24.4, 18.7, 41.3, 30.0, 259.0, 304.0], 300),
        ([44.9] * 19 + [304.0], 60),
        ([1e9], 172_800),
    ],
)
def test_a_page_has_one_scale(totals: list[float | None], scale: float) -> None:
    assert page_scale(totals) == scale


@pytest.mark.parametrize(
    ("scale", "texts"),
    [
        (60, ["0", "15 s", "30 s", "45 s", "60 s"]),
        (90, ["0", "30 s", "60 s", "90 s"]),
        (600, ["0", "2 m", "4 m", "6 m", "8 m", "10 m"]),
        (3600, ["0", "15 m", "30 m", "45 m", "1 h"]),
        (15, ["0", "5 s", "10 s", "15 s"]),
        (30, ["0", "10 s", "20 s", "30 s"]),
    ],
)
def test_the_axis_has_even_steps(scale: float, texts: list[str]) -> None:
    assert [" ".join(tick.text.split()) for tick in scale_ticks(scale)] == texts
