"""What people say of an output: picked or rejected, and a rating from 1 to 5."""

from dataclasses import dataclass
from datetime import datetime

PICKED, REJECTED = "picked", "rejected"
CHOICES = (PICKED, REJECTED)
RATINGS = range(1, 6)
NO_CHOICE, NO_RATING = "", 0


class NoSuchMark(ValueError):
    """A choice or a rating that there is not."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one output; `by` is empty where nobody is named, `at` None where nobody is."""

    choice: str = NO_CHOICE
    rating: int = NO_RATING
    by: str = ""
    at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.choice or self.rating)

    @property
    def verb(self) -> str:
        """What was done, as a sentence begins; `Marked` where more than one thing was.

        Only who marked last is known, who may have picked or rated.
        """
        if self.choice and self.rating:
            return "Marked"
        return (self.choice or "rated").capitalize() if self else ""

    @property
    def words(self) -> str:
        """The mark in words: `Picked, rated 4 of 5`."""
        rated = f"rated {self.rating} of 5" if self.rating else ""
        told = ", ".join(filter(None, (self.choice, rated)))
        return told[:1].upper() + told[1:]

    def nameless(self) -> "Mark":
        """The same without who and when."""
        return Mark(self.choice, self.rating)


NO_MARK = Mark()


def read_choice(text: str) -> str:
    """A choice as it is sent; empty is none. Raises NoSuchMark."""
    if text not in (*CHOICES, NO_CHOICE):
        raise NoSuchMark(text)
    return text


def read_rating(text: str) -> int:
    """A rating as it is sent: one digit, empty or 0 is none. Raises NoSuchMark."""
    if text in ("", "0"):
        return NO_RATING
    if text not in map(str, RATINGS):
        raise NoSuchMark(text)
    return int(text)


def changed(before: Mark, choice: str | None = None, rating: int | None = None) -> Mark:
    """The mark with another choice or rating; None leaves it as it is, empty or 0 takes it back.

    Who and when are the caller's to add. Raises NoSuchMark.
    """
    if choice not in (None, NO_CHOICE, *CHOICES) or rating not in (None, NO_RATING, *RATINGS):
        raise NoSuchMark(choice, rating)
    return Mark(
        before.choice if choice is None else choice,
        before.rating if rating is None else rating,
    )
