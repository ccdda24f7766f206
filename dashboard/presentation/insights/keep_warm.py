"""What the page of keeping warm says: its finding, its machines, and where there is no advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboard.domain.insights import keep_warm as domain
from dashboard.domain.insights.keep_warm import KeptWarm
from dashboard.domain.insights.warm_times import WarmTime
from dashboard.presentation.format import plural
from dashboard.presentation.insights.numbers import dollars
from dashboard.presentation.insights.warm_chart import WarmChart, warm_charts
from dashboard.presentation.insights.warm_doubts import Fit, fit_of
from dashboard.presentation.insights.warm_numbers import waiting_text, warm_text, worth_text
from dashboard.presentation.insights.warm_rows import WarmRow, warm_rows

PLAIN = "Keeping warm"
MOST_NAMED = 3  # machines in one sentence
NO_ADVICE = {
    domain.FEW: "no advice yet",
    domain.NO_TIMES: "nothing to compute",
    domain.OWN: "nothing to compute",
    domain.NO_SETTING: "today’s setting is not known",
}


@dataclass(frozen=True, slots=True)
class MachineText:
    """One machine's part of the page."""

    key: str  # names it in the page
    heading: str
    intro: str
    fit: Fit | None
    charts: tuple[WarmChart, ...]
    rows: tuple[WarmRow, ...]
    costs: bool  # the rows have money


@dataclass(frozen=True, slots=True)
class KeepWarmText:
    """The page: a headline, what it rests on, and the machines."""

    headline: str
    sub: str
    machines: tuple[MachineText, ...]
    advised: bool  # a worth changes something


def keep_warm_text(
    found: Sequence[KeptWarm],
    names: Mapping[str, str],
    worth: Decimal,
    days: int,
    *,
    costs: bool,
) -> KeepWarmText:
    """`names` are those of the machines, `days` the length of the time.

    Without `costs`, for readers who may not see them, there is no money in it.
    """
    called = [_name(one, names, found) for one in found]
    pairs = list(zip(found, called, strict=True))
    advised = [(one, name) for one, name in pairs if one.is_advised and costs]
    return KeepWarmText(
        headline=_headline(advised),
        sub=_sub(advised, worth, days, costs=costs),
        machines=tuple(
            _machine(number, one, name, worth, days, costs=costs)
            for number, (one, name) in enumerate(pairs, 1)
        ),
        advised=bool(advised),
    )


def _name(kept: KeptWarm, names: Mapping[str, str], found: Sequence[KeptWarm]) -> str:
    """Its name, with the GPU where the machine has had several."""
    name = names.get(kept.machine, kept.machine)
    several = sum(one.machine == kept.machine for one in found) > 1
    return f"{name} on {kept.gpu or 'an unknown GPU'}" if several else name


def _longer(kept: KeptWarm) -> list[WarmTime]:
    """The times longer than today's that avoid waiting, by more than the days may differ."""
    today = kept.facts.stays_warm
    return [
        one
        for one in kept.times
        if today is not None
        and one.seconds > today
        and one.is_beyond_chance
        and (one.avoided or 0) > 0
    ]


def _headline(advised: Sequence[tuple[KeptWarm, str]]) -> str:
    """The least that a minute costs on the machine with the most runs; else the plain name."""
    if not advised:
        return PLAIN
    kept, name = advised[0]
    prices = [one.per_minute for one in _longer(kept) if one.per_minute is not None]
    if not prices:
        return PLAIN
    if min(prices) <= 0:
        return f"Keeping {name} warm for longer would avoid waiting at no extra cost"
    least = dollars(min(prices))
    return (
        f"Keeping {name} warm for longer would cost at least {least} "
        "per minute of waiting it avoids"
    )


def _sub(advised: Sequence[tuple[KeptWarm, str]], worth: Decimal, days: int, *, costs: bool) -> str:
    counted = "cold starts and paid GPU seconds" if costs else "cold starts"
    text = (
        f"We replay the runs of {plural(days, 'day')} as they came, with another warm time, "
        f"and count {counted}. Nothing is changed in ComfyDeploy."
    )
    return " ".join([text, *_cheapest(advised, worth)])


def _cheapest(advised: Sequence[tuple[KeptWarm, str]], worth: Decimal) -> list[str]:
    """Which of today's times are the cheapest at the worth, and which would be cheaper."""
    same, other = [], []
    for kept, name in advised:
        best, today = kept.cheapest(worth), kept.facts.stays_warm
        if best is None or today is None:
            continue
        if best.seconds == today:
            same.append(f"today’s {warm_text(today)} on {name}")
        else:
            other.append(
                f"{warm_text(best.seconds)} instead of today’s {warm_text(today)} on {name}"
            )
    a_minute = f"At ${worth_text(worth)} a minute,"
    told = []
    if same:
        are = "is" if len(same) == 1 else "are"
        told.append(f"{a_minute} {_listed(same)} {are} already the cheapest choice.")
    if other:
        told.append(f"{a_minute} {_listed(other)} would be cheapest.")
    return told


def _listed(texts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b, c and 2 more`."""
    shown = list(texts[:MOST_NAMED])
    if len(texts) > MOST_NAMED:
        shown.append(f"{len(texts) - MOST_NAMED} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _machine(
    number: int, kept: KeptWarm, name: str, worth: Decimal, days: int, *, costs: bool
) -> MachineText:
    return MachineText(
        key=f"machine-{number}",
        heading=_heading(kept, name, costs=costs),
        intro=_intro(kept, days, costs=costs),
        fit=fit_of(kept, days, costs=costs),
        charts=warm_charts(kept, name) if costs and kept.is_advised else (),
        rows=warm_rows(kept, worth, costs=costs),
        costs=costs and kept.price is not None,
    )


def _heading(kept: KeptWarm, name: str, *, costs: bool) -> str:
    """What the next longer time would change, if the days agree on it; else the plain name."""
    if kept.why_not and kept.why_not != domain.NO_PRICE:
        return f"{name}: {NO_ADVICE.get(kept.why_not, 'no advice')}"
    longer = _longer(kept)
    if not longer or kept.facts.stays_warm is None:
        return name
    step = longer[0]
    times = f"{warm_text(step.seconds)} instead of {warm_text(kept.facts.stays_warm)}"
    text = f"{name}: {times} avoids {waiting_text(step.avoided or 0)} of waiting a day"
    if not costs or step.extra is None:
        return text
    if step.extra > 0:
        return f"{text} for {dollars(step.extra)}"
    return f"{text} and costs {dollars(-step.extra)} less" if step.extra else text


def _intro(kept: KeptWarm, days: int, *, costs: bool) -> str:
    """The machine and its runs, and how the table was made where there is one."""
    runs = f"{plural(kept.runs, 'run')} of {plural(days, 'day')}"
    if not kept.times:
        return f"{_what(kept)}. {runs}{_told_of_runs(kept)}."
    price = f" at ${kept.price.normalize():f}/s" if kept.price is not None and costs else ""
    told = f"{kept.gpu or 'GPU not known'}{price}{_containers(kept)}. {_replayed(kept, days)}"
    return (
        f"{told} Grey lines: 95 % interval, from drawing the days again."
        if price and kept.today
        else told
    )


def _what(kept: KeptWarm) -> str:
    if kept.facts.own:
        return "Own machine"
    gpu, today = kept.gpu or "GPU not known", kept.facts.stays_warm
    return gpu if today is None else f"{gpu}, set to {warm_text(today)}"


def _told_of_runs(kept: KeptWarm) -> str:
    if kept.why_not == domain.FEW:
        return f", {kept.observed.part:,} cold"
    none = [
        *(["start times not reported"] if not kept.observed.n else []),
        *(["no price known"] if kept.price is None else []),
    ]
    return "".join(f", {one}" for one in none)


def _containers(kept: KeptWarm) -> str:
    limit, always = kept.facts.limit, kept.facts.always_on
    most = f", at most {plural(limit, 'container')}" if limit else ", no limit known"
    return f"{most}, {always:,} always on" if always else most


def _replayed(kept: KeptWarm, days: int) -> str:
    """`510 runs of 30 days, replayed …`, and how many of the machine's runs have no times."""
    missing = kept.runs - kept.observed.n
    left = f" {plural(missing, 'run')} without times left out." if missing else ""
    runs = f"{plural(kept.observed.n, 'run')} of {plural(days, 'day')}"
    return f"{runs}, replayed with each warm time that ComfyDeploy offers.{left}"
