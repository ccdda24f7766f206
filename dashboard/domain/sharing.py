"""What a share link gives its readers, and how a shared run is told in a line."""

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from dashboard.domain.facts import Sight, Timed
from dashboard.domain.format import cut, plural, took
from dashboard.domain.picture import Picture

OUTPUTS, TIMES, INPUTS, NAMES, LABELS = "outputs", "times", "inputs", "names", "labels"
TITLE = "Shared run"
LONGEST_TITLE = 120
ONLY_WITH = "only with inputs and names ticked"

Shown = TypeVar("Shown", bound=Timed)


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing that whoever shares may tick."""

    name: str
    label: str
    means: str
    usual: bool = False


TICKS = (
    Tick(OUTPUTS, "Outputs", "pictures, films, text and files", True),
    Tick(TIMES, "Times", "phases, total and cold start, GPU", True),
    Tick(INPUTS, "Inputs", "the prompt, the seed and all else it was given"),
    Tick(NAMES, "Names and IDs", "run, workflow, version, machine, nodes"),
    Tick(LABELS, "Labels", "its title here, tags, notes and star, without their authors"),
)
USUAL = frozenset(tick.name for tick in TICKS if tick.usual)

LIVES = {"1": "1 day", "7": "7 days", "30": "30 days", "never": "No end"}
USUAL_LIFE = "7"


def end_of(life: str, now: datetime) -> datetime | None:
    """When a link of this life ends; None = never. Raises KeyError for no life of ours."""
    days = {"1": 1, "7": 7, "30": 30, "never": None}[life]
    return None if days is None else now + timedelta(days=days)


def known_ticks(words: Collection[str]) -> frozenset[str]:
    """Those of the words that are ticks."""
    return frozenset(tick.name for tick in TICKS) & frozenset(words)


def ticks_told(ticks: Collection[str]) -> str:
    """What a link gives, in words: `Outputs, times`; `State only` for nothing."""
    told = ", ".join(tick.label for tick in TICKS if tick.name in ticks)
    return told[:1] + told[1:].lower().replace("ids", "IDs") if told else "State only"


def files_told(finished: bool, keep: str) -> str:
    """What whoever shares is told of a run's files; `keep` is KEEP_OUTPUTS."""
    if keep == "none":
        return f"Files are not kept here (KEEP_OUTPUTS), so a reader sees them {ONLY_WITH}."
    if keep == "thumbnails":
        kept = "Only small pictures are kept here (KEEP_OUTPUTS)"
        return f"{kept}, so a reader sees whole files {ONLY_WITH}."
    if finished:
        return ""
    return f"Pictures come when the run has ended; before that {ONLY_WITH}."


def clean_title(text: str) -> str:
    """A title on one line; `Shared run` where nothing is given."""
    return cut(text.replace("\0", ""), LONGEST_TITLE) or TITLE


def discreet(run: Shown, ticks: Collection[str]) -> Shown:
    """A copy of the run without the times and the node's name that are not ticked.

    Its place in line is told as a time. When it ended stays: whether a timeout is
    final is part of its state.
    """
    shown = copy(run)
    hidden: dict[str, object] = {}
    if NAMES not in ticks:
        hidden |= {"live_status": None}
    if TIMES not in ticks:
        stamps = ("created_at", "queued_at", "started_at")
        phases = ("queue_wait", "cold_start", "before_run", "run", "total")
        hidden |= {
            **dict.fromkeys((*stamps, *phases, "queue_position")),
            "warnings": [],
            "start_kind": "unknown",
        }
    for name, value in hidden.items():
        setattr(shown, name, value)
    return shown


def readers_sight(run: Timed, sight: Sight) -> Sight:
    """How a reader without an account sees it: no key, no limit, no other run, only how fresh."""
    return Sight(
        now=sight.now,
        observed_at=sight.observed_at,
        interval=sight.interval,
        keeping=sight.keeping,
        stale=sight.lost and not run.finished,
    )


def preview_title(drawn: Picture, run: Timed) -> str:
    """The line of a chat's preview, from a discreet run."""
    if run.status == "success":
        return f"✓ {drawn.title}{_times(run)}"
    if run.status == "failed":
        return f"✕ {drawn.title}, failed{_after(run)}"
    return f"{drawn.title}, {drawn.pill[:1].lower()}{drawn.pill[1:]}{_after(run)}"


def _times(run: Timed) -> str:
    if run.total is None:
        return ""
    cold = f" (cold start {took(run.cold_start)})" if run.cold_start is not None else ""
    return f", {took(run.total)}{cold}"


def _after(run: Timed) -> str:
    return f" after {took(run.total)}" if run.finished and run.total is not None else ""


def preview_text(outputs: int, ends: datetime | None) -> str:
    """The second line: how many outputs there are to see, and until when."""
    until = f"Shared until {ends.day} {ends:%b}." if ends else "Shared."
    return f"{plural(outputs, 'output')}. {until}" if outputs else until
