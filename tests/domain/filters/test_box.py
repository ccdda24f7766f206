"""What the box takes: filters among words."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.filters.box import read_box
from dashboard.domain.filters.fields import NAMES
from dashboard.domain.search.tokens import tokens
from dashboard.domain.search.words import read_words


@pytest.mark.parametrize(
    ("text", "pairs", "words"),
    [
        ("", [], ""),
        ("dragon", [], "dragon"),
        ("status:failed dragon", [("status", "failed")], "dragon"),
        ("a -STATUS:failed,timeout b", [("status!", "failed,timeout")], "a b"),
        ('workflow:"two words" -"red  cat', [("workflow", '"two words"')], '-"red cat"'),
        ("total:>60 created:7d..8d", [("total", ">60"), ("created", "7d..8d")], ""),
        (
            "https://a.b/?status=failed x:y status: z",
            [],
            "https://a.b/?status=failed x:y status: z",
        ),
        ('"status:failed" - -- "', [], '"status:failed" - -- ""'),
        ("created:7d:8", [("created", "7d:8")], ""),
        ('--status:failed --"at night"', [("status!", "failed")], '-"at night"'),
        ('workflow:"x y', [("workflow", '"x y"')], ""),
        ("-workflow:„x y“ «at night» red", [("workflow!", '"x y"')], '"at night" red'),
        ('workflow:"the “best” one"', [("workflow", '"the “best” one"')], ""),
        ('x:"a  b" -x:"c', [], 'x:"a b" -x:"c"'),
    ],
)
def test_filters_are_told_from_words(text: str, pairs: list[tuple[str, str]], words: str) -> None:
    assert read_box(text) == (tuple(pairs), words)


parts = st.sampled_from(
    [
        *'"“”„«-: a\né*',
        "--",
        "status:",
        "TAG:",
        "x:y",
        '"b c"',
        "„b c“",
        "\u0301",
        "\xad",
        "\x1f",
        "語",
    ]
)
lines = st.one_of(st.text(max_size=60), st.lists(parts, max_size=20).map("".join))


@given(lines)
def test_words_read_again_are_the_same_words(text: str) -> None:
    typed = read_box(text)
    assert read_box(typed.words) == ((), typed.words)
    assert all(name.removesuffix("!") in NAMES for name, _ in typed.pairs)


@given(lines)
def test_the_words_mean_what_the_line_meant(text: str) -> None:
    """What the box gives on is searched as the whole line would be, but for its filters."""
    typed = read_box(text)
    if not typed.pairs:
        assert read_words(typed.words) == read_words(text)
    printed = "\n".join(f"{name} {value}" for name, value in typed.pairs)
    assert Counter(tokens(f"{printed}\n{typed.words}")) == Counter(tokens(text))
