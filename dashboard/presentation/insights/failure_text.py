"""What failures come to in words: the headline, the figures below it, and what is new."""

from dataclasses import dataclass

from dashboard.domain.filters.fields import MACHINE
from dashboard.domain.insights.failure_causes import VersionKey, version_of
from dashboard.domain.insights.failures import FailureFigures, NewCause, Outcomes
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.shares import Share
from dashboard.domain.logs.causes import Cause
from dashboard.presentation.format import MINUS, THIN, count, cut, plural, span
from dashboard.presentation.insights.cold_numbers import SAME, points_change, time_before, tone
from dashboard.presentation.insights.cold_scale import day_text
from dashboard.presentation.insights.cold_text import NO_BEFORE, TOO_FEW, Figure
from dashboard.presentation.insights.failure_causes import error_text
from dashboard.presentation.insights.failure_words import (
    LONGEST,
    OTHER_CAUSE,
    Names,
    cause_name,
    fine_percent,
    fine_percents,
    full_name,
    listed,
    version_name,
)
from dashboard.presentation.insights.numbers import NONE, dollars, percent, percents
from dashboard.presentation.run.cause_text import cause_text

NAMED = 3  # other versions, and machines


@dataclass(frozen=True, slots=True)
class FailureLead:
    """The headline, which begins with `value` in the colour of failures, and what is below it."""

    value: str
    rest: str
    below: str


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What is known of the cause of the headline, and what usually helps.

    The button leads to the runs of `version` with the cause `word`, "" for all that failed.
    """

    title: str
    error: str
    text: str
    advice: str
    button: str
    version: VersionKey
    word: str


def failure_lead(figures: FailureFigures, names: Names) -> FailureLead:
    now = figures.now
    share, others = now.share, _others(now)
    if not share.n:
        return FailureLead("", "No run has ended in this time", others)
    if not share.part:
        return FailureLead("", "No run failed in this time", _joined(_up_to(share), others))
    runs = plural(share.n, "ended run")
    verb = "failed or timed out"
    if figures.new is not None:
        below = f"{count(share.part)} of {runs} {verb}{_surely(share)}"
        return FailureLead(*_new_text(figures.new, share, names), _joined(below, others))
    if share.interval is None or share.value is None:
        below = "Under 5 runs no share is computed."
        return FailureLead("", f"{share.part} of {runs} {verb}", _joined(below, others))
    below = f"{plural(share.part, 'run')}; 95{THIN}% interval: {fine_percents(share.interval)}."
    told = f"All {runs}" if share.part == share.n else f"{fine_percent(share.value)} of {runs}"
    return FailureLead("", f"{told} {verb}", _joined(below, others))


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _surely(share: Share) -> str:
    if share.interval is None or share.value is None:
        return "."
    return f": {fine_percent(share.value)} ({fine_percents(share.interval)})."


def _up_to(share: Share) -> str:
    """What the share may be where none failed."""
    if share.interval is None:
        return f"{plural(share.n, 'run')} ended."
    return (
        f"With {plural(share.n, 'run')} the share may still be up to "
        f"{fine_percent(share.interval.high)}."
    )


def _others(now: Outcomes) -> str:
    """The runs that have no share in it; "" where all have one."""
    parts = []
    if now.cancelled:
        verb = "is" if now.cancelled == 1 else "are"
        parts.append(f"{plural(now.cancelled, 'cancelled run')} {verb} left out.")
    if now.live:
        parts.append(f"{plural(now.live, 'run')} {'has' if now.live == 1 else 'have'} not ended.")
    return " ".join(parts)


def _new_text(new: NewCause, share: Share, names: Names) -> tuple[str, str]:
    """`18 of 71`, ` failures are new since lighthouse-flux v15: Model file not found`"""
    number = len(new.cause.runs)
    value = "The only failure" if share.part == 1 else f"{count(number)} of {count(share.part)}"
    verb = "is" if share.part == 1 else "failures is" if number == 1 else "failures are"
    return value, f" {verb} new since {full_name(names, new.version)}: {_named(new)}"


def _named(new: NewCause) -> str:
    """The cause, or the error's class where that is not known."""
    name, facts = cause_name(new.cause.key), new.cause.facts
    kind = facts.error_type if facts else ""
    return cut(kind, LONGEST) if name == OTHER_CAUSE and kind else name


def new_notice(figures: FailureFigures, period: Period, names: Names) -> NewNotice | None:
    """None where no cause is new."""
    new = figures.new
    facts = new.cause.facts if new else None
    if new is None or facts is None or facts.version_first is None:
        return None
    version = version_name(names, new.version.version)
    since = (facts.first_seen - facts.version_first).total_seconds()
    when = (
        f"{span(since)} after the first run of {version}"
        if since
        else f"in the first run of {version}"
    )
    day, failed = day_text(period.day_of(facts.first_seen)), len(new.cause.runs)
    word = new.cause.key.cause if new.cause.key.cause in set(Cause) else ""
    return NewNotice(
        title=f"{_named(new)}.",
        error=error_text(facts),
        text=f"First failed on {day}, {when}; {_without(new.share.n - failed, version)}.",
        advice=cause_text(Cause(word), facts.message, facts.error_type).advice if word else "",
        button=_button(figures, new, word, version),
        version=new.version,
        word=word,
    )


def _button(figures: FailureFigures, new: NewCause, word: str, version: str) -> str:
    """Which runs a filter can show: of one cause, whatever its text, or all that failed."""
    own = len(new.cause.runs)
    alike = sum(
        version_of(run) == new.version
        for cause in figures.causes
        if cause.key.cause == word
        for run in cause.runs
    )
    if not word and own < new.share.part:
        return f"Show the {count(new.share.part)} failed runs of {version}"
    if word and own < alike:
        return f"Show the {count(alike)} runs with this cause"
    return "Show the run" if own == 1 else f"Show the {count(own)} runs"


def _without(number: int, version: str) -> str:
    """How many runs of the version did not fail so."""
    if not number:
        return f"no run of {version} ended without it"
    if number == 1:
        return f"the other run of {version} ended without it"
    return f"the other {count(number)} runs of {version} ended without it"


def failure_figures_text(
    figures: FailureFigures, period: Period, names: Names, *, costs: bool
) -> tuple[Figure, ...]:
    """The figures below the headline; the money only for readers who may see costs."""
    told = [_share_figure(figures, time_before(period)), *_counts(figures, names)]
    if figures.new is not None:
        told.append(_version_figure(figures.new, names))
    if costs:
        told.append(_money_figure(figures))
    return tuple(told)


def _share_figure(figures: FailureFigures, before: str) -> Figure:
    label, share, past = "Failed or timed out", figures.now.share, figures.before
    value = NONE if share.interval is None or share.value is None else fine_percent(share.value)
    if past is None:
        return Figure(label, value, NO_BEFORE, SAME, "")
    was = past.share
    told = (
        f"{fine_percent(was.value)} in {before}" if was.interval and was.value is not None else ""
    )
    if figures.change is None or share.value is None or was.value is None:
        return Figure(label, value, TOO_FEW, SAME, told)
    delta, found = points_change(share.value - was.value), tone(figures.change)
    return Figure(label, value, f"{delta}, within chance" if found == SAME else delta, found, told)


def _counts(figures: FailureFigures, names: Names) -> list[Figure]:
    """Totals are never coloured: more runs make them larger."""
    now, past = figures.now, figures.before
    machines = _machines(figures, names) if now.timed_out else ""
    return [
        Figure(label, count(number), _more(number, old), SAME, below)
        for label, number, old, below in (
            ("Failed", now.failed, past.failed if past else None, "stopped by an error"),
            ("Timed out", now.timed_out, past.timed_out if past else None, machines),
        )
    ]


def _more(number: int, old: int | None) -> str:
    if old is None:
        return NO_BEFORE
    sign = MINUS if number < old else "+"
    return f"{sign}{plural(abs(number - old), 'run')}" if number != old else "as many as before"


def _machines(figures: FailureFigures, names: Names) -> str:
    machines = figures.timeout_machines
    if len(machines) > 1:
        return f"on {len(machines)} machines"
    (machine,) = machines
    if machine is None:
        return "machine not reported"
    name = cut(names.get((MACHINE, machine), machine), LONGEST)
    return f"on {name}" if figures.now.timed_out == 1 else f"all on {name}"


def _version_figure(new: NewCause, names: Names) -> Figure:
    label, share, rest = full_name(names, new.version), new.share, new.share_of_others
    if share.interval is None or share.value is None:
        value = NONE
        was = f"{share.part} of {plural(share.n, 'run')}"
    else:
        value = percent(share.value)
        was = f"{count(share.part)} of {plural(share.n, 'run')}, {percents(share.interval)}"
    if new.change is None or rest.value is None:
        return Figure(label, value, TOO_FEW, SAME, was)
    others = sorted(version_name(names, key.version) for key in new.others)
    told = listed(others) if len(others) <= NAMED else f"{len(others)} other versions"
    delta, found = f"against {fine_percent(rest.value)} in {told}", tone(new.change)
    return Figure(label, value, f"{delta}, within chance" if found == SAME else delta, found, was)


def _money_figure(figures: FailureFigures) -> Figure:
    label, money, whole = "GPU money in failed runs", figures.money, figures.money_of_all
    if money is None:
        return Figure(label, NONE, "no price known", SAME, "")
    was = "" if whole is None else f"of {dollars(whole)} for all runs"
    return Figure(label, dollars(money), "estimate", SAME, was)
