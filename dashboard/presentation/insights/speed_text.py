"""The words of Speed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from dashboard.domain.filters.fields import VERSION, WORKFLOW
from dashboard.domain.insights.hodges_lehmann import Difference
from dashboard.domain.insights.runs import COLD, UNKNOWN, WARM
from dashboard.domain.insights.speed import Change, Series, Speed
from dashboard.presentation.format import GAP, THIN, count, cut, plural, took

Names = Mapping[tuple[str, str], str]
NOT_REPORTED = "not reported"
LONGEST = 60  # characters of a name
TOLD = 2  # changes of the headline
START_WORDS = {WARM: "Warm starts", COLD: "Cold starts", UNKNOWN: "Not reported"}
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def name_of(names: Names, kind: str, key: str | None) -> str:
    return NOT_REPORTED if key is None else cut(names.get((kind, key), key), LONGEST)


def gpu_text(gpu: str | None) -> str:
    return NOT_REPORTED if gpu is None else cut(gpu, LONGEST)


def series_name(series: Series, names: Names) -> str:
    """`lighthouse-flux, H100`"""
    return f"{name_of(names, WORKFLOW, series.workflow)}, {gpu_text(series.gpu)}"


def signed(seconds: float) -> str:
    """`+2.0 s`, `−9.2 s`."""
    return took(seconds) if seconds < 0 else f"+{took(seconds)}"


def interval_text(difference: Difference) -> str:
    """`+1.2 to +2.2 s`: the unit once where it is one."""
    low, high = signed(difference.interval.low), signed(difference.interval.high)
    unit = low.rpartition(THIN)[2]
    if GAP not in low + high and high.endswith(f"{THIN}{unit}"):
        low = low.removesuffix(f"{THIN}{unit}")
    return f"{low} to {high}"


def tone_of(difference: Difference) -> str:
    """The class of a change: longer is worse; within chance it has no colour."""
    if not difference.is_sure:
        return "same"
    return "up" if difference.value > 0 else "down"


def day_text(at: datetime, zone: tzinfo) -> str:
    here = at.astimezone(zone)
    return f"{here.day}{GAP}{here:%b}"


def moment_text(at: datetime, zone: tzinfo) -> str:
    here = at.astimezone(zone)
    return f"{here.day} {here:%b}, {here:%H:%M}"


def lead(speed: Speed, names: Names, zone: tzinfo) -> str:
    """What was found: the newest sure change of each series, two at most; else a plain name."""
    newest: dict[tuple[str, str], tuple[Series, Change]] = {}
    for series, change in speed.changed:
        if change.difference.is_sure:
            newest.setdefault((series.workflow, series.gpu), (series, change))
    told = list(newest.values())[:TOLD]
    if not told:
        silent = speed.series and not speed.changed
        return "No change found in the run time" if silent else "Run time"
    first, *rest = (_phrase(speed, series, change, names, zone) for series, change in told)
    who, how = first
    return "; ".join([f"{who} runs take {how}", *(f"{other} {more}" for other, more in rest)])


def _phrase(
    speed: Speed, series: Series, change: Change, names: Names, zone: tzinfo
) -> tuple[str, str]:
    who = name_of(names, WORKFLOW, series.workflow)
    if sum(other.workflow == series.workflow for other in speed.series) > 1:
        who += f" on {gpu_text(series.gpu)}"
    seconds = change.difference.value
    word = "longer" if seconds > 0 else "less"
    since = day_text(series.moment(change), zone)
    version = f" ({name_of(names, VERSION, change.version)})" if change.version else ""
    return who, f"{took(abs(seconds))} {word} since {since}{version}"


def counted_text(speed: Speed) -> str:
    """How many runs the figures are of, and how many are not among them."""
    n = len(speed.runs)
    how = {WARM: "that found ComfyUI up", COLD: "after a cold start"}
    which = how.get(speed.start_kind, "without a reported start")
    first = f"{plural(n, 'finished run')} {which}." if n else f"No finished run {which}."
    left = _left(speed)
    untold = plural(speed.untold, "run") + (
        " reports no times" if speed.untold == 1 else " report no times"
    )
    rest = "; ".join([*([left] if left else []), *([untold] if speed.untold else [])])
    return f"{first} {rest}." if rest else first


def _left(speed: Speed) -> str:
    n = speed.other
    are, them = ("is", "it") if n == 1 else ("are", "them")
    if not n:
        return ""
    if speed.start_kind == WARM:
        why = f"because loading models makes {them} longer"
        return f"{plural(n, 'run')} after a cold start {are} left out {why}"
    if speed.start_kind == COLD:
        return f"{plural(n, 'run')} that found ComfyUI up {are} left out"
    return f"{plural(n, 'run')} with a reported start {are} left out"


def changes_heading(changes: Sequence[tuple[Series, Change]]) -> str:
    n = len(changes)
    if not n:
        return "Changes in the run time"
    number = NUMBERS[n] if n < len(NUMBERS) else count(n)
    return f"{number} {'change' if n == 1 else 'changes'} found in the run time"


def searched_text(speed: Speed) -> str:
    """What was searched for changes, and how."""
    if not speed.series:
        return "A workflow and GPU is searched for changes from 40 runs on. None has as many yet."
    how = f"steps of 5{THIN}% or more, 20 runs on each side, p under 0.01"
    if speed.changed:
        return f"Searched in each workflow and GPU for {how}. They say when, not why."
    n = len(speed.series)
    what = f"{count(n)} series of one workflow and GPU {'was' if n == 1 else 'were'}"
    return f"{what} searched for {how}. None was found."


def marker_text(series: Series, change: Change, names: Names, zone: tzinfo) -> str:
    """`20 Nov, 10:01 · first run of v15`"""
    at = moment_text(series.moment(change), zone)
    if change.version is None:
        return at
    near = "" if change.exact else "near the "
    return f"{at} · {near}first run of {name_of(names, VERSION, change.version)}"


def difference_words(difference: Difference | None, earlier: int) -> tuple[str, str]:
    """What stands beside a version: its difference, and what is said of it."""
    if not earlier:
        return "", ""
    if difference is None:
        return "", "too few to compare"
    if not difference.is_sure:
        return "", f"{signed(difference.value)}, within chance"
    return signed(difference.value), interval_text(difference)
