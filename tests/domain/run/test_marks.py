"""What people say of outputs: how a mark is read, changed and worded."""

import pytest

from dashboard.domain.run.marks import (
    CHOICES,
    NO_MARK,
    PICKED,
    RATINGS,
    REJECTED,
    Mark,
    NoSuchMark,
    changed,
    read_choice,
    read_rating,
)

NOTHING = Mark()


@pytest.mark.parametrize("rating", [0, *RATINGS])
@pytest.mark.parametrize("choice", CHOICES)
def test_the_same_again_changes_nothing_and_leaves_the_rating(choice: str, rating: int) -> None:
    once = changed(Mark(rating=rating), choice)
    assert once == changed(once, choice) == Mark(choice, rating)
    assert changed(once, "") == Mark(rating=rating)


@pytest.mark.parametrize(("first", "then"), [(PICKED, REJECTED), (REJECTED, PICKED)])
def test_one_choice_takes_the_place_of_the_other(first: str, then: str) -> None:
    assert changed(Mark(first, 3), then) == Mark(then, 3)


@pytest.mark.parametrize("before", [0, *RATINGS])
@pytest.mark.parametrize("rating", RATINGS)
def test_a_rating_takes_the_place_of_another(before: int, rating: int) -> None:
    assert changed(Mark(PICKED, before), rating=rating) == Mark(PICKED, rating)


def test_none_is_said_by_the_empty_word_however_often() -> None:
    for before in (Mark(PICKED, 2), Mark(rating=2), NOTHING):
        assert changed(before, "", 0) == NOTHING


@pytest.mark.parametrize("said", [("starred", None), (None, 6), (None, -1), ("Picked", None)])
def test_what_no_mark_is_is_refused(said: tuple[str | None, int | None]) -> None:
    with pytest.raises(NoSuchMark):
        changed(NOTHING, *said)


@pytest.mark.parametrize("text", ["6", "-1", "1.0", " 1", "١", "five", "01"])
def test_no_rating_is_read_from_nonsense(text: str) -> None:
    with pytest.raises(NoSuchMark):
        read_rating(text)


def test_words_are_read() -> None:
    assert [read_rating(text) for text in ("", "0", "1", "5")] == [0, 0, 1, 5]
    assert [read_choice(text) for text in ("", PICKED, REJECTED)] == ["", PICKED, REJECTED]
    with pytest.raises(NoSuchMark):
        read_choice("favourite")


def test_a_mark_in_words() -> None:
    assert Mark(PICKED, 4).words == "Picked, rated 4 of 5"
    assert Mark(PICKED, 4).verb == "Marked", "whoever marked last may only have rated"
    assert (Mark(rating=1).words, Mark(rating=1).verb) == ("Rated 1 of 5", "Rated")
    assert (Mark(REJECTED).words, Mark(REJECTED).verb) == ("Rejected", "Rejected")
    assert (NO_MARK.words, NO_MARK.verb, bool(NO_MARK)) == ("", "", False)
    assert Mark(PICKED, 4, "mira").nameless() == Mark(PICKED, 4)
