"""Which runs a list shows: those of a query, or pasted IDs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from uuid import UUID

from dashboard.domain.filters.query import RunQuery
from dashboard.models import Run, RunQuerySet
from dashboard.services.runs import run_query, run_search


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What a list is asked for; empty where it is asked for nothing."""

    query: RunQuery = RunQuery()
    pasted: tuple[UUID, ...] = ()
    zone: tzinfo = UTC

    @property
    def any(self) -> bool:
        return bool(self.query or self.pasted)

    def runs(self, *, every: bool = False) -> RunQuerySet:
        """The seen runs that fit; pasted IDs alone count where there are any.

        Without a filter the live ones are left out, which stand above the list, unless `every`
        run is asked for.
        """
        seen = Run.objects.seen()
        if self.pasted:
            return seen.filter(uuid__in=self.pasted)
        if not (self.query or every):
            return seen.filter(finished=True)
        chosen = run_query.narrowed(seen, self.query, zone=self.zone)
        words = self.query.words
        return run_search.found(chosen, words) if words else chosen

    def parts(self, *, every: bool = False) -> list[RunQuerySet]:
        """The runs as some querysets that are quickly read newest first; none if they cannot be.

        Of a search's many hits the newest are found by walking, its few are read beforehand.
        """
        if self.pasted:
            return []
        if not self.query.terms:
            return [self.runs(every=every)]
        words = self.query.words
        if words:
            return [self.runs()]
        return [replace(self, query=one).runs() for one in run_query.in_parts(self.query)]

    def stretch(self) -> RunQuerySet:
        """The stretch of the list in which these runs are, with others."""
        return run_query.stretch(self.query, self.zone)

    def among(self, keys: Sequence[int]) -> RunQuerySet | None:
        """Those runs of a search that have one of these keys; None where that is no quicker."""
        if self.pasted or not self.query.words:
            return None
        return run_search.found_among(self._without_words(), self.query.words, keys)

    def few(self) -> RunQuerySet | None:
        """The runs of a search, to be found before they are sorted; None where they may be many."""
        if self.pasted or not self.query.words:
            return None
        return run_search.found_few(self._without_words(), self.query.words)

    def _without_words(self) -> RunQuerySet:
        return run_query.narrowed(Run.objects.seen(), self.query, zone=self.zone)
