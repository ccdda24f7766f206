"""Amounts of bytes, read and shown."""

import pytest

from dashboard.domain.text.byte_sizes import read_size, size


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [
        ("0", 0), ("500000", 500_000), ("500M", 500_000_000), ("2.5 GB", 2_500_000_000),
        ("1t", 10**12), (" 3kb ", 3000), ("7B", 7),
    ],
)  # fmt: skip
def test_amounts_are_read_with_and_without_a_unit(text: str, bytes_: int) -> None:
    assert read_size(text) == bytes_


@pytest.mark.parametrize("text", ["", "M", "-5", "1 MiB", "1e9", "nan", "five", "1" * 20])
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError):
        read_size(text)


@pytest.mark.parametrize(
    ("bytes_", "text"),
    [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (3_449_999, "3.4 MB"),
        (999_960, "1.0 MB"), (10**15, "1000.0 TB"),
    ],
)  # fmt: skip
def test_amounts_are_shown_in_their_largest_unit(bytes_: int, text: str) -> None:
    assert size(bytes_) == text
