"""What the templates of a batch draw: a failure, and an output."""

from dataclasses import dataclass
from uuid import UUID

from dashboard.models import Run
from dashboard.presentation.run.tiles import Tile


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that failed: its number in the batch, and its cause as a sentence."""

    run: Run
    number: int
    cause: str


@dataclass(frozen=True, slots=True)
class Cell:
    """An output in the grid, which leads to its run."""

    number: int
    run_id: UUID
    tile: Tile
