"""Scales end at round numbers, in a unit that is read easily."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.presentation.insights.marks import px
from dashboard.presentation.insights.scales import scale_to


@pytest.mark.parametrize(
    ("seconds", "steps", "labels"),
    [
        (37.0, 1, ["0", "40 s"]),
        (90.0, 3, ["0", "30", "60", "90 s"]),
        (23.0, 3, ["0", "8", "16", "24 s"]),
        (0.2, 1, ["0", "200 ms"]),
        (1_000.0, 3, ["0", "6", "12", "18 min"]),
        (50_000.0, 2, ["0", "8", "16 h"]),
    ],
)
def test_labels_are_round(seconds: float, steps: int, labels: list[str]) -> None:
    found = scale_to(seconds, steps)
    assert [label.replace("\u202f", " ") for label in found.labels] == labels


@given(st.floats(0, 31_000_000), st.integers(1, 4))
def test_a_scale_holds_what_it_was_made_for(seconds: float, steps: int) -> None:
    found = scale_to(seconds, steps)
    assert found.top >= seconds * (1 - 1e-6) and found.top > 0
    assert 0 <= found.share(seconds) <= 1 and found.share(found.top * 9) == 1
    assert len(found.labels) == steps + 1


def test_places_are_told_to_a_tenth() -> None:
    assert [px(value) for value in (3.0, 2.25, 2.26, -0.01, -4.0)] == ["3", "2.2", "2.3", "0", "-4"]
