"""Texts that were taken apart letter by letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.text.letters import is_letter, put_together


@pytest.mark.parametrize(
    ("items", "texts"),
    [
        (["c", "a", "t"], ["cat"]),
        (["猫", "と", "海"], ["猫と海"]),
        (["a", " ", "\n", "b"], ["a \nb"]),
        (["o", "k", "👩‍🚀", "👍🏽", "🇩🇪"], ["ok👩‍🚀👍🏽🇩🇪"]),
        (["o", "k", "👩", "\u200d", "🚀"], ["ok👩‍🚀"]),
        (["e\u0301", "t", "é"], ["e\u0301té"]),
        (["e", "\u0301", "t"], ["e\u0301t"]),
        (["1️⃣", "🏴\U000e0067\U000e0062\U000e007f", "x"], ["1️⃣🏴\U000e0067\U000e0062\U000e007fx"]),
        (["A", "B", "C"], ["ABC"]),
        (["A", "B"], ["A", "B"]),
        (["A"], ["A"]),
        ([], []),
        (["A", "B", "C", "no"], ["A", "B", "C", "no"]),
        (["A", "B", ""], ["A", "B", ""]),
        (["A", "B", True], ["A", "B", True]),
        (["猫", "海", "夕焼け"], ["猫", "海", "夕焼け"]),
        (["👍👍", "a", "b"], ["👍👍", "a", "b"]),
    ],
)
def test_letters_are_put_together_and_captions_are_not(
    items: list[object], texts: list[object]
) -> None:
    assert list(put_together(items)) == texts


@given(st.text(min_size=3))
def test_any_text_taken_apart_is_put_together(text: str) -> None:
    assert put_together(list(text)) == [text]


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Z"]), min_size=2))
def test_two_plain_letters_are_never_one(text: str) -> None:
    assert is_letter(text) is (len(unicodedata.normalize("NFC", text)) == 1)
