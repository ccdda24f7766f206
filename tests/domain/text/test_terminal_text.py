"""Text without what only a terminal understands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.text.terminal_text import final_lines, without_escapes

PIECES = ("\x1b[31m", "\x1b[0m", "\x1b[38;5;12m", "\x1b[2K", "\x1b]0;title\x07", "\x1b(B", "\x9b1m")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\x1b[92m[rgthree] Loaded\x1b[00m", "[rgthree] Loaded"),
        ("\x1b[0;31mERROR\x1b[0m", "ERROR"),
        ("\x1b[38;2;255;100;0mwarm\x1b[m", "warm"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;ComfyUI\x07ready", "ready"),
        ("\x1b[?25l\x1b[2K\x1b[1Gdone\x1b[?25h", "done"),
        ("\x1b=\x1b>\x1b7kept\x1b8", "kept"),
        ("\x9b32mgreen\x9b0m", "green"),
        ("cut off \x1b[3", "cut off "),
        ("abx\x08c", "abc"),
        ("abc\x08\x08\x08\x08d", "d"),
        ("one\n\x08two", "one\ntwo"),
        ("a" * 50_000 + "\x08" * 50_000, ""),
        ("bell\x07 null\x00", "bell null"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("[0m stays, [32m too", "[0m stays, [32m too"),
        ("naïve – 日本語 👩‍🎨", "naïve – 日本語 👩‍🎨"),
    ],
)
def test_escape_sequences_are_taken_out(text: str, plain: str) -> None:
    assert without_escapes(text) == plain


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text("ab [;m日\n\t", max_size=5))))
def test_nothing_but_escapes_is_lost(parts: list[str]) -> None:
    expected = "".join(part for part in parts if part not in PIECES)

    assert without_escapes("".join(parts)) == expected


@given(st.text())
def test_no_escape_survives_a_second_reading(text: str) -> None:
    plain = without_escapes(text)

    assert "\x1b" not in plain
    assert without_escapes(plain) == plain


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one\ntwo\n", ["one", "two"]),
        ("one\r\ntwo\r\n", ["one", "two"]),
        ("  0%|  | 0/3\r 33%|# | 1/3\r100%|##| 3/3", ["100%|##| 3/3"]),
        ("\r 96%|█| 24/25\r100%|█| 25/25\r\nnext", ["100%|█| 25/25", "next"]),
        (" 50%\r 60%\r", [" 60%"]),
        ("\x1b[2K\r 10%\x1b[2K\r 20%\ndone", [" 20%", "done"]),
        ("", []),
        ("\n\n", ["", ""]),
    ],
)
def test_a_redrawn_line_is_its_last_drawing(text: str, lines: list[str]) -> None:
    assert final_lines(text) == lines
