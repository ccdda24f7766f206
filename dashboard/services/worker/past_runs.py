"""The watcher's past runs: claimed with what is left of the rate when no run is due."""

import time

from dashboard.models import Run
from dashboard.services import clock
from dashboard.services.clock import claim_moment
from dashboard.services.comfydeploy.token_bucket import TokenBucket, history_bucket, token_bucket
from dashboard.services.runs import board
from dashboard.services.runs.claims import claim_unfetched
from dashboard.services.worker.pool import RefreshJob, RefreshPool

LOOK_EVERY = 1.0  # seconds between looks while there is nothing to claim
FOR_LISTS = 2  # tokens that stay for pages of lists: they fill the board, a run only its page


class PastRuns:
    """Fetches past runs, newest first, at half of the rate at most and after all others."""

    def __init__(self, pool: RefreshPool) -> None:
        self._pool = pool
        self._look_at = float("-inf")

    def claim(self) -> None:
        """Claims past runs that may be requested now and hands them to the pool.

        To be called only while no due run is left and requests may be sent.
        """
        room = self._pool.free_for_past()
        if room <= 0 or time.monotonic() < self._look_at:
            return
        if not _any_waiting():
            self._look_at = time.monotonic() + LOOK_EVERY
            return
        if tokens := _take(room):
            self._submit(tokens)

    def _submit(self, tokens: int) -> None:
        claimed = 0
        try:
            found = claim_unfetched(tokens, clock.now())
            claimed = len(found)
            for run, token in found:
                self._pool.submit(RefreshJob(run, token, past=True))
        finally:
            token_bucket().give_back(tokens - claimed)
            history_bucket().give_back(tokens - claimed)


def _any_waiting() -> bool:
    """Whether a past run is to be fetched; reads the index first, as there mostly is none."""
    waiting = Run.objects.unfetched().unclaimed(claim_moment(clock.now()))
    return waiting.exists() and not board.history_stopped()


def _take(most: int) -> int:
    """Takes a token of both buckets for each of up to `most` requests."""
    bucket = history_bucket()
    own = bucket.take(most, leave=min(FOR_LISTS, int(bucket.burst) - 1))
    tokens = token_bucket().take(own, leave=_reserve(token_bucket()))
    history_bucket().give_back(own - tokens)
    return tokens


def _reserve(bucket: TokenBucket) -> int:
    """The tokens that stay for opened runs, first looks and lists: half of a burst."""
    return int(bucket.burst / 2)
