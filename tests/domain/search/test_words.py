"""The words of the box."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.search.tokens import document, tokens
from dashboard.domain.search.words import MAX_PARTS, MAX_PHRASES, Phrase, Words, read_words, spans

WORDS = (
    ("", ""),
    ("   ", ""),
    ("-", ""),
    ('"', ""),
    ('""', ""),
    ('-""', ""),
    ("* % ? \0 ()", ""),
    ("light", "+light*"),
    ("Light HOUSE", "+light* +house*"),
    ("a", "+a"),
    ("c++", "+c"),
    ('"light house"', "+light house"),
    ('"light"', "+light"),
    ("“light house” „sea“", "+light house +sea"),
    ('-dark -"at night" sea', "+sea* -dark* -at night"),
    ("--dark", "-dark*"),
    ('--"at night" -„a storm“', "-at night -a storm"),
    ('-"at night', "-at night"),
    ("„light house", "+light house"),
    ('"the “light” house" ＂at sea＂', "+the light house +at sea"),
    ('x:"light house" -x:"at night"', "+x light house -x at night"),
    ("light-house", "+light house*"),
    ("image_00001.png", "+image 00001 png*"),
    ("灯台", "+灯 台"),
    ("灯台sea", "+灯 台 sea*"),
    ("🚀", "+🚀"),
    ('open "still typ', "+open* +still typ"),
    ('say"what is"this', "+say* +what is +this*"),
    ("NEAR(a b) AND x OR NOT", "+near a* +b +and* +x +or* +not*"),
    ("light light LIGHT", "+light*"),
    ("مرحبا", "+مرحبا*"),
    ("a\0b", "+ab*"),
)


def written(words: Words) -> str:
    signs = (("+", words.wanted), ("-", words.excluded))
    return " ".join(
        f"{sign}{' '.join(one.tokens)}{'*' if one.prefix else ''}"
        for sign, phrases in signs
        for one in phrases
    )


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_words(text: str, expected: str) -> None:
    words = read_words(text)
    assert written(words) == expected
    assert bool(words) == bool(expected)


MANY = " ".join(f"w{number}" for number in range(MAX_PHRASES))
LONG = " ".join(f"p{number}" for number in range(MAX_PARTS))


@pytest.mark.parametrize(
    ("text", "beyond"),
    [
        (MANY, ""),
        (f"{MANY} w0 - w1", ""),
        (f'{MANY} cat -w0 "a  dog', 'cat -w0 "a dog"'),
        (f'"{LONG}"', ""),
        (f'"{LONG} cat,  dog" sea', "cat, dog"),
        ("語" * MAX_PARTS + "犬", "犬"),
    ],
)
def test_what_is_too_much_is_told(text: str, beyond: str) -> None:
    assert read_words(text).beyond == beyond


NONSENSE = ('"' * 10_000, "-" * 10_000, '-"' * 5_000, "語" * 10_000, "a b " * 2_500, "\0" * 10_000)


@pytest.mark.parametrize("text", NONSENSE)
def test_any_nonsense_is_read_within_bounds(text: str) -> None:
    words = read_words(text)
    assert len(words.wanted) + len(words.excluded) <= 32
    assert all(len(one.tokens) <= 64 for one in words.wanted)


@given(st.text(st.sampled_from('ab "-“”*%é語\0\t:()🚀'), max_size=60))
def test_reading_never_raises_and_gives_tokens_alone(text: str) -> None:
    words = read_words(text)
    for phrase in (*words.wanted, *words.excluded):
        assert phrase.tokens == tuple(tokens(" ".join(phrase.tokens)))
        assert phrase.tokens


MATCHES = (
    ("light", True),
    ("ligh house", True),
    ("ighthouse", False),
    ('"light"', False),
    ('"at dusk"', True),
    ('"dusk at"', False),
    ('"dusk storm"', False),
    ("storm -rain", True),
    ("-lighthouse", False),
    ("-rain", True),
    ('storm -"a storm"', False),
)


@pytest.mark.parametrize(("text", "expected"), MATCHES)
def test_a_document_matches(text: str, expected: bool) -> None:
    found = document(["A lighthouse by the house at dusk", "a storm"])
    assert read_words(text).match(found) is expected


def test_hits_are_marked_where_they_stand_in_the_text() -> None:
    text = "Café «Lighthouse» at dusk, lights: 灯台🚀"
    marked = [
        text[start:end] for start, end in spans(text, read_words('cafe light "at dusk" 台 -x'))
    ]
    assert marked == ["Café", "Lighthouse", "at dusk", "lights", "台"]


TEXTS = st.text(st.sampled_from("abé -._語🚀\0ﬁ½"), max_size=40)


@given(TEXTS, TEXTS)
def test_spans_are_where_the_tokens_fit(text: str, search: str) -> None:
    words = Words(read_words(search).wanted)
    found = spans(text, words)
    assert bool(found) == any(phrase.places(tokens(text)) for phrase in words.wanted)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(first[1] <= second[0] for first, second in zip(found, found[1:], strict=False))


@given(TEXTS)
def test_every_text_is_found_and_marked_by_itself(text: str) -> None:
    if own := tuple(tokens(text)):
        words = Words((Phrase(own),))
        assert words.match(document([text]))
        (span,) = spans(text, words)
        assert tokens(text[slice(*span)]) == list(own)
