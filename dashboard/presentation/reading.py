"""How far the reading of past runs has come, in words."""

from dashboard.presentation.format import MINUTE, plural, span

FEW = 20  # runs; before that many are read, the time left is not known


def period_text(days: int) -> str:
    """`the last 7 days`, `the last day`."""
    return "the last day" if days == 1 else f"the last {plural(days, 'day')}"


def reading_text(read: int, of: int, days: int, *, listing: bool, stopped: bool) -> str:
    """`Reading the last 7 days: 214 of 600 runs`; while lists are read, `listed so far`."""
    verb = "Stopped reading" if stopped else "Reading"
    if not of:
        return f"{verb} {period_text(days)}"
    so_far = " listed so far" if listing and not stopped else ""
    return f"{verb} {period_text(days)}: {read:,} of {plural(of, 'run')}{so_far}"


def listing_text(done: int, lists: int) -> str:
    """`Listing… 7 of 12 workflows`; empty once all are listed."""
    return f"Listing… {done:,} of {plural(lists, 'workflow')}" if done < lists else ""


def left_text(read: int, seconds: float | None) -> str:
    """`about 3 min left`, from 20 read runs on; rounded up to 10 s and to whole minutes."""
    if seconds is None or read < FEW:
        return ""
    step = 10 if seconds <= MINUTE - 10 else MINUTE
    return f"about {span(max(1, -(-int(seconds) // step)) * step)} left"


def share(read: int, of: int) -> int:
    """Whole percents that are read; 100 only for all of them."""
    return min(99, 100 * read // of) if 0 <= read < of else 100 if of else 0
