"""What earlier runs say of one, in words: where a time lies among theirs, and the time left."""

from dataclasses import dataclass
from math import ceil, floor

from dashboard.domain.run.facts import Phase, Timed
from dashboard.domain.run.phases import began_at, elapsed, growing_phase
from dashboard.domain.run.usual import Band, Usual
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import (
    MINUTE,
    THIN,
    capitalized,
    count,
    percent_text,
    plural,
    took,
)

STEP = 5  # seconds; time left is never given more finely


STUCK_STEP = 10


NOTED = 70  # percent of the others from which "usual" becomes "slower than"


LIKELY = "likely end"


ALL, USUAL = "all", "usual"


OVER = f"slower than {percent_text(90)}"


VERBS = {Phase.QUEUE_WAIT: "Waiting", Phase.COLD_START: "Starting"}


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What the past says of a live run: a sentence, and where in the bar its end is likely.

    `likely` is in seconds since the beginning of the phase that grows; `stuck`
    when that phase itself is longer than nine in ten were.
    """

    text: str
    brief: str = ""  # the same for a card, without the sample
    likely: tuple[float, float] | None = None
    stuck: bool = False
    over: bool = False

    @property
    def zone_text(self) -> str:
        return OVER if self.over else LIKELY if self.likely else ""


def rank_text(seconds: float, band: Band) -> str:
    """Where a time lies among the others: "Slower than 71 % of 16 runs", "As usual"."""
    runs, short = plural(band.size, "run"), short_rank(seconds, band)
    if short == USUAL:
        return "As usual"
    return f"{capitalized(short)} {'' if short.endswith(ALL) else 'of '}{runs}"


def short_rank(seconds: float, band: Band) -> str:
    """The same without the sample: "slower than 71 %", "faster than all", "usual"."""
    shorter = band.shorter(seconds)
    longer = sum(value > seconds for value in band.values)
    if shorter == band.size:
        return f"slower than {ALL}"
    if longer == band.size:
        return f"faster than {ALL}"
    if (share := floor(100 * shorter / band.size)) >= NOTED:
        return f"slower than {percent_text(share)}"
    if (share := floor(100 * longer / band.size)) > 75:
        return f"faster than {percent_text(share)}"
    return USUAL


def time_left(run: Timed, visibility: Visibility, usual: Usual | None) -> TimeLeft | None:
    """What is likely of a live run; None where nothing can be said or we do not see it."""
    phase = growing_phase(run)
    if usual is None or phase is None or visibility.lost:
        return None
    since = began_at(run, phase)
    if since is None:
        return None
    seconds = elapsed(since, visibility)
    end = _end_band(usual, phase)
    likely = _likely(usual, phase, seconds, end) if end else None
    stuck = _stuck(usual, phase, seconds)
    if stuck:
        return TimeLeft(stuck, OVER, likely, stuck=True)
    if phase == Phase.QUEUE_WAIT and usual.queue_wait:
        band = usual.queue_wait
        brief = f"usually queued {_between(band.p25, band.p90)}"
        return TimeLeft(f"{capitalized(brief)} ({plural(band.size, 'run')})", brief, likely)
    if end is None:
        return None
    if likely is None:
        return TimeLeft(f"{capitalized(OVER)} of {_sample(usual, end)}", OVER, over=True)
    text = range_text(likely[0] - seconds, likely[1] - seconds)
    return TimeLeft(f"{text} ({_sample(usual, end)})", text[:1].lower() + text[1:], likely)


def _end_band(usual: Usual, phase: Phase) -> Band | None:
    """How long earlier runs took from the beginning of this phase to their end."""
    bands = {Phase.QUEUE_WAIT: usual.total, Phase.COLD_START: usual.from_queued}
    return bands.get(phase, usual.run)


def _likely(usual: Usual, phase: Phase, seconds: float, end: Band) -> tuple[float, float] | None:
    """From when to when the end is likely; a late start moves it on, for the rest is to come."""
    rest = {Phase.QUEUE_WAIT: usual.from_queued, Phase.COLD_START: usual.run}.get(phase)
    if rest is not None:
        return max(end.p50, seconds + rest.p50), max(end.p90, seconds + rest.p90)
    return (end.p50, end.p90) if seconds <= end.p90 else None


def _stuck(usual: Usual, phase: Phase, seconds: float) -> str:
    """A wait or a start that goes on for longer than nine in ten did, in a sentence."""
    band = {Phase.QUEUE_WAIT: usual.queue_wait, Phase.COLD_START: usual.cold_start}.get(phase)
    if band is None or seconds <= band.p90 or seconds < STUCK_STEP:
        return ""
    whole = took(seconds // STUCK_STEP * STUCK_STEP).replace(f".0{THIN}", THIN)
    shorter, size = band.shorter(seconds), band.size
    than = f"all {count(size)}" if shorter == size else f"{count(shorter)} of {count(size)}"
    return f"{VERBS[phase]} for over {whole}, longer than {than} {_runs(usual)}"


def _between(low: float, high: float) -> str:
    """A range in whole seconds: `1–39 s`, `under 1 s`, `40 s to 1 m 06 s`."""
    first, last = round(low), round(high)
    if high < 1:
        return f"under 1{THIN}s"
    if last >= MINUTE:
        return f"{_whole(first)} to {_whole(last)}" if first else f"up to {_whole(last)}"
    return f"{first}–{last}{THIN}s" if first < last else f"{last}{THIN}s"


def range_text(low: float, high: float) -> str:
    """A range in steps of 5 s that never reaches zero: `About 20–35 s left`."""
    first = max(0, floor(low / STEP) * STEP)
    last = max(ceil(high / STEP) * STEP, first + STEP)
    if first == 0:
        return f"Up to about {_whole(last)} left"
    if last < MINUTE:
        return f"About {first}–{last}{THIN}s left"
    return f"About {_whole(first)} to {_whole(last)} left"


def _whole(seconds: int) -> str:
    return took(seconds).replace(f".0{THIN}", THIN)


def _sample(usual: Usual, band: Band) -> str:
    """How many runs a number comes from, and of which kinds of start where both are in it."""
    return (
        plural(band.size, "run") if usual.start_kind else f"{count(band.size)} cold and warm starts"
    )


def _runs(usual: Usual) -> str:
    on = f" on {usual.gpu}" if usual.gpu else ""
    return f"runs{on}"
