"""What is followed, in rows: names, listings, and the runs of the last 14 days. Reads only.

Each kind of fact is one query, whatever the number of rows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dashboard.domain.listing import DEPLOYMENT, WORKFLOW
from dashboard.domain.tally import Tally
from dashboard.models import Follow, Run
from dashboard.presentation.follow_text import Listing, listing_of
from dashboard.services.comfydeploy import gate
from dashboard.services.runs import run_counts, shown_names
from dashboard.services.runs.shown_names import Shown

KINDS = (WORKFLOW, DEPLOYMENT)


@dataclass(frozen=True, slots=True)
class FollowedList:
    """One row: what is followed, and how its listing goes."""

    row: Follow
    shown: Shown
    listing: Listing

    @property
    def id(self) -> str:
        return str(self.row.target)

    @property
    def order(self) -> tuple[bool, bool, bool, str, str, str]:
        """Those that are listed first, by name; the paused and the lost ones below."""
        name = self.shown.name.casefold()
        return (
            self.shown.gone,
            self.row.paused_at is not None,
            not name,
            name,
            self.row.kind,
            self.id,
        )


@dataclass(frozen=True, slots=True)
class Activity:
    """The runs of one row: 14 days, today last, and the newest run."""

    days: Sequence[Tally] = field(default=(Tally(),) * run_counts.DAYS)
    last: Run | None = None

    @property
    def today(self) -> Tally:
        return self.days[-1]


def followed_lists(now: datetime) -> list[FollowedList]:
    """Everything that is followed, in the order of the page."""
    rows = list(Follow.objects.followed().select_related("paused_by"))
    known = shown_names.known([(row.kind, row.target) for row in rows])
    stop = gate.current_stop(now)
    reason, until = (stop.reason, stop.until) if stop else ("", None)
    found = []
    for row in rows:
        shown = known.show(row.kind, row.target)
        listing = listing_of(
            kind=row.kind,
            gone=shown.gone,
            paused_at=row.paused_at,
            paused_by=row.paused_by.username if row.paused_by else "",
            trouble=row.trouble or reason,
            next_at=max(row.next_at, until) if until else row.next_at,
            answered_at=row.answered_at,
        )
        found.append(FollowedList(row, shown, listing))
    return sorted(found, key=lambda each: each.order)


def ids_by_kind(lists: Collection[FollowedList]) -> dict[str, list[str]]:
    return {kind: [each.id for each in lists if each.row.kind == kind] for kind in KINDS}


def runs_today(lists: Collection[FollowedList], now: datetime) -> int:
    """How many of their runs are of today; one that two of them have counts once."""
    return run_counts.count_today(ids_by_kind(lists), now) if lists else 0


def activity(lists: Collection[FollowedList], now: datetime) -> dict[int, Activity]:
    """For each row's key: its runs of 14 days and the newest one."""
    days = {kind: run_counts.by_day(kind, ids, now) for kind, ids in ids_by_kind(lists).items()}
    last = newest(lists)
    none = Activity().days
    return {
        each.row.pk: Activity(days[each.row.kind].get(each.id, none), last.get(each.row.pk))
        for each in lists
    }


def newest(lists: Collection[FollowedList]) -> dict[int, Run]:
    """The newest run of each row that has any, by the row's key."""
    keys: dict[int, int | None] = {}
    for kind in KINDS:
        rows = Follow.objects.filter(kind=kind, pk__in=[each.row.pk for each in lists])
        keys.update(run_counts.with_newest(rows, kind, "target").values_list("pk", "newest_run"))
    runs = run_counts.runs_of(keys.values())
    return {pk: runs[key] for pk, key in keys.items() if key in runs}


def today(lists: Collection[FollowedList], now: datetime) -> dict[int, int]:
    """How many runs each row has today, by its key; rows without any are left out."""
    ids = ids_by_kind(lists)
    counts = {kind: run_counts.today(kind, each, now) for kind, each in ids.items()}
    return {
        each.row.pk: counts[each.row.kind][each.id].runs
        for each in lists
        if each.id in counts[each.row.kind]
    }
