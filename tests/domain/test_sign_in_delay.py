"""How long to wait after failed sign-ins."""

from datetime import timedelta

import pytest

from dashboard.domain.sign_in_delay import FREE_OF_ACCOUNT, in_words, wait_after


def test_waits_begin_after_the_free_tries_and_double_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(tries, 5).total_seconds() for tries in (0, 4, 5, 6, 7, 9, 10, 500)]
    assert waits == [0, 0, 30, 60, 120, 480, 900, 900]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (30, "30 seconds"),
        (60, "60 seconds"),
        (90, "2 minutes"),
        (121, "3 minutes"),
        (900, "15 minutes"),
    ],
)
def test_a_wait_is_told_in_words_and_never_too_short(seconds: float, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words


def test_guesses_from_everywhere_never_keep_the_owner_out_for_long() -> None:
    waits = [wait_after(tries, FREE_OF_ACCOUNT) for tries in (99, 100, 101, 5000)]
    assert [wait.total_seconds() for wait in waits] == [0, 30, 60, 60]
