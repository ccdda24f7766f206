"""Patterns of what is followed: rows with each listing, the list of others, the switch."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid5

from django.contrib.auth.models import User
from django.http import HttpRequest

from dashboard.domain.tally import Tally
from dashboard.http import Context
from dashboard.models import Follow
from dashboard.presentation.follow_text import FEED_LINES, listing_of
from dashboard.presentation.trouble import TROUBLES
from dashboard.services.runs.follow_candidates import Candidate, Candidates
from dashboard.services.runs.follow_overview import Activity, FollowedList
from dashboard.services.runs.shown_names import Shown
from dashboard.styleguide import payloads
from dashboard.styleguide.drawing import Pattern, Patterns, main_of
from dashboard.styleguide.runs import run_of
from dashboard.views.following_context import CountedTwice, Row

NAMED = Shown("lighthouse-flux", deployments=2)
STAGING = Shown("packshot-studio", environment="staging")
DAYS = [Tally(n, n // 6, n // 3, n) for n in (9, 2, 1, 8, 12, 11, 6, 12, 3, 1, 9, 12, 14, 38)]


def followed(request: HttpRequest, now: datetime) -> Patterns:
    """Rows in every state; nothing followed; what the key may not list; a text without an ID."""
    page = {**_page(now), "rows": _rows(now), "twice": [CountedTwice(4, "staging", "packshot")]}
    others = _others(now)
    for name, more in _variants(others).items():
        yield Pattern(name, main_of(request, "following/list.html", **{**page, **more}))


def _variants(others: Candidates) -> dict[str, Context]:
    nothing: Context = {"followed": 0, "rows": [], "twice": []}
    by_hand = {"others": Candidates(may_list=False), "not_listed": "This key can’t list workflows."}
    return {
        "followed": {"others": others},
        "more than fifty, no watcher": {"others": others, "more": 2, "watched": False},
        "all paused, FOLLOW is set": {
            "others": Candidates(), "any_active": False, "follow_is_set": True
        },
        "nothing followed": {**nothing, "others": others},
        "nothing that matches": {"others": Candidates(not_followed=9), "find": "zz"},
        "no ID": {**nothing, **by_hand, "form_error": "No ID found."},
        "seen by a viewer": {"follows_too": False, "switches": False},
    }  # fmt: skip


def _page(now: datetime) -> Context:
    return {
        "followed": 52,
        "runs_today": 107,
        "every": "every 30 s",
        "feed_line": FEED_LINES["on"],
        "any_active": True,
        "follows_too": True,
        "switches": True,
        "follows_all": True,
        "administers": True,
        "watched": True,
        "poll": 10,
        "now": now,
    }


def _rows(now: datetime) -> list[Row]:
    run, _ = run_of(payloads.ended(now, "followed"), now)
    full, few = Activity(DAYS, run), Activity([*DAYS[:-1], Tally(4, 1, 1, 4)], run)
    soon = now + timedelta(seconds=40)
    return [
        _row(1, NAMED, full, {"answered_at": now}, now),
        _row(2, STAGING, few, {"answered_at": now, "every": 120.0}, now, "every 2 min"),
        _row(3, Shown(), Activity(), {}, now),
        _row(4, NAMED, few, {"paused_at": now, "paused_by": User(pk=1, username="jonas")}, now),
        _row(5, Shown("texture-tiles", gone=True), Activity(), {}, now),
        *(
            _row(n, NAMED, full, {"trouble": word, "next_at": soon}, now)
            for n, word in enumerate(TROUBLES, 6)
        ),
    ]


def _row(
    n: int,
    shown: Shown,
    activity: Activity,
    given: Mapping[str, object],
    now: datetime,
    every: str = "",
) -> Row:
    kind = "deployment" if shown.environment else "workflow"
    target = uuid5(payloads.SPACE, str(n))
    row = Follow(pk=n, kind=kind, target=target, **{"next_at": now, **given})
    listing = listing_of(
        kind=kind,
        gone=shown.gone,
        paused_at=row.paused_at,
        paused_by=row.paused_by.username if row.paused_by else "",
        trouble=row.trouble or "",
        next_at=row.next_at,
        answered_at=row.answered_at,
    )
    return Row(FollowedList(row, shown, listing), activity, every)


def _others(now: datetime) -> Candidates:
    run, _ = run_of(payloads.ended(now, "not followed"), now)
    target = uuid5(payloads.SPACE, "other")
    rows = (
        Candidate("workflow", target, Shown("logo-reveal"), run, 38),
        Candidate("deployment", target, STAGING, run),
        Candidate("workflow", target, Shown()),
    )
    return Candidates(rows, len(rows), 9, now)
