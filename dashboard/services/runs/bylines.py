"""Who put which labels on a run."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.runs import labels


@dataclass(frozen=True, slots=True)
class Byline:
    """Who did what, and when; the author of open access has no name."""

    act: str
    author: str
    at: datetime


def bylines(found: labels.Labels) -> list[Byline]:
    """Who gave the title and the star, and the last tag of each person who tagged."""
    acts = [("titled", found.title), ("starred", found.star)]
    latest = {tag.by_id: tag for tag in sorted(found.tags, key=lambda tag: tag.at)}
    acts += [("tagged", tag) for tag in latest.values()]
    return [
        Byline(act, "" if label.author == LOCAL else label.author, label.at)
        for act, label in acts
        if label
    ]
