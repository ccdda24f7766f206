"""Differences of texts by words."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.changed import word_diff as module
from dashboard.domain.changed.word_diff import Change, Piece, WordDiff, word_diff

TEXTS = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(["a", "sea", " ", "  ", ",", "\n", "山"]), max_size=25).map("".join),
)
SIGNS = {Change.KEPT: "=", Change.REMOVED: "-", Change.ADDED: "+"}


def told(diff: WordDiff) -> list[str]:
    return [SIGNS[piece.change] + piece.text for piece in diff.pieces]


def side(diff: WordDiff, without: Change) -> str:
    return "".join(piece.text for piece in diff.pieces if piece.change is not without)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        (
            "move over forested hills, morning mist",
            "move over layered mountains, morning mist",
            ["=move over ", "-forested hills", "+layered mountains", "=, morning mist"],
        ),
        ("film grain", "film grain, 8k", ["=film grain", "+, 8k"]),
        ("a  b", "a b", ["=a", "-  ", "+ ", "=b"]),
        ("山の上の家", "山の下の家", ["=山の", "-上", "+下", "=の家"]),
        ("", "new", ["+new"]),
        ("old", "", ["-old"]),
        ("same", "same", ["=same"]),
        ("", "", []),
        ("sea", "Sea", ["-sea", "+Sea"]),
    ],
)
def test_pieces_read_as_a_sentence(before: str, after: str, pieces: list[str]) -> None:
    assert told(word_diff(before, after)) == pieces


@given(TEXTS, TEXTS, st.booleans())
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str, whole: bool) -> None:
    diff = word_diff(before, after, whole=whole)
    assert side(diff, without=Change.ADDED) == before
    assert side(diff, without=Change.REMOVED) == after
    assert all(piece.text for piece in diff.pieces)
    assert all(one.change is not other.change for one, other in pairwise(diff.pieces))


@given(TEXTS)
def test_equal_texts_differ_nowhere(text: str) -> None:
    assert all(piece.change is Change.KEPT for piece in word_diff(text, text).pieces)


def test_the_middle_of_long_texts_stands_as_one_piece() -> None:
    old = "begin " + " ".join(f"o{n}" for n in range(module.MOST_WORDS)) + " end"
    new = "begin " + " ".join(f"n{n}" for n in range(module.MOST_WORDS)) + " end"
    diff = word_diff(old, new)
    changes = [piece.change for piece in diff.pieces]
    assert diff.whole and changes == [Change.KEPT, Change.REMOVED, Change.ADDED, Change.KEPT]
    assert diff.pieces[0].text == "begin " and diff.pieces[-1].text == " end"


def test_few_words_that_repeat_a_lot_are_not_compared() -> None:
    old, new = "x " + "a b c " * 120 + "y", "z " + "c b a " * 120 + "q"
    assert len(old.split()) + len(new.split()) < module.MOST_WORDS / 2
    assert word_diff(old, new).whole
    assert not word_diff(old, new.replace("a", "d").replace("b", "e").replace("c", "f")).whole


def test_one_word_more_in_a_long_text_is_found() -> None:
    text = "sea and sky " * 3_000
    assert word_diff(text + "x", text + "y x") == WordDiff(
        (Piece(Change.KEPT, text), Piece(Change.ADDED, "y "), Piece(Change.KEPT, "x"))
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x" * 5_000_000, "y" * 5_000_000),
        ("a b " * 12_000 + "x", "b a " * 12_000 + "y"),
        ("x " + "a b c " * 60 + "y", "z " + "c b a " * 60 + "q"),
        (" ".join(map(str, range(450))) + "!", " ".join(map(str, range(450, 0, -1)))),
    ],
)
def test_no_text_takes_long(old: str, new: str) -> None:
    began = time.process_time()
    word_diff(old, new)
    assert time.process_time() - began < 1
