"""How a run compares with those before it of the same workflow, GPU and start kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor
from statistics import quantiles

from dashboard.domain.durations import COLD
from dashboard.domain.facts import Sight, Timed
from dashboard.domain.format import MINUTE, THIN, count, percent_text, plural, took
from dashboard.domain.phases import elapsed, growing_phase

LEAST = 5
STEP = 5  # seconds; time left is never told finer
STUCK_STEP = 10
NOTED = 70  # percent of the others from which "usual" becomes "slower than"
LIKELY = "likely to end here"
OVER = "longer than 9 in 10"
VERBS = {"queue_wait": "Waiting", "cold_start": "Starting"}


@dataclass(frozen=True, slots=True)
class Past:
    """The times of a run that is over, in seconds; `done` = it ended without an error."""

    pk: int
    done: bool
    queue_wait: float | None = None
    cold_start: float | None = None
    run: float | None = None
    total: float | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """One time of many runs: seconds in rising order and three marks in them."""

    values: tuple[float, ...]
    p25: float
    p50: float
    p90: float

    @property
    def size(self) -> int:
        return len(self.values)

    def shorter(self, seconds: float) -> int:
        """How many of the runs took less."""
        return sum(value < seconds for value in self.values)


@dataclass(frozen=True, slots=True)
class Usual:
    """The bands of earlier runs; one with fewer than five values is None.

    `size` is how many runs there are at all. `start_kind` is None while the
    start of the run in question is not known: then both kinds are in it.
    """

    size: int
    start_kind: str | None
    gpu: str | None
    queue_wait: Band | None = None
    cold_start: Band | None = None
    run: Band | None = None
    total: Band | None = None
    from_queued: Band | None = None  # cold start and run together


@dataclass(frozen=True, slots=True)
class Left:
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


def usual_of(
    past: Iterable[Past],
    *,
    start_kind: str | None,
    gpu: str | None,
    without: int | None = None,
) -> Usual:
    """The bands of these runs; `without` is the key of the run that is compared with them.

    The run and total of those that did not end well say nothing and are left out.
    """
    rows = [row for row in past if row.pk != without]
    well = [row for row in rows if row.done]
    return Usual(
        size=len(rows),
        start_kind=start_kind,
        gpu=gpu,
        queue_wait=_band(row.queue_wait for row in rows),
        cold_start=_band(row.cold_start for row in rows),
        run=_band(row.run for row in well),
        total=_band(row.total for row in well),
        from_queued=_band(
            row.cold_start + row.run
            for row in well
            if row.cold_start is not None and row.run is not None
        ),
    )


def _band(found: Iterable[float | None]) -> Band | None:
    values = tuple(sorted(value for value in found if value is not None and value >= 0))
    if len(values) < LEAST:
        return None
    marks = quantiles(values, n=20, method="inclusive")
    return Band(values, marks[4], marks[9], marks[17])


def kind_now(run: Timed, sight: Sight, cold_after: float) -> str | None:
    """The start kind to compare with: None while it is not known yet.

    A start that already takes longer than the limit is cold, whenever it ends.
    """
    if run.finished or run.cold_start is not None:
        return run.start_kind
    if growing_phase(run) != "cold_start" or run.queued_at is None:
        return None
    return COLD if elapsed(run.queued_at, sight) > cold_after else None


def place(seconds: float, band: Band) -> str:
    """Where a time lies among the others: "usual", "slower than 71 %", "faster than 80 %"."""
    shorter = band.shorter(seconds)
    longer = sum(value > seconds for value in band.values)
    if shorter == band.size:
        return f"slower than all {count(band.size)}"
    if longer == band.size:
        return f"faster than all {count(band.size)}"
    if (share := floor(100 * shorter / band.size)) >= NOTED:
        return f"slower than {percent_text(share)}"
    if (share := floor(100 * longer / band.size)) > 75:
        return f"faster than {percent_text(share)}"
    return "usual"


def left(run: Timed, sight: Sight, usual: Usual | None) -> Left | None:
    """What is likely of a live run; None where nothing can be said or we do not see it."""
    name = growing_phase(run)
    if usual is None or name is None or sight.lost:
        return None
    since = _since(run, name)
    if since is None:
        return None
    seconds = elapsed(since, sight)
    end = _end_band(usual, name)
    likely = (end.p50, end.p90) if end and seconds <= end.p90 else None
    stuck = _stuck(usual, name, seconds)
    if stuck:
        return Left(stuck, OVER, likely, stuck=True)
    if name == "queue_wait" and usual.queue_wait:
        band = usual.queue_wait
        brief = f"usually {took(band.p25)} to {took(band.p90)}"
        return Left(_usually(usual, band), brief, likely)
    if end is None:
        return None
    if likely is None:
        return Left(f"Longer than 9 in 10, from {_sample(usual, end)}.", OVER, over=True)
    text = time_left(end.p50 - seconds, end.p90 - seconds)
    return Left(f"{text}, from {_sample(usual, end)}.", text[:1].lower() + text[1:], likely)


def _since(run: Timed, name: str) -> datetime | None:
    stamps = {"queue_wait": run.created_at, "cold_start": run.queued_at, "run": run.started_at}
    return stamps[name]


def _end_band(usual: Usual, name: str) -> Band | None:
    """How long it was from the beginning of this phase to the run's end."""
    return {"queue_wait": usual.total, "cold_start": usual.from_queued, "run": usual.run}[name]


def _stuck(usual: Usual, name: str, seconds: float) -> str:
    """A wait or a start that goes on for longer than nine in ten did, in a sentence."""
    band = {"queue_wait": usual.queue_wait, "cold_start": usual.cold_start}.get(name)
    if band is None or seconds <= band.p90 or seconds < STUCK_STEP:
        return ""
    whole = took(seconds // STUCK_STEP * STUCK_STEP).replace(f".0{THIN}", THIN)
    shorter, size = band.shorter(seconds), band.size
    than = f"all {count(size)}" if shorter == size else f"{count(shorter)} of {count(size)}"
    return f"{VERBS[name]} for over {whole}, longer than {than} {_runs(usual)}."


def _usually(usual: Usual, band: Band) -> str:
    return (
        f"Usually {took(band.p25)} to {took(band.p90)} in the queue, from {_sample(usual, band)}."
    )


def time_left(low: float, high: float) -> str:
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
    """How many runs a number comes from, and of which start where that is not told apart."""
    found = plural(band.size, "run")
    return f"{found}, cold and warm starts together" if usual.start_kind is None else found


def _runs(usual: Usual) -> str:
    on = f" on {usual.gpu}" if usual.gpu else ""
    return f"runs of this workflow{on}"
