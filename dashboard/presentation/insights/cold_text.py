"""What cold starts come to in words: the headline, the sentence below, five figures."""

from dataclasses import dataclass
from decimal import Decimal

from dashboard.domain.insights.cold_starts import FEW, ColdFigures, StartCounts
from dashboard.domain.insights.lost_time import Lost
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.shares import Share
from dashboard.domain.insights.starts import StartTimes
from dashboard.presentation.format import count, plural, took
from dashboard.presentation.insights.cold_numbers import (
    SAME,
    dollars_change,
    lost_text,
    points_change,
    seconds_change,
    time_before,
    tone,
)
from dashboard.presentation.insights.numbers import NONE, dollars, percent, percents

NO_BEFORE, TOO_FEW = "no period before", "too few to compare"


@dataclass(frozen=True, slots=True)
class ColdLead:
    """The headline in three parts, of which the middle one is coloured, and what is below it."""

    text: str
    value: str
    rest: str
    below: str

    @property
    def whole(self) -> str:
        return f"{self.text}{self.value}{self.rest}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, its change with its tone (up: worse, down: better, same), and what it was."""

    label: str
    value: str
    delta: str
    tone: str
    was: str


def cold_lead(figures: ColdFigures, cold_after: float) -> ColdLead:
    """The headline of at least one run; `cold_after` are the seconds from which starts are cold."""
    counts, share = figures.counts, figures.share
    unknown = _unknown_text(counts)
    if not share.n:
        return ColdLead(_none_reported(counts.runs), "", "", unknown)
    if share.n < FEW:
        return ColdLead(
            _few_text(share), "", "", " ".join(filter(None, (_few_below(share), unknown)))
        )
    below = f"Cold means that ComfyUI took more than {_limit(cold_after)} to answer."
    return ColdLead(*_headline(figures), " ".join(filter(None, (below, unknown))))


def _limit(seconds: float) -> str:
    return f"{seconds:g}\u202fs"


def _headline(figures: ColdFigures) -> tuple[str, str, str]:
    share, cold, warm = figures.share, figures.cold_start.p50, figures.warm_start.p50
    starts = f"{count(share.n)} starts"
    if not share.part:
        return f"None of {starts} was cold", "", ""
    if share.part == share.n:
        text = f"All {starts} were cold"
    else:
        text = f"{percent(share.part / share.n)} of {starts} were cold"
    if cold is None:
        return text, "", ""
    return f"{text}: ", took(cold), "" if warm is None else f" instead of {took(warm)}"


def _none_reported(runs: int) -> str:
    if runs == 1:
        return "The only run does not report when ComfyUI was up"
    return f"None of {count(runs)} runs reports when ComfyUI was up"


def _few_text(share: Share) -> str:
    if share.n == 1:
        return "The only start was cold" if share.part else "The only start was warm"
    return f"{share.part} of {share.n} starts {'was' if share.part == 1 else 'were'} cold"


def _few_below(share: Share) -> str:
    text = f"Under {FEW} starts: each start is drawn, and no share, p50 or p90 is computed."
    if share.interval is None:
        return text
    return f"{text} 95\u202f% interval of the share: {percents(share.interval)}."


def _unknown_text(counts: StartCounts) -> str:
    """How many runs do not tell of their start, and why; "" where all do."""
    parts = [
        _part(counts.unreported, "reports no times", "report no times"),
        _part(counts.cancelled, "was cancelled before that", "were cancelled before that"),
        _part(counts.live, "has not started yet", "have not started yet"),
    ]
    told = ", ".join(part for part in parts if part)
    if not told:
        return ""
    if not counts.cold + counts.warm:
        return f"{told}."
    left = (
        "is left out, not counted as warm"
        if counts.unknown == 1
        else "are left out, not counted as warm"
    )
    return f"{count(counts.unknown)} of {plural(counts.runs, 'run')} {left}: {told}."


def _part(number: int, one: str, many: str) -> str:
    return f"{count(number)} {one if number == 1 else many}" if number else ""


def cold_figures_text(figures: ColdFigures, period: Period, *, costs: bool) -> tuple[Figure, ...]:
    """The figures below the headline; the money only for readers who may see costs."""
    before = time_before(period)
    told = [
        _share_figure(figures, before),
        _times_figure("Cold start, p50", figures.cold_start, figures.lost_before),
        _times_figure("Warm start, p50", figures.warm_start, figures.lost_before),
        _time_figure(figures, before),
    ]
    return (*told, _money_figure(figures)) if costs else tuple(told)


def _share_figure(figures: ColdFigures, before: str) -> Figure:
    share, past, change = figures.share, figures.share_before, figures.share_change
    value = NONE if share.value is None else percent(share.value)
    if past is None:
        sure = f", {percents(share.interval)}" if share.interval else ""
        return Figure("Cold share", value, NO_BEFORE, SAME, f"n {count(share.n)}{sure}")
    was = (
        "" if past.interval is None or past.value is None else f"{percent(past.value)} in {before}"
    )
    if change is None or share.value is None or past.value is None:
        return Figure("Cold share", value, TOO_FEW, SAME, was)
    delta = points_change(share.value - past.value)
    return Figure("Cold share", value, *_judged(delta, tone(change)), was)


def _times_figure(label: str, times: StartTimes, lost_before: Lost | None) -> Figure:
    value = NONE if times.p50 is None else took(times.p50)
    starts = plural(times.n, "start")
    was = starts if times.p90 is None else f"p90 {took(times.p90)}, {starts}"
    if lost_before is None:
        return Figure(label, value, NO_BEFORE, SAME, was)
    if times.difference is None or times.change is None:
        return Figure(label, value, TOO_FEW, SAME, was)
    delta = seconds_change(times.difference)
    return Figure(label, value, *_judged(delta, tone(times.change)), was)


def _judged(delta: str, found: str) -> tuple[str, str]:
    return (f"{delta}, within chance", found) if found == SAME else (delta, found)


def _time_figure(figures: ColdFigures, before: str) -> Figure:
    """Totals are never coloured: more runs make them larger."""
    label, now, past = "Time lost to cold starts", figures.lost.seconds, figures.lost_before
    value = lost_text(now)
    if past is None:
        return Figure(label, value, NO_BEFORE, SAME, "")
    if now is None or past.seconds is None:
        return Figure(label, value, TOO_FEW, SAME, "no warm start to compare with")
    was = f"{lost_text(past.seconds)} in {before}"
    return Figure(label, value, seconds_change(now - past.seconds), SAME, was)


def _money_figure(figures: ColdFigures) -> Figure:
    label, now, past = "Money lost, estimate", figures.lost.money, figures.lost_before
    value = NONE if now is None else dollars(now)
    was = _of_all(figures.lost, figures.money_of_all)
    if past is None:
        return Figure(label, value, NO_BEFORE, SAME, was)
    if now is None or past.money is None:
        return Figure(label, value, TOO_FEW if now is not None else "no price known", SAME, was)
    return Figure(label, value, dollars_change(now, past.money), SAME, was)


def _of_all(lost: Lost, money_of_all: Decimal | None) -> str:
    if lost.unpriced:
        return f"{plural(lost.unpriced, 'cold start')} without a price"
    return "" if money_of_all is None else f"of {dollars(money_of_all)} for all runs"
