"""Which runs a list shows: by state, search, pasted IDs, tag, star, or what they belong to."""

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo
from uuid import UUID

from django.db.models import Q

from dashboard.domain.filters.query import RunQuery
from dashboard.models import Run, RunQuerySet
from dashboard.services.runs import labels, names, pasted, run_query

SHOWS = ("attention", "cold", "live")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What a list is asked for; empty where it is asked for nothing."""

    show: str = ""
    q: str = ""
    pasted: tuple[UUID, ...] = ()
    starred: bool = False
    tag: str = ""
    query: RunQuery = RunQuery()
    zone: tzinfo = UTC

    @property
    def any(self) -> bool:
        return bool(self.query.terms) or not self.on_all

    @property
    def on_all(self) -> bool:
        """Whether the tab of all runs is the current one."""
        return not (self.show or self.q or self.pasted or self.starred or self.tag)

    def runs(self, *, every: bool = False) -> RunQuerySet:
        """The seen runs that fit; pasted IDs alone count where there are any.

        Without a filter the live ones are left out, which stand above the list, unless `every`
        run is asked for.
        """
        chosen = Run.objects.seen()
        if self.pasted:
            return chosen.filter(uuid__in=self.pasted)
        if self.starred:
            chosen = chosen.filter(starred=True)
        if self.tag:
            chosen = chosen.filter(pk__in=labels.tagged(self.tag))
        chosen = run_query.narrowed(chosen, self.query, zone=self.zone)
        if self.q:
            return _matching(chosen, self.q)
        return chosen if every and not self.show else self._shown(chosen)

    def _shown(self, chosen: RunQuerySet) -> RunQuerySet:
        if self.show == "attention":
            return chosen.attention()
        if self.show == "cold":
            return chosen.cold()
        if self.show == "live":
            return chosen.live()
        # The list without a filter has its live runs in a strip above it.
        return chosen if self.any else chosen.filter(finished=True)


def _matching(chosen: RunQuerySet, search: str) -> RunQuerySet:
    """Runs whose ID or name begins with the search, or whose title, tags or notes contain it.

    A name is "Run 7c1e9f42", or that of a workflow.
    """
    ids = pasted.ids_in(search)
    if ids:
        return chosen.filter(uuid__in=ids)
    words = search.replace("\0", "").strip()[:LONGEST]
    called = Q(pk__in=labels.saying(words))
    if workflows := list(names.workflows_matching(words)):
        called |= Q(workflow_id__in=workflows)
    prefix = re.sub(r"^run\s+", "", search.strip().lower()).replace("-", "")
    if re.fullmatch(r"[0-9a-f]{1,32}", prefix):
        low, high = UUID(prefix.ljust(32, "0")), UUID(prefix.ljust(32, "f"))
        called |= Q(uuid__gte=low, uuid__lte=high)
    return chosen.filter(called)
