"""The sentence about lists that the key may not read."""

import pytest

from dashboard.domain.directory import LISTS
from dashboard.presentation.not_listed import not_listed_sentence


@pytest.mark.parametrize(
    ("lists", "sentence"),
    [
        ((), ""),
        (("machines",), "This key can’t list machines."),
        (("fluid",), "This key can’t list deployments."),
        (("machines", "workflows"), "This key can’t list workflows or machines."),
        (LISTS, "This key can’t list workflows, deployments or machines."),
        (("unheard-of",), ""),
    ],
)
def test_one_short_sentence(lists: tuple[str, ...], sentence: str) -> None:
    assert not_listed_sentence(lists) == sentence
