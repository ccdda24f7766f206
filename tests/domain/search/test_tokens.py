"""Texts into tokens."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.domain.search.tokens import (
    GAP,
    LONGEST_TOKEN,
    MAX_BYTES,
    MAX_TOKENS,
    MOST_PLACES,
    document,
    fold,
    located,
    tokens,
)

TOKENS = (
    ("", ""),
    ("A Lighthouse, at DUSK!", "a lighthouse at dusk"),
    ("image_00001.png", "image 00001 png"),
    ("https://h.example/a/b-c.png?x=1", "https h example a b c png x 1"),
    ("sdxl1.5 c++ it's 4K", "sdxl1 5 c it s 4k"),
    ("Café ÉCOLE Straße İstanbul", "cafe ecole strasse istanbul"),
    ("cafe\u0301 ё й ά", "cafe е и α"),
    ("ﬁne ½ ㎏ Ⅷ ①", "fine 1 2 kg viii 1"),
    ("日本語のガ", "日 本 語 の ガ"),
    ("ｶﾞ カ\u3099", "ガ ガ"),
    ("한국어 테스트", "한 국 어 테 스 트"),
    ("灯台lighthouse塔", "灯 台 lighthouse 塔"),
    ("हिन्दी", "हिन्दी"),
    ("שָׁלוֹם العَرَبِيَّة", "שָׁלוֹם العَرَبِيَّة"),
    ("👩\u200d🚀 ❤\ufe0f 🇩🇪", "👩 🚀 ❤ 🇩 🇪"),
    ("cat🐈cat", "cat 🐈 cat"),
    ("a\0b soft\u00adly\x01x tab\tnew\nline", "ab softlyx tab new line"),
    ("• ¶ … -- %*\"'\\", ""),
    ("\ud800x", "x"),
    ("x" * 70, "x" * LONGEST_TOKEN),
)


@pytest.mark.parametrize(("text", "expected"), TOKENS)
def test_tokens(text: str, expected: str) -> None:
    assert " ".join(tokens(text)) == fold_marks(expected)


def fold_marks(text: str) -> str:
    return " ".join(fold(word) for word in text.split())


@given(st.text())
@example("ﷺ")
@example("\u0345\u0301a")
def test_tokens_of_tokens_are_the_same(text: str) -> None:
    found = tokens(text)
    assert tokens(" ".join(found)) == found
    assert all(found) and GAP not in found
    assert all(len(token) <= LONGEST_TOKEN for token in found)


@given(st.text())
def test_no_token_has_what_a_database_takes_for_more_than_a_letter(text: str) -> None:
    letters = "".join(tokens(text))
    assert all(one.isalnum() or one > "\x7f" for one in letters)
    assert letters.casefold() == letters or fold(letters) == letters
    assert not any(one.isspace() for one in letters)


@given(st.text())
def test_tokens_are_located_where_they_stand(text: str) -> None:
    found = list(located(text))
    assert [token for token, _, _ in found] == tokens(text)
    at = 0
    for token, start, end in found:
        assert at <= start < end <= len(text)
        assert token in tokens(text[start:end])
        at = start


@given(st.text(), st.sampled_from(("upper", "lower", "casefold", "title")))
def test_ascii_is_found_in_any_case(text: str, change: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert tokens(getattr(plain, change)()) == tokens(plain)


def test_a_document_keeps_its_texts_apart_and_within_bounds() -> None:
    assert document(["a b", "", "•", "c"]) == ["a", "b", GAP, "c"]
    assert len(document([" ".join(f"w{at}" for at in range(20_000))])) == MAX_TOKENS
    many = document([f"{'語x' * 5000} {'é' * 60}{at}" for at in range(50)])
    assert len(many) == MAX_TOKENS
    long = document(["\U00010400" * 59 + f"{at} " for at in range(MAX_TOKENS)])
    assert sum(len(token.encode()) for token in long) <= MAX_BYTES


def test_a_document_has_no_token_more_often_than_every_database_keeps() -> None:
    found = document(["the sea " * 300, "the last word", "word " * 20_000])
    assert len(found) == MAX_TOKENS
    assert found.count("the") == found.count("sea") == found.count("word") == MOST_PLACES
    assert found[:4] == ["the", "sea", "the", "sea"]
    assert found[600:605] == [GAP, GAP, "last", "word", GAP], "all others keep their places"
    assert document(["a " * MOST_PLACES + "b"]) == ["a"] * MOST_PLACES + ["b"]
