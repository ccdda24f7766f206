"""What a row of "Following" says: its listing in words, shares of today's runs, a small chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.tally import Tally
from dashboard.presentation.format import count, percent_text, plural, span

FEWEST = 5  # runs that a share needs
MANY_FAILED = 10  # percent, from which the share of failed runs is red
WIDTH, HEIGHT, ROOM = 112, 24, 22  # of the chart, and how high its highest bar is
BAR, GONE, PAUSED, FIRST, LISTED = 6, "gone", "paused", "first-listing", "listed"
FEED_LINES = {
    "on": "New runs show within seconds.",
    "connecting": "Connecting to the live feed: new runs come with the next listing.",
    "off": "The live feed is off: new runs come with the next listing.",
}
TROUBLE_WORDS = {
    Trouble.RATE_LIMITED: "asked to slow down",
    Trouble.NOT_FOUND: "not found, or this key can’t read it",
    Trouble.FORBIDDEN: "not found, or this key can’t read it",
    Trouble.KEY_REJECTED: "API key rejected",
    Trouble.TIMED_OUT: "ComfyDeploy didn’t answer in time",
    Trouble.UNREACHABLE: "can’t reach ComfyDeploy",
    Trouble.BAD_ANSWER: "unexpected answer from ComfyDeploy",
}
OTHER_TROUBLE = "ComfyDeploy returned an error"


@dataclass(frozen=True, slots=True)
class Listing:
    """How a row's listing goes: a word for JSON, and a sentence that may end in a moment."""

    word: str
    tone: str  # done, late, fail or neutral
    text: str
    at: datetime | None = None
    form: str = ""  # how the moment is shown
    by: str = ""  # who paused it


def listing_of(
    *,
    kind: str,
    gone: bool,
    paused_at: datetime | None,
    paused_by: str,
    trouble: str,
    next_at: datetime,
    answered_at: datetime | None,
) -> Listing:
    """The state of one row's listing; `trouble` is "" where the last answer was good."""
    if gone:
        return Listing(GONE, "fail", "not in ComfyDeploy any more")
    if paused_at:
        text = "paused by" if paused_by else "paused"
        return Listing(PAUSED, "neutral", text, paused_at, "at", paused_by)
    if trouble:
        return Listing(trouble, "late", f"{_trouble(kind, trouble)}, next try", next_at, "clock")
    if answered_at is None:
        return Listing(FIRST, "neutral", "first listing…")
    return Listing(LISTED, "done", "listed", answered_at, "age")


def _trouble(kind: str, trouble: str) -> str:
    if trouble in (Trouble.NOT_FOUND, Trouble.FORBIDDEN):
        return f"{kind} {TROUBLE_WORDS[Trouble.NOT_FOUND]}"
    return TROUBLE_WORDS.get(Trouble(trouble), OTHER_TROUBLE) if _known(trouble) else OTHER_TROUBLE


def _known(trouble: str) -> bool:
    return trouble in set(Trouble)


def every_text(seconds: float) -> str:
    """How often a list is asked for: `every 15 s`."""
    return f"every {span(round(seconds))}"


@dataclass(frozen=True, slots=True)
class Share:
    """A share of today's runs: `21 %`, `3 of 14`; only `words` where there is none."""

    percent: str = ""
    of: str = ""
    words: str = ""
    many: bool = False


def failed_share(today: Tally) -> Share:
    return _share(today.failed, today.runs, MANY_FAILED)


def cold_share(today: Tally) -> Share:
    """Of the runs whose start is known."""
    return _share(today.cold, today.started, 0)


def _share(part: int, whole: int, many: int) -> Share:
    if whole < FEWEST:
        return Share(words="too few" if whole else "")
    percent = (200 * part + whole) // (2 * whole)  # half up
    return Share(percent_text(percent), f"{count(part)} of {count(whole)}", many=percent >= many)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of 14 days as outlines in a field of 112 × 24; the name is for screen readers."""

    name: str
    past: str
    today: str
    failed: str


def chart(days: Sequence[Tally]) -> Chart:
    """The chart of these days, today last; failed runs stand at the top of their bar."""
    most = max(1, *(day.runs for day in days))
    bars = [_bars(at, day, most, len(days)) for at, day in enumerate(days)]
    *past, today = (whole for whole, _ in bars)
    failed = "".join(part for _, part in bars)
    return Chart(_chart_name(days), "".join(past), today, failed)


def _bars(at: int, day: Tally, most: int, days: int) -> tuple[str, str]:
    x, height = at * WIDTH // days, max(1.0, ROOM * day.runs / most)
    failed = max(2.0, height * day.failed / day.runs) if day.failed else 0.0
    whole = _outline(x, HEIGHT - height, height)
    return whole, _outline(x, HEIGHT - max(height, failed), failed) if failed else ""


def _outline(x: float, y: float, height: float) -> str:
    return f"M{x:g} {y:.1f}h{BAR}v{height:.1f}h-{BAR}z"


def _chart_name(days: Sequence[Tally]) -> str:
    total, failed = (sum(getattr(day, name) for day in days) for name in ("runs", "failed"))
    if not total:
        return f"No runs in {len(days)} days"
    counts = ", ".join(count(day.runs) for day in days)
    told = f", {count(failed)} of them failed" if failed else ""
    return f"{plural(total, 'run')} in {len(days)} days{told}; by day, today last: {counts}"
