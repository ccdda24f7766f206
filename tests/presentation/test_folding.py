import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.presentation.folding import (
    HEAD,
    HEAD_LINES,
    LONGEST_OPENED,
    fold,
    fold_line,
    fold_log,
)


@pytest.mark.parametrize(
    ("text", "cut", "amount", "opens"),
    [
        ("", False, "", False),
        ("x" * HEAD, False, "", False),
        ("x" * (HEAD + 1), True, "2.0 kB", True),
        ("é" * 3000, True, "6.0 kB", True),
        ("\n" * (HEAD_LINES - 1), False, "", False),
        ("a\n" * HEAD_LINES, True, "80 B", True),
        ("x" * LONGEST_OPENED, True, "100.0 kB", True),
        ("x" * (LONGEST_OPENED + 1), True, "100.0 kB", False),
        ("x" * 3_000_000, True, "3.0 MB", False),
        ("\ud800" * 3000, True, "9.0 kB", True),
    ],
)
def test_what_is_longer_than_the_bound_is_cut(
    text: str, cut: bool, amount: str, opens: bool
) -> None:
    found = fold(text)
    assert (found.cut, found.amount, found.opens) == (cut, amount, opens)


@given(st.text(alphabet="ab\n", max_size=300), st.integers(1, 50), st.integers(1, 9))
def test_a_head_begins_the_text_and_keeps_the_bounds(text: str, limit: int, lines: int) -> None:
    found = fold(text, limit, lines)
    assert text.startswith(found.head.removesuffix("…") if found.cut else found.head)
    assert len(found.head) <= limit + 1 and found.head.count("\n") < lines
    assert found.cut or found.head == text


def test_a_long_line_says_its_length() -> None:
    assert fold_line("x" * HEAD) == "x" * HEAD
    assert fold_line("x" * 20_000) == f"{'x' * HEAD}… (20,000 characters)"


@given(st.lists(st.text(alphabet="ab", max_size=9)), st.integers(0, 60_000))
def test_of_a_log_the_end_is_shown(before: list[str], long: int) -> None:
    lines = [*before, "x" * long, "The error"]
    found = fold_log("\n".join(lines))
    assert found.text.endswith("\nThe error")
    assert found.lines + found.lines_left_out == len(lines)
    assert found.cut == (long > HEAD)


def test_a_log_of_any_size_is_bounded() -> None:
    body = "\n".join(f"line {n} " + "y" * 80 for n in range(5000)) + "\n" + "x" * 20_000
    found = fold_log(body)
    assert len(found.text) <= LONGEST_OPENED and found.lines_left_out > 3000
