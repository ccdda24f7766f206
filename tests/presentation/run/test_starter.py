"""Who started a run: the letters in place of a picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.presentation.run.starter import Starter


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Mira Okafor", "MO"),
        ("mira", "M"),
        ("Ana Maria de la Cruz", "AC"),
        ("  (Mira)   \u201cOkafor\u201d ", "MO"),
        ("\u00dfen", "S"),
        ("\u00e9mile zola", "\u00c9Z"),
        ("\u05e0\u05d5\u05e2\u05d4 \u05dc\u05d5\u05d9", "\u05e0\u05dc"),
        ("\U0001f469\u200d\U0001f467 Ok", "O"),
        ("\U0001f525", ""),
        ("<b>x</b>", "B"),
        ("", ""),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, initials: str) -> None:
    assert Starter("user_x", name).initials == initials


@given(st.text(max_size=200))
def test_initials_are_two_characters_at_most(name: str) -> None:
    initials = Starter("user_x", name).initials
    assert len(initials) <= 2
    assert not set(initials) & set("<>&\"' ")
