"""Whether a machine's replay is to be believed, in words, and why there is no advice."""

from dataclasses import dataclass

from dashboard.domain.insights import keep_warm as domain
from dashboard.domain.insights.keep_warm import RUNS_FROM, KeptWarm
from dashboard.domain.insights.percentiles import MEDIAN_FROM
from dashboard.presentation.format import count, plural
from dashboard.presentation.insights.numbers import percent
from dashboard.presentation.insights.warm_numbers import warm_text

FOLLOW, LONGER = "follow", "longer"  # what the reader may do about it
FILLS_IN = (
    "Follow its other workflows, or send their webhooks here; then this page fills in by itself."
)


@dataclass(frozen=True, slots=True)
class Fit:
    """A notice: its icon, first in bold what holds, then why; `action` is what may help."""

    icon: str
    strong: str
    text: str
    is_warning: bool = False
    action: str = ""


def fit_of(kept: KeptWarm, days: int, *, costs: bool) -> Fit | None:
    """What is to be said of a machine's replay; None where its first lines say it all."""
    match kept.why_not:
        case None:
            return Fit("check", "", _fits(kept))
        case domain.NO_PRICE:
            text = _fits(kept)
            if costs:
                text += f" No price is known for {kept.gpu or 'its GPU'}, so no cost is given."
            return Fit("check", "", text)
        case domain.OWN | domain.NO_TIMES:
            return None
        case _:
            return _refused(kept, days)


def _fits(kept: KeptWarm) -> str:
    today = warm_text(kept.facts.stays_warm or 0)
    return (
        f"Replaying your {plural(kept.observed.n, 'run')} at today’s {today} gives "
        f"{percent(kept.replayed or 0.0)} cold; observed {percent(kept.observed.value or 0.0)}: "
        "the model fits."
    )


def _refused(kept: KeptWarm, days: int) -> Fit:
    match kept.why_not:
        case domain.FEW:
            return _few(kept)
        case domain.TOO_MANY:
            strong = "There are too many runs to replay at once."
            return Fit("clock", strong, "Choose a shorter time, or this machine alone.")
        case domain.NO_BOOT:
            told = plural(kept.observed.part, "cold start")
            are = "is" if kept.observed.part == 1 else "are"
            needs = f"A replay needs {MEDIAN_FROM}, to know how long a start takes."
            return Fit("clock", f"{told} {are} too few.", needs)
        case domain.NO_SETTING:
            return _no_setting(kept)
        case domain.UNEXPLAINED:
            share = percent(kept.facts.unexplained or 0.0)
            strong = f"No run known here explains {share} of its containers’ time, so no advice."
            return Fit("alert", strong, FILLS_IN, is_warning=True, action=FOLLOW)
        case _:
            return _misfit(kept, days)


def _few(kept: KeptWarm) -> Fit:
    with_times = " with times" if kept.observed.n < kept.runs else ""
    runs, are = plural(kept.observed.n, "run"), "is" if kept.observed.n == 1 else "are"
    needs = f"A replay needs {count(RUNS_FROM)}. A longer time may hold enough."
    return Fit("clock", f"{runs}{with_times} {are} too few.", needs, action=LONGER)


def _no_setting(kept: KeptWarm) -> Fit:
    strong = "This server’s key may not read machines, so today’s setting is not known."
    text = "What each warm time would cost or avoid against it is not known either."
    if kept.facts.limit is None:
        text += " Containers are replayed without a limit."
    return Fit("info", strong, text)


def _misfit(kept: KeptWarm, days: int) -> Fit:
    replayed, observed = percent(kept.replayed or 0.0), percent(kept.observed.value or 0.0)
    strong = (
        f"Replay gives {replayed}, observed {observed}: not all runs of this machine are known "
        "here, so no advice."
    )
    if kept.why_not == domain.WARMER:
        these = f"these {plural(days, 'day')}" if days != 1 else "this day"
        text = (
            "The machine was warm more often than the runs here explain. Other runs keep it up, "
            f"or its setting was changed in {these}. {FILLS_IN}"
        )
    else:
        text = (
            "It went cold more often than its runs explain: its setting may be shorter than the "
            "one we see, or other runs held its containers."
        )
    return Fit("alert", strong, text, is_warning=True, action=FOLLOW)
