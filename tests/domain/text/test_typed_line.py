"""How the line of the box is taken apart."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.search.tokens import tokens
from dashboard.domain.text.typed_line import Part, parts_of

LINES = (
    ("", ""),
    ("light house", "light|house"),
    ("-dark --dark ---dark", "-dark|-dark|-dark"),
    ("- -- ---", "-|--|--"),
    ('"light  house" -"at\nnight"', '"light house"|-"at night"'),
    ('--"at night"', '-"at night"'),
    ('say"what is"this', 'say|"what is"|this'),
    ('open "to the end', 'open|"to the end"'),
    ('-"to the end', '-"to the end"'),
    ('"', '""'),
    ("“light house” „sea“ «at dusk» »so« ”x” ＂y＂", '"light house"|"sea"|"at dusk"|"so"|"x"|"y"'),
    ('„typed so" „or open', '"typed so"|"or open"'),
    ('"the “best” one"', '"the “best” one"'),
    ("5” it’s", '5|"it’s"'),
    ("status:failed -Tag:x", "status:failed|-Tag:x"),
    ('--tag:"x y', '-tag:"x y"'),
    ("tag:“x y”", 'tag:"x y"'),
    ("status: x :y a:b:c", "status:|x|:y|a:b:c"),
    ("https://a.b/?c=d", "https://a.b/?c=d"),
)


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_line_is_taken_apart(text: str, expected: str) -> None:
    found = [part.written for part in parts_of(text)]
    assert found == [one for one in expected.split("|") if one]


def test_a_part_knows_what_stood_there() -> None:
    assert list(parts_of('--Tag:"two  words" x')) == [
        Part(True, "Tag", "two  words", True),
        Part(False, "", "x", False),
    ]
    assert next(parts_of('-tag:"two words"')).whole == "tag:two words"


signs = st.sampled_from([*'"“”„«»＂-: ab\n\té_*', "--", "tag:", "x:y", "\u0301", "\xad", "\x1f"])
lines = st.one_of(st.text(max_size=60), st.lists(signs, max_size=30).map("".join))


def one_line(parts: list[Part]) -> list[Part]:
    return [part._replace(text=" ".join(part.text.split())) for part in parts]


@given(lines)
def test_what_is_printed_is_taken_apart_alike(text: str) -> None:
    parts = list(parts_of(text))
    printed = " ".join(part.written for part in parts)
    again = list(parts_of(printed))
    assert " ".join(part.written for part in again) == printed
    assert again == one_line(parts)


@given(lines)
def test_nothing_of_a_word_is_lost(text: str) -> None:
    parts = parts_of(text)
    assert [token for part in parts for token in tokens(part.whole)] == tokens(text)


@pytest.mark.parametrize("text", ["-" * 200_000, '-"' * 100_000, "a:" * 100_000, "“" * 200_000])
def test_no_line_takes_long_to_read(text: str) -> None:
    begun = time.process_time()
    assert list(parts_of(text))
    assert time.process_time() - begun < 2
