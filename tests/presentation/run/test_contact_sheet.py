from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.presentation.run.contact_sheet import FIRST, contact_sheet, output_url


def tiles(pictures: int, texts: int = 0) -> Any:
    return [SimpleNamespace(viewer=one) for one in ["image"] * pictures + ["text"] * texts]


@pytest.mark.parametrize(
    ("pictures", "texts", "all_shown", "shown", "small"),
    [
        (1, 0, False, 1, False),
        (24, 0, False, 24, False),
        (25, 0, False, 25, True),
        (40, 0, False, 40, True),
        (400, 0, False, 40, True),
        (400, 0, True, 400, True),
        (3, 60, False, 40, False),
    ],
)
def test_many_pictures_are_small_and_the_first_come_first(
    pictures: int, texts: int, all_shown: bool, shown: int, small: bool
) -> None:
    made = tiles(pictures, texts)
    sheet = contact_sheet(made, all_shown=all_shown)
    assert (len(sheet.shown), sheet.small) == (shown, small)
    assert sheet.cut is (shown < len(made))


def test_the_address_of_an_output_shows_it() -> None:
    assert output_url("/runs/x/", "i", FIRST - 1) == "/runs/x/#o-i"
    assert output_url("/runs/x/", "i", FIRST) == "/runs/x/?outputs=all#o-i"
    assert contact_sheet(tiles(41), all_shown=True).asked_for
    assert not contact_sheet(tiles(41)).asked_for
