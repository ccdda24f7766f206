"""Walks over the stored runs in the background, newest first, by one process at a time."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from dashboard.models import Run, RunQuerySet, SharedState
from dashboard.services import clock
from dashboard.services.clock import claim_moment

START, DONE = "start", "done"
LEASED = timedelta(seconds=90)
TURN = 50.0  # seconds of work in a row

Place = tuple[datetime, int]  # a run's place in the list
Work = Callable[[RunQuerySet], Sequence[Place]]
"""Does its work for the newest of these runs; returns where they stand, nothing at the end."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a walk is, and whose turn it is, are two rows of shared state.

    A walk goes by rules, a word without spaces: by others than before it starts again, as it
    does on a new board, and after an update or a restore.
    """

    name: str
    pause: float = 0.02  # seconds between two pieces of work, in which others write

    @property
    def lease(self) -> str:
        return f"{self.name}:lease"

    def start_again(self) -> None:
        """Has it start again; to be called in the transaction that asks for it."""
        SharedState.put(self.name, clock.now(), f"{START} {uuid4().hex}")

    def go_on(self, rules: str, work: Work, stop: Callable[[], bool], seconds: float) -> int:
        """Works for up to `seconds`, each time in one transaction; returns for how many runs."""
        done_before = SharedState.objects.filter(pk=self.name, word=_done(rules)).exists()
        if done_before or not self.claim():
            return 0
        until, done = time.monotonic() + seconds, 0
        try:
            while not stop() and time.monotonic() < until and (some := self._next(rules, work)):
                done += some
                time.sleep(self.pause)
        finally:
            SharedState.objects.filter(pk=self.lease).update(at=clock.now() - LEASED)
        return done

    def claim(self) -> bool:
        """Whether no other process is at it; then it is this one's for a while."""
        now = clock.now()
        for name in (self.name, self.lease):
            row = SharedState(name=name, at=now - LEASED)
            SharedState.objects.bulk_create([row], ignore_conflicts=True)
        free = SharedState.objects.filter(pk=self.lease, at__lte=claim_moment(now, -LEASED))
        return bool(free.update(at=claim_moment(now)))

    @transaction.atomic
    def _next(self, rules: str, work: Work) -> int:
        """Does the next piece of work; 0 where none is left."""
        word = SharedState.objects.values_list("word", flat=True).get(pk=self.name)
        if word == _done(rules):
            return 0
        places = work(_after(rules, word))
        then = f"{rules} {places[-1][0].isoformat()} {places[-1][1]}" if places else _done(rules)
        # Unless the walk was started again meanwhile.
        SharedState.objects.filter(pk=self.name, word=word).update(word=then, at=clock.now())
        return len(places)


def _done(rules: str) -> str:
    return f"{rules} {DONE}"


def _after(rules: str, word: str) -> RunQuerySet:
    """The seen runs after the place of the walk; all where it is at its start."""
    runs = Run.objects.seen()
    went_by, _, place = word.partition(" ")
    moment, _, pk = place.partition(" ")
    if went_by != rules or not pk:
        return runs
    return runs.after(datetime.fromisoformat(moment), int(pk))
