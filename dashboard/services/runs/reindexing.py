"""Indexes runs in the background, newest first: after an update, a restore, or on request."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from dashboard.domain.search.tokens import TOKEN_RULES
from dashboard.models import Run, RunQuerySet, SearchDocument
from dashboard.services.runs import search_index
from dashboard.services.walks import TURN, Place, Walk

log = logging.getLogger(__name__)
WALK = Walk("search")
BATCH = 100
"""Runs indexed in one transaction: some 30 ms, so that writers hardly wait."""
MARKED_AT_ONCE = 1000
CURRENT = Q(search_document__isnull=False, search_document__rules=TOKEN_RULES)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many runs are indexed by the current rules, of how many."""

    indexed: int
    runs: int


def progress() -> Progress:
    runs = Run.objects.seen()
    return Progress(runs.filter(CURRENT).count(), runs.count())


def request_all() -> int:
    """Has every run indexed anew; returns how many. Writes only.

    Until a run's turn it is found by what it was found by before.
    """
    last = 0
    while last := _mark_some(last):
        pass
    WALK.start_again()
    return Run.objects.seen().count()


@transaction.atomic
def _mark_some(after: int) -> int:
    """Marks the next documents by their keys; returns the last key, 0 where none is left."""
    # Locked in order, so that no two wait for each other.
    rows = SearchDocument.objects.select_for_update().filter(pk__gt=after).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:MARKED_AT_ONCE])
    SearchDocument.objects.filter(pk__in=keys).update(rules=0)
    return keys[-1] if keys else 0


def request(runs: RunQuerySet) -> None:
    """Has these runs indexed anew; to be called in the transaction that changes them."""
    # Locked in order, as everywhere.
    rows = SearchDocument.objects.filter(run__in=runs)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    rows.update(rules=0)
    WALK.start_again()


def index_older(stop: Callable[[], bool] = lambda: False, seconds: float = TURN) -> int:
    """Indexes runs that are not, newest first, for up to `seconds`; returns how many were.

    One process at a time. Writes only, and asks ComfyDeploy nothing.
    """
    done = WALK.go_on(str(TOKEN_RULES), _index, stop, seconds)
    if done:
        log.info("%s runs were indexed for the search.", done)
    return done


def _index(runs: RunQuerySet) -> Sequence[Place]:
    places = list(runs.filter(~CURRENT).newest().values_list("sorted_at", "pk")[:BATCH])
    keys = [pk for _, pk in places]
    # Locked first, as everywhere: what is being recorded at this moment is waited for.
    Run.objects.filter(pk__in=keys).lock()
    search_index.index_runs(keys)
    return places
