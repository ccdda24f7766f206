"""A sheet in words: how many runs and outputs it has, and its preview."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.domain.sharing import COST, INPUTS, LABELS, NAMES, TIMES
from dashboard.presentation.format import plural
from dashboard.presentation.sharing.preview_card import PreviewCard
from dashboard.presentation.sharing.share_text import SCOPES, Scope, preview_text

_MEANS = {
    TIMES: "Total, cold start, GPU and date",
    INPUTS: "Prompts, seeds and everything else the runs were given",
    NAMES: "Runs, workflows and nodes",
    LABELS: "Titles, tags, notes and stars, without authors",
    COST: "An estimate of what each run cost",
}

SHEET_SCOPES: Sequence[Scope] = tuple(
    replace(scope, means=_MEANS.get(scope.name, scope.means)) for scope in SCOPES
)
"""The checkboxes of the form, as they read for several runs."""


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """How many runs a sheet has by state, and how many outputs readers see."""

    runs: int
    done: int
    failed: int
    live: int
    outputs: int


def counts_text(counts: SheetCounts) -> str:
    """`12 runs, 40 outputs, 2 failed, 1 live`."""
    parts = [plural(counts.runs, "run")]
    if counts.outputs:
        parts.append(plural(counts.outputs, "output"))
    if counts.failed:
        parts.append(f"{counts.failed} failed")
    if counts.live:
        parts.append(f"{counts.live} live")
    return ", ".join(parts)


def sheet_preview_text(counts: SheetCounts, ends: datetime | None) -> str:
    """The second line of a chat's preview."""
    return f"{plural(counts.runs, 'run')}. {preview_text(counts.outputs, ends)}"


def sheet_card(title: str, counts: SheetCounts) -> PreviewCard:
    """The preview image: the title, and how many runs and outputs there are."""
    all_done = counts.done == counts.runs > 0
    return PreviewCard(
        word="All done" if all_done else plural(counts.runs, "run"),
        tone="done" if all_done else "neutral",
        title=title,
        big=title,
        line=counts_text(counts),
    )
