"""Kept text files as pages show them."""

import pytest

from dashboard.domain.text.text_preview import (
    BEGINNING,
    WHOLE_UP_TO,
    is_readable_text,
    preview_bytes,
    preview_of,
)


def test_the_words_of_a_file_are_read_whatever_they_are_written_in() -> None:
    assert preview_of("Größe 猫\n".encode(), 11).text == "Größe 猫\n"
    assert preview_of(b"\xef\xbb\xbfa,b", 6).text == "a,b"
    assert preview_of("hé".encode("utf-16"), 6).text == "hé"
    assert preview_of(b"caf\xe9 \0", 6).text == "caf\ufffd \ufffd"


def test_secrets_are_masked_as_in_inputs() -> None:
    body = b"see https://me:hunter2@host.example/?token=abc"
    assert preview_of(body, len(body)).text == "see https://•••@host.example/?token=•••"


def test_a_cut_ends_with_a_line_or_before_half_a_letter() -> None:
    words = preview_of(b"one\ntwo\nthr", 100)
    assert (words.text, words.cut) == ("one\ntwo\n", True)
    assert preview_of("né".encode()[:2], 100).text == "n"
    assert not preview_of(b"one", 3).cut


def test_a_long_file_is_shown_by_its_beginning() -> None:
    assert preview_bytes(WHOLE_UP_TO, left=400_000) == WHOLE_UP_TO
    assert preview_bytes(WHOLE_UP_TO + 1, left=400_000) == BEGINNING
    assert preview_bytes(90_000, left=50_000) == BEGINNING
    assert preview_bytes(12, left=50_000) == 12


@pytest.mark.parametrize(
    ("kind", "content_type", "read"),
    [
        ("text", "text/plain", True),
        ("text", "application/json", True),
        ("text", "text/html", True),
        ("file", "application/json", True),
        ("file", "text/html", False),
        ("file", "application/pdf", False),
        ("text", "image/png", False),
        ("model3d", "application/json", False),
    ],
)
def test_what_is_for_reading(kind: str, content_type: str, read: bool) -> None:
    assert is_readable_text(kind, content_type) is read
