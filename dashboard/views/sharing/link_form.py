"""What the form of a new link says, and the rows of links."""

from collections.abc import Collection
from datetime import datetime
from typing import TypedDict

from django.http import QueryDict

from dashboard.domain import sharing
from dashboard.presentation.sharing import share_text


class Asked(TypedDict):
    """What the form of a new link says."""

    scopes: Collection[str]
    title: str
    life: str


def asked_of(given: QueryDict, untitled: str = share_text.TITLE) -> Asked:
    """What was filled in; what cannot be read has its default, and is no scope."""
    life = given.get("life", "")
    return {
        "scopes": sharing.known_scopes(given.getlist("tick")),
        "title": share_text.clean_title(given.get("title", ""), untitled),
        "life": life if life in sharing.LIFETIME_DAYS else sharing.DEFAULT_LIFETIME,
    }


def is_blank(given: QueryDict) -> bool:
    """Whether the form has not been filled in yet."""
    return "tick" not in given and "title" not in given


def end_of(asked: Asked, now: datetime) -> datetime | None:
    return sharing.end_of_lifetime(asked["life"], now)
