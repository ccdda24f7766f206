"""What a share link gives, in words, and a shared run in one line."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from dashboard.domain.run.facts import Timed
from dashboard.domain.sharing import COST, INPUTS, LABELS, NAMES, OUTPUTS, PICKS, TIMES
from dashboard.presentation.format import cut, plural, took
from dashboard.presentation.run.display import RunDisplay

TITLE, SHEET_TITLE = "Shared run", "Shared runs"
UNTITLED = frozenset({TITLE, SHEET_TITLE})


LONGEST_TITLE = 120


ONLY_WITH = "only when inputs and names are shared"


@dataclass(frozen=True, slots=True)
class Scope:
    """One checkbox of the share form."""

    name: str
    label: str
    means: str


SCOPES = (
    Scope(OUTPUTS, "Outputs", "Images, videos, text and other files"),
    Scope(TIMES, "Times", "Phases, cold start, total and GPU"),
    Scope(INPUTS, "Inputs", "Prompt, seed and everything else the run was given"),
    Scope(NAMES, "Names and IDs", "Run, workflow, version, machine and nodes"),
    Scope(LABELS, "Labels", "Title, tags, notes and star, without authors"),
    Scope(
        COST,
        "Cost",
        "An estimate of what the run and its container cost, with GPU, seconds and price",
    ),
    Scope(
        PICKS, "Picks and ratings", "Which outputs are picked or rejected, and stars, without names"
    ),
)


LIFETIMES = {"1": "1 day", "7": "7 days", "30": "30 days", "never": "Never"}


def scopes_text(scopes: Collection[str]) -> str:
    """What a link gives, in words: `Outputs, times`; `Status only` for nothing."""
    labels = ", ".join(scope.label for scope in SCOPES if scope.name in scopes)
    return labels[:1] + labels[1:].lower().replace("ids", "IDs") if labels else "Status only"


def files_text(finished: bool, keep: str, keep_new: str) -> str:
    """What the share form says of a run's files.

    `keep` is what is stored of them; `keep_new` is KEEP_OUTPUTS, which differs where
    the run is older than the board.
    """
    why = "KEEP_OUTPUTS" if keep == keep_new else "KEEP_BACKFILL"
    if keep == "none":
        return f"Files aren't stored here ({why}), so they're visible {ONLY_WITH}."
    if keep == "thumbnails":
        stored = f"Only thumbnails are stored here ({why})"
        return f"{stored}, so full files are visible {ONLY_WITH}."
    if finished:
        return ""
    return f"Files appear when the run ends; before that, {ONLY_WITH}."


def clean_title(text: str, untitled: str = TITLE) -> str:
    """A title on one line; `untitled` where nothing is given."""
    return cut(text.replace("\0", ""), LONGEST_TITLE) or untitled


def preview_title(drawn: RunDisplay, run: Timed) -> str:
    """The line of a chat's preview, from a redacted run."""
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
