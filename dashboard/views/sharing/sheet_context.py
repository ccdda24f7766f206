"""What the readers of a sheet see of its runs, a page of outputs at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from dashboard.domain.sharing import COST, LABELS, OUTPUTS, redacted_view
from dashboard.http import Context
from dashboard.models import Run, Share
from dashboard.models.run_queryset import FAILED
from dashboard.presentation.run.cost_text import cost_text
from dashboard.presentation.run.tiles import Tile
from dashboard.presentation.sharing.sheet_group import SheetGroup, sheet_group
from dashboard.presentation.sharing.sheet_page import Piece, SheetPage, Where, sheet_page
from dashboard.presentation.sharing.sheet_text import SheetCounts
from dashboard.services.machines import costs as run_costs
from dashboard.services.runs import labels
from dashboard.services.runs.labels import Labels
from dashboard.services.sharing import sheets
from dashboard.services.sharing.sheets import Place
from dashboard.views.sharing.shared_tiles import shared_tiles


@dataclass(frozen=True, slots=True)
class GroupContext:
    """A run's caption and tiles, with its labels where they are shown."""

    group: SheetGroup
    labels: Labels | None

    @property
    def prefix(self) -> str:
        """What stands before the identities of its outputs, which other runs may have too."""
        return f"{self.group.position}-"


def counts_of(places: Sequence[Place], scopes: Collection[str]) -> SheetCounts:
    """How many runs there are by state, and how many outputs readers see."""
    return SheetCounts(
        runs=len(places),
        done=sum(place.status == "success" for place in places),
        failed=sum(place.status in FAILED for place in places),
        live=sum(not place.finished for place in places),
        outputs=sum(place.outputs for place in places) if OUTPUTS in scopes else 0,
    )


def groups_context(
    sheet: Share, token: str, places: Sequence[Place], start: Where, now: datetime
) -> Context:
    """The runs from `start` on, and where the rest is asked for. A fixed number of queries."""
    page = _page_of(places, sheet.scopes, start)
    groups = _groups(sheet, token, page.pieces, now)
    return {
        "groups": groups,
        "more": str(page.rest) if page.rest else "",
        "more_url": reverse("shared_outputs", args=[token]),
        "then": _anchor(page.rest),
        "values_url": values_url(token),
    }


def _page_of(places: Sequence[Place], scopes: Collection[str], start: Where) -> SheetPage:
    told = OUTPUTS in scopes
    return sheet_page([(place.position, place.outputs * told) for place in places], start)


def _anchor(rest: Where | None) -> str:
    """The element that takes the focus once the rest has come."""
    if rest is None:
        return ""
    return f"run-{rest.position}-on" if rest.output else f"run-{rest.position}"


def values_url(token: str) -> str:
    """Where the whole texts and inputs of a link lie."""
    return f"{reverse('shared', args=[token])}values/"


def _groups(sheet: Share, token: str, pieces: Sequence[Piece], now: datetime) -> list[GroupContext]:
    scopes = sheet.scopes
    runs = sheets.runs_at(sheet, [piece.position for piece in pieces])
    told = labels.of_runs(run.pk for run in runs.values()) if LABELS in scopes else {}
    costs = _costs(list(runs.values())) if COST in scopes else {}
    found = []
    for piece in pieces:
        if run := runs.get(piece.position):  # it may just have been removed
            tiles = tiles_of(run, sheet, token)[piece.first : piece.end]
            group = _group(run, scopes, now, piece, tiles, costs.get(run.pk, ""))
            found.append(GroupContext(group, told.get(run.pk)))
    return found


def tiles_of(run: Run, sheet: Share, token: str) -> Sequence[Tile]:
    """A run's outputs as far as the link's scopes go."""
    if OUTPUTS not in sheet.scopes:
        return ()
    context = shared_tiles(
        run, sheet.scopes, lambda pk, name: reverse("shared_file", args=[token, pk, name])
    )
    return context["tiles"]


def _group(
    run: Run,
    scopes: Collection[str],
    now: datetime,
    piece: Piece,
    tiles: Sequence[Tile],
    cost: str,
) -> SheetGroup:
    return sheet_group(
        redacted_view(run, scopes),
        scopes,
        now,
        piece.position,
        cost=cost,
        tiles=tiles,
        first=piece.first,
        fetched=run.fetched,
        lost=bool(run.trouble) and not run.finished,
    )


def _costs(runs: Sequence[Run]) -> dict[int, str]:
    """What each run cost by itself, in words."""
    costs = run_costs.costs_of(runs)
    return {
        pk: f"{cost_text(cost, gpu='', seconds=(None, None), price_of=None).total} estimated"
        for pk, cost in costs.items()
    }
