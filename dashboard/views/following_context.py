"""What the page of what is followed shows: its rows, the list of others, and the JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from dashboard import __version__
from dashboard.access import may_administer, may_label
from dashboard.domain.listing import DEPLOYMENT, WORKFLOW
from dashboard.http import Context
from dashboard.models import Run, SharedState
from dashboard.presentation import follow_text
from dashboard.presentation.follow_text import Chart, Share
from dashboard.presentation.not_listed import not_listed_sentence
from dashboard.presentation.words import StatusWords, status_words
from dashboard.services import clock
from dashboard.services.comfydeploy import shared_state
from dashboard.services.comfydeploy.feed_lease import feed_state
from dashboard.services.runs import board, directory, follow_candidates, follow_overview, history
from dashboard.services.runs.follow_overview import Activity, FollowedList
from dashboard.views.connection_notice import connection_context
from dashboard.views.responses import json_moment

LONGEST = 200  # characters of a search that count
PAGE, POLL_SECONDS, POLL_ALL_SECONDS = 50, 10, 60


@dataclass(frozen=True, slots=True)
class Row:
    """One row as its template draws it."""

    one: FollowedList
    activity: Activity
    every: str  # "" where the head of the column says it for all

    @property
    def words(self) -> StatusWords | None:
        last = self.activity.last
        if last is None:
            return None
        assumed = last.status == "timeout" and last.ended_at is None
        return status_words(last.status, finished=last.finished, assumed=assumed)

    @property
    def failed(self) -> Share:
        return follow_text.failed_share(self.activity.today)

    @property
    def cold(self) -> Share:
        return follow_text.cold_share(self.activity.today)

    @property
    def chart(self) -> Chart:
        return follow_text.chart(self.activity.days)


@dataclass(frozen=True, slots=True)
class CountedTwice:
    """Runs of a deployment today that stand in the row of its workflow, too."""

    runs: int
    environment: str
    workflow: str


def page_context(request: HttpRequest) -> Context:
    """The whole page."""
    context = rows_context(request)
    if may_label(request.user):
        context |= others_context(request)
    return {
        **context,
        **connection_context(),
        "watched": shared_state.watcher_alive(SharedState.read(), clock.now()),
        "administers": may_administer(request.user),
    }


def rows_context(request: HttpRequest) -> Context:
    """The head and the rows: the first 50, or all where that is asked for."""
    now = clock.now()
    lists = follow_overview.followed_lists(now)
    everything = request.GET.get("all") == "1"
    shown = lists if everything else lists[:PAGE]
    found = follow_overview.activity(shown, now)
    every = {follow_text.every_text(each.row.every) for each in lists}
    alike = every.pop() if len(every) == 1 else ""
    context: Context = {
        "rows": [_row(each, found[each.row.pk], alike) for each in shown],
        "followed": len(lists),
        "more": len(lists) - len(shown),
        "every": alike,
        "runs_today": follow_overview.runs_today(lists, now),
        "any_active": any(not each.row.paused_at for each in lists),
        "twice": counted_twice(shown, found),
        "feed_line": follow_text.FEED_LINES[feed_state(SharedState.read(), now)],
        "follows_too": may_label(request.user),
        "switches": may_administer(request.user),
        "follows_all": board.follows_all(),
        "follow_is_set": settings.FOLLOW_IS_SET,
        "rows_url": reverse("following_rows") + ("?all=1" if everything else ""),
        "here": reverse("following") + ("?all=1" if everything else ""),
        "poll": POLL_ALL_SECONDS if everything and len(lists) > PAGE else POLL_SECONDS,
        "now": now,
    }
    return {**context, "tag": _rows_tag(context)}


def _row(one: FollowedList, found: Activity, alike: str) -> Row:
    every = "" if alike else follow_text.every_text(one.row.every)
    return Row(one, found, every if one.listing.word == follow_text.LISTED else "")


def counted_twice(lists: Sequence[FollowedList], found: dict[int, Activity]) -> list[CountedTwice]:
    """The deployments with runs today whose workflow is followed as well."""
    names = {each.id: each.shown.name for each in lists if each.row.kind == WORKFLOW}
    return [
        CountedTwice(runs, each.shown.environment, names[each.shown.workflow_id])
        for each in lists
        if each.row.kind == DEPLOYMENT and each.shown.workflow_id in names
        if (runs := found[each.row.pk].today.runs)
    ]


def _rows_tag(context: Context) -> str:
    """The ptag of the rows: it changes with all that they show, and not with the time."""
    shown = {name: value for name, value in context.items() if name != "now"}
    rows = [
        (row.one.shown, row.one.listing, row.activity.days, row.every, row.one.row.pk, *_last(row))
        for row in context["rows"]  # type: ignore[attr-defined]
    ]
    return sha256(repr({**shown, "rows": rows, "version": __version__}).encode()).hexdigest()[:24]


def _last(row: Row) -> tuple[object, ...]:
    last = row.activity.last
    return (last.uuid, last.status, last.created_at) if last else ()


def others_context(request: HttpRequest) -> Context:
    """What is not followed and matches the search."""
    text = request.GET.get("find", "")[:LONGEST]
    return {
        "find": text,
        "others": follow_candidates.find(text, clock.now()),
        "not_listed": not_listed_sentence(set(directory.not_listed())),
        "now": clock.now(),
    }


def told(now: datetime) -> Context:
    """The same as JSON, by the names that others rely on; null is "not known"."""
    lists = follow_overview.followed_lists(now)
    newest = follow_overview.newest(lists)
    today = follow_overview.today(lists, now)
    return {
        "feed": feed_state(SharedState.read(), now),
        "lists": [
            {
                "kind": each.row.kind,
                "id": each.id,
                "name": each.shown.name or None,
                "environment": each.shown.environment or None,
                "state": each.listing.word,
                "listed_at": json_moment(each.row.answered_at),
                "every": each.row.every,
                "runs_today": today.get(each.row.pk, 0),
                "newest": json_moment(_newest_at(each, newest)),
            }
            for each in lists
        ],
        "backfill": _backfill(now),
    }


def _newest_at(each: FollowedList, newest: dict[int, Run]) -> datetime | None:
    """When the newest run was created that was listed, or that is here."""
    run = newest.get(each.row.pk)
    return each.row.newest_at or (run.created_at if run else None)


def _backfill(now: datetime) -> Context | None:
    """How far the reading of past runs is; None where none were ever wanted."""
    past = history.progress(now)
    return None if past is None else {"read": past.read, "of": past.of, "done": past.done}
