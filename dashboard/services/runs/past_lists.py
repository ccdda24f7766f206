"""Lists the past runs of what is followed, page by page, as far back as BACKFILL_DAYS says."""

import logging
from datetime import datetime, timedelta

from dashboard.models import Follow
from dashboard.services.jitter import jittered
from dashboard.services.runs import listed
from dashboard.services.runs.run_lists import ask_for_page, is_end_of_history
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
PAGE_SIZE = 100
OVERLAP = 5  # rows: the runs that end a page may have moved to the next one by then
MOST_ROWS = 20_000
FIRST_WAIT, LONGEST_WAIT = 30.0, 600.0  # seconds


def list_page(follow: Follow, now: datetime) -> int:
    """Asks for one page of past runs and stores the new ones; returns how many are.

    Asks and writes. The next page is due at once, behind those of other lists. An
    upstream error is not raised; the same page is asked for again later.
    """
    if follow.history_from is None:
        _update(follow, history_at=None)
        return 0
    offset = max(0, follow.history_offset - OVERLAP)
    try:
        page = ask_for_page(follow, offset, PAGE_SIZE, token_taken=True, since=follow.history_from)
    except UpstreamError as error:
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(follow.failures, 10))
        wait = max(wait, error.retry_after or 0.0)
        _update(follow, history_at=now + timedelta(seconds=jittered(wait)))
        log.info("No past runs of %s: %s.", follow, error.trouble)
        return 0
    found = listed.take(page.runs, now, target=follow.target, not_before=follow.history_from)
    passed = offset + page.sent
    if passed >= MOST_ROWS or is_end_of_history(page, PAGE_SIZE, follow.history_from):
        _update(follow, history_at=None, history_done_at=now, history_offset=passed)
    else:
        _update(follow, history_at=now, history_offset=passed)
    return found


def _update(follow: Follow, **changes: object) -> None:
    Follow.objects.filter(pk=follow.pk).update(**changes)
