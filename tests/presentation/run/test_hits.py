"""Where the words of a search stand in a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.search.words import read_words
from dashboard.presentation.run.hits import LENGTH, Piece, RowHits, pieces, row_hits


def shown(found: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in found)


def hits(search: str, title: str, *texts: str, beside: tuple[str, ...] = ()) -> RowHits:
    return row_hits(read_words(search), title, beside, texts)


@pytest.mark.parametrize(
    ("search", "title", "text"),
    [
        ("dragon", "A red dragon at dawn", "A red [dragon] at dawn"),
        ("drag RED", "A red dragon, red", "A [red] [dragon], [red]"),
        ('"red dragon" -blue', "A red  dragon", "A [red  dragon]"),
        ("dragon", "", ""),
        ("-dragon", "A red dragon", "A red dragon"),
        ("png", "image_00001.png", "image_00001.[png]"),
    ],
)
def test_hits_are_marked_in_the_title(search: str, title: str, text: str) -> None:
    assert shown(pieces(title, read_words(search))) == text


def test_what_the_row_does_not_show_is_quoted() -> None:
    far = "x " * 40 + "the dragon sleeps on gold " + "y " * 80
    quoted = shown(hits("dragon", "x " * 40, far).excerpt)
    assert quoted.startswith("…x ") and "the [dragon] sleeps" in quoted and quoted.endswith("…")
    assert hits("dragon", "a dragon", far).excerpt == ()
    assert hits("dragon", "a cat", far, beside=("dragons-v2",)).excerpt == ()
    assert shown(hits("cat dragon", "a cat", "a cat", "one dragon").excerpt) == "one [dragon]"
    assert shown(hits("dragon", "a cat", "line\none\tdragon").excerpt) == "line one [dragon]"
    assert hits("dragon", "a cat", "nothing").excerpt == ()


@given(st.text(max_size=80), st.text(max_size=12), st.text(max_size=400))
def test_no_character_is_lost_and_excerpts_are_short(title: str, search: str, text: str) -> None:
    found = hits(search, title, text)
    assert "".join(piece.text for piece in found.title) == title
    assert len(shown(found.excerpt).replace("[", "").replace("]", "")) <= LENGTH + 2
