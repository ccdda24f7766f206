"""What another warm time would change: runs replayed, and whether the replay can be believed.

The replay's rules, and when it is believed, are those of Insights' definition of keeping warm.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from dashboard.domain.insights.percentiles import p50
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.replay import Job, Rules
from dashboard.domain.insights.runs import COLD, InsightRun, Population
from dashboard.domain.insights.shares import Share
from dashboard.domain.insights.warm_times import WarmTime, replayed_times

OFFERED = (2, 15, 30, 60, 120, 240, 600, 1_200)  # seconds, as ComfyDeploy offers them
RUNS_FROM = 200  # runs with times that a replay needs
WIDER = 0.03  # of each end of the observed interval: what a model may be off
UNEXPLAINED_TO = 0.05  # of the time of containers, without a run that is known
MOST_RUNS = 110_000  # runs of all machines that are replayed for one page
SHORTEST = 1 / 24  # days that a figure of a day is over, at least
PER_MACHINE = 3_000  # runs that take as long as what each machine takes beside its runs
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)

OWN, NO_TIMES, FEW, TOO_MANY = "own", "no-times", "few", "too-many"
NO_BOOT, NO_SETTING, UNEXPLAINED = "no-boot", "no-setting", "unexplained"
WARMER, COLDER, NO_PRICE = "warmer", "colder", "no-price"
# Where one of these holds there are no figures. The other two leave the table without some.
NO_FIGURES = frozenset({OWN, NO_TIMES, FEW, TOO_MANY, NO_BOOT, UNEXPLAINED, WARMER, COLDER})
ORDER = (
    *(None, NO_PRICE, NO_SETTING, UNEXPLAINED, WARMER, COLDER),
    *(NO_BOOT, TOO_MANY, FEW, NO_TIMES, OWN),
)


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """What is known of a machine itself. None: not known."""

    stays_warm: int | None = None  # seconds
    limit: int | None = None  # containers at once
    always_on: int = 0  # containers
    own: bool = False  # not one of ComfyDeploy's: nobody is paid by the second
    unexplained: float | None = None  # share of its containers' time without a known run


UNKNOWN_MACHINE = MachineFacts()


@dataclass(frozen=True, slots=True)
class KeptWarm:
    """A machine's runs on one GPU, replayed; or the word for why they are not."""

    machine: str
    gpu: str | None
    facts: MachineFacts
    price: Decimal | None  # dollars a second, of its newest run
    runs: int  # all that are known
    observed: Share  # cold starts of the runs with times
    replayed: float | None  # the cold share at today's setting
    why_not: str | None
    times: tuple[WarmTime, ...]  # the shortest first

    @property
    def fits(self) -> bool | None:
        """Whether the replay gives what was observed; None where that is not known."""
        return fits(self.replayed, self.observed)

    @property
    def today(self) -> WarmTime | None:
        return next((one for one in self.times if one.seconds == self.facts.stays_warm), None)

    @property
    def is_advised(self) -> bool:
        return self.why_not is None

    def cheapest(self, worth: Decimal) -> WarmTime | None:
        """The warm time with the smallest cost and waiting, at dollars a minute of waiting.

        Of several alike today's, else the shortest. None where the replay is no advice.
        """
        if not self.is_advised:
            return None
        today = self.facts.stays_warm
        return min(
            self.times, key=lambda one: (_sum(one, worth), one.seconds != today, one.seconds)
        )


def _sum(one: WarmTime, worth: Decimal) -> Decimal:
    return (one.cost or Decimal(0)) + worth * Decimal(one.waiting) / 60


def fits(replayed: float | None, observed: Share) -> bool | None:
    """Whether a share lies in the observed interval, or within 3 points of it."""
    interval = observed.interval
    if replayed is None or interval is None:
        return None
    return interval.low - WIDER <= replayed <= interval.high + WIDER


def keep_warm(
    population: Population, period: Period, machines: Mapping[str, MachineFacts]
) -> list[KeptWarm]:
    """Every machine with runs, by GPU: those with advice first, then those with the most runs."""
    groups = [
        _Group(machine, gpu, runs, machines.get(machine, UNKNOWN_MACHINE))
        for (machine, gpu), runs in _by_machine(population.runs).items()
    ]
    groups.sort(key=lambda one: (-len(one.counted), one.machine, one.gpu or ""))
    found, left = [], MOST_RUNS
    for group in groups:
        work = len(group.counted) + PER_MACHINE
        found.append(_kept_warm(group, period, too_many=work > left))
        left -= work if found[-1].replayed is not None or found[-1].times else 0
    return sorted(found, key=lambda one: ORDER.index(one.why_not))


def _by_machine(
    runs: Iterable[InsightRun],
) -> Mapping[tuple[str, str | None], list[InsightRun]]:
    """Runs by machine and GPU; those without a GPU are on the machine's one GPU, if it has one."""
    gpus: dict[str, set[str]] = defaultdict(set)
    there = [(run.machine, run) for run in runs if run.machine]
    for machine, run in there:
        if run.gpu:
            gpus[machine].add(run.gpu)
    found: dict[tuple[str, str | None], list[InsightRun]] = defaultdict(list)
    for machine, run in there:
        only = next(iter(gpus[machine])) if len(gpus[machine]) == 1 else None
        found[machine, run.gpu or only].append(run)
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    machine: str
    gpu: str | None
    runs: list[InsightRun]
    facts: MachineFacts

    @property
    def counted(self) -> list[InsightRun]:
        """The runs with times, as they came."""
        told = [run for run in self.runs if run.cold_start is not None and run.run is not None]
        return sorted(told, key=lambda run: (run.created, run.id))

    @property
    def boot(self) -> float | None:
        """How long a boot takes where it is not known of the run: the median."""
        return p50(sorted(run.cold_start or 0.0 for run in self.runs if run.start_kind == COLD))

    @property
    def price(self) -> Decimal | None:
        newest = max(
            (run for run in self.runs if run.price is not None),
            key=lambda run: (run.created, run.id),
            default=None,
        )
        return newest.price if newest else None


def _kept_warm(group: _Group, period: Period, *, too_many: bool) -> KeptWarm:
    counted, facts = group.counted, group.facts
    observed = Share(sum(run.start_kind == COLD for run in counted), len(counted))
    price = group.price
    why_not = _too_little(group, observed, too_many=too_many)
    times: tuple[WarmTime, ...] = ()
    replayed = None
    if why_not is None:
        times = _times(group, counted, price, period)
        today = next((one for one in times if one.seconds == facts.stays_warm), None)
        replayed = today.share if today else None
        why_not = _doubt(facts, observed, replayed, price)
    return KeptWarm(
        *(group.machine, group.gpu, facts, price, len(group.runs), observed, replayed, why_not),
        times=() if why_not in NO_FIGURES else times,
    )


def _too_little(group: _Group, observed: Share, *, too_many: bool) -> str | None:
    """Why nothing can be replayed, if so."""
    if group.facts.own:
        return OWN
    if not observed.n:
        return NO_TIMES
    if observed.n < RUNS_FROM:
        return FEW
    if group.boot is None and observed.part < observed.n:
        return NO_BOOT
    return TOO_MANY if too_many else None


def _doubt(
    facts: MachineFacts, observed: Share, replayed: float | None, price: Decimal | None
) -> str | None:
    """Why a replay is no advice, if so."""
    if facts.unexplained is not None and facts.unexplained > UNEXPLAINED_TO:
        return UNEXPLAINED
    if replayed is None:
        return NO_SETTING
    if fits(replayed, observed) is False:
        return WARMER if replayed > (observed.value or 0.0) else COLDER
    return NO_PRICE if price is None else None


def _times(
    group: _Group, counted: list[InsightRun], price: Decimal | None, period: Period
) -> tuple[WarmTime, ...]:
    """The figures of each warm time that is offered, and of today's."""
    facts = group.facts
    today = () if facts.stays_warm is None else (facts.stays_warm,)
    seconds = sorted({*OFFERED, *today})
    boot = group.boot or 0.0
    return replayed_times(
        jobs=[_job(run, boot) for run in counted],
        days=[period.day_of(run.created) for run in counted],
        rules={
            each: Rules(each * 1_000_000, facts.limit or None, facts.always_on) for each in seconds
        },
        today=facts.stays_warm,
        price=price,
        length=max((period.end - period.begin) / _DAY, SHORTEST),
    )


def _job(run: InsightRun, boot: float) -> Job:
    own = run.cold_start if run.start_kind == COLD else boot
    return Job(_micros(run.created), round((own or 0.0) * 1e6), round((run.run or 0.0) * 1e6))


def _micros(at: datetime) -> int:
    return (at - datetime.fromtimestamp(0, at.tzinfo)) // _MICROSECOND
