"""A run of a sheet as the readers of its link get it: a caption above its outputs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.domain.run.progress import percent
from dashboard.domain.run.visibility import Visibility
from dashboard.domain.sharing import INPUTS, NAMES, OUTPUTS, RedactedRun
from dashboard.presentation.format import took
from dashboard.presentation.run.display import row_display
from dashboard.presentation.run.tiles import Tile
from dashboard.presentation.words import StatusWords


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """The caption and the tiles; what the scopes do not show is empty."""

    position: int
    title: str
    below: Sequence[str]  # the workflow, and the prompt of a run with a title
    words: StatusWords
    percent: int | None  # of a live run
    facts: Sequence[str]
    created_at: datetime | None
    run_id: str
    has_inputs: bool
    starred: bool
    tiles: Sequence[Tile] = ()
    without: str = ""  # why there is no tile
    goes_on: bool = False  # the page before has its first outputs

    @property
    def anchor(self) -> str:
        return f"run-{self.position}-on" if self.goes_on else f"run-{self.position}"


def sheet_title(run: RedactedRun, position: int) -> str:
    """Its title, else its prompt or workflow, else its number: the first that may be told."""
    return run.label or run.prompt or run.workflow_name or f"Run {position + 1}"


def sheet_group(
    run: RedactedRun,
    scopes: Collection[str],
    now: datetime,
    position: int,
    *,
    cost: str = "",
    tiles: Sequence[Tile] = (),
    first: int = 0,
    fetched: bool = True,
    lost: bool = False,
) -> SheetGroup:
    """The group of a run; `first` is the number of its outputs on the page before.

    `fetched`: it was read whole; `lost`: what is known of it may be out of date.
    """
    title = sheet_title(run, position)
    drawn = row_display(run, 1.0, visibility=Visibility(now=now, stale=lost))
    live = not run.finished and not lost and run.status in ("running", "uploading")
    return SheetGroup(
        position=position,
        title=title,
        below=[text for text in (run.workflow_name, run.prompt) if text and text != title],
        words=drawn.words,
        percent=percent(run.progress) if live and run.progress is not None else None,
        facts=_facts(run, cost),
        created_at=run.created_at,
        run_id=str(run.uuid) if run.uuid and NAMES in scopes else "",
        has_inputs=INPUTS in scopes and bool(run.inputs),
        starred=run.starred,
        tiles=tiles,
        without="" if tiles or OUTPUTS not in scopes else _without(run, fetched),
        goes_on=first > 0,
    )


def _facts(run: RedactedRun, cost: str) -> list[str]:
    total = f"{took(run.total)} total" if run.total is not None else ""
    cold = f"{took(run.cold_start)} cold start" if run.cold_start is not None else ""
    return [fact for fact in (total, cold, run.gpu or "", cost) if fact]


def _without(run: RedactedRun, fetched: bool) -> str:
    if not run.finished:
        return "Outputs appear here as they finish."
    if not fetched:
        return "Outputs are not read yet."
    if run.status == "success":
        return "Finished without outputs."
    return "No outputs before the run ended."
