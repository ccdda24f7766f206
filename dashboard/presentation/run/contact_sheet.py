"""Many outputs: small tiles, the first of them, and the rest when asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.presentation.run.tiles import Tile

FIRST = 40
"""Tiles that a page shows before it is asked for all."""

LARGE_UP_TO = 24
"""Pictures that are shown large; more are a contact sheet."""

ONE_BY_ONE_UP_TO = 12
"""Outputs that may be shown one by one, each as large as the page has room."""


class OutputsView(StrEnum):
    """How an ended run shows few outputs: one by one, or all side by side."""

    LARGE = "large"
    GRID = "grid"


def outputs_view(tiles: Sequence[Tile], asked: OutputsView | None) -> OutputsView | None:
    """The view that was asked for, where there is a choice; None where there is none."""
    return asked if 0 < len(tiles) <= ONE_BY_ONE_UP_TO else None


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """The tiles that are shown; `small` where they are a contact sheet."""

    shown: Sequence[Tile]
    small: bool
    cut: bool

    @property
    def asked_for(self) -> bool:
        """Whether the page shows tiles that it does not show by itself."""
        return len(self.shown) > FIRST

    @property
    def rest(self) -> str:
        """The slice of the tiles that are not shown."""
        return f"{len(self.shown)}:"


def contact_sheet(tiles: Sequence[Tile], *, all_shown: bool = False) -> ContactSheet:
    """All tiles where they are few or asked for, else the first of them."""
    shown = tiles if all_shown else tiles[:FIRST]
    small = sum(each.viewer == "image" for each in tiles) > LARGE_UP_TO
    return ContactSheet(shown, small, len(shown) < len(tiles))


def output_url(page: str, identity: str, nth: int) -> str:
    """An output on a run's page, which shows those after the first when it is asked for all."""
    return f"{page}{'?outputs=all' if nth >= FIRST else ''}#o-{identity}"
