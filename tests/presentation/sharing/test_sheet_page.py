"""A sheet in pages: every output once, in order, never more than fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.presentation.sharing.sheet_page import START, Piece, Where, sheet_page, where

COUNTS = st.lists(st.integers(0, 12), max_size=20)


@given(COUNTS, st.integers(1, 9))
def test_the_pages_together_show_every_output_once_in_order(counts: list[int], most: int) -> None:
    runs = [(position * 3, count) for position, count in enumerate(counts)]  # some were removed
    shown, start, pages = [], START, 0
    while start is not None:
        page = sheet_page(runs, start, most)
        held = [(p.position, n) for p in page.pieces for n in range(p.first, p.end)]
        assert len(held) <= most
        assert page.rest is None or len(held) == most
        for piece in page.pieces:
            own = range(piece.first, piece.end)
            shown += [(piece.position, n) for n in own] or [(piece.position, None)]
        start, pages = page.rest, pages + 1
        assert pages < 300
    expected = [(at, n) for at, count in runs for n in (range(count) if count else [None])]
    assert shown == expected


def test_a_run_with_too_many_goes_on_on_the_next_page() -> None:
    page = sheet_page([(0, 3), (1, 5)], START, most=4)
    assert page.pieces == [Piece(0, 0, 3), Piece(1, 0, 1)]
    assert page.rest == Where(1, 1)
    assert sheet_page([(0, 3), (1, 5)], Where(1, 1), most=4).pieces == [Piece(1, 1, 5)]


def test_a_removed_run_and_fewer_outputs_than_before_lose_no_other() -> None:
    assert sheet_page([(2, 1)], Where(1, 5)).pieces == [Piece(2, 0, 1)]
    assert sheet_page([(1, 2), (2, 1)], Where(1, 5)).pieces == [Piece(2, 0, 1)]


@pytest.mark.parametrize("text", ["", "x", "-1.0", "1", "1.", "99999.0", "1.2.3", "١.١", "\0"])
def test_nonsense_is_the_start(text: str) -> None:
    assert where(text) == START


def test_a_place_is_read_as_it_is_written() -> None:
    assert where(str(Where(12, 345))) == Where(12, 345)
