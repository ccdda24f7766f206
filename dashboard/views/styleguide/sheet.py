"""Patterns of a link to several runs: its form, and its readers' page."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.templatetags.static import static

from dashboard.domain import sharing
from dashboard.domain.sharing import redacted_view
from dashboard.http import Context
from dashboard.models import Run, Share
from dashboard.presentation.run.tiles import Tile, tile
from dashboard.presentation.sharing import share_text
from dashboard.presentation.sharing.sheet_group import sheet_group
from dashboard.presentation.sharing.sheet_text import SHEET_SCOPES, SheetCounts, counts_text
from dashboard.services.runs.labels import Labels
from dashboard.styleguide import payloads
from dashboard.styleguide.drawing import Pattern, Patterns, drawn, main_of
from dashboard.styleguide.run_parts import labels_of, stored_picture
from dashboard.styleguide.runs import run_of
from dashboard.views.sharing.sheet_context import GroupContext

COUNTS = SheetCounts(runs=12, done=9, failed=2, live=1, outputs=240)
WITHOUT = ("running", "success", "failed", "cancelled")


def patterns(request: HttpRequest, now: datetime) -> Patterns:
    """The form in each state; the page with every scope, with none, and without runs."""
    for name, more in (
        ("sharing several", {}),
        ("several shared", {"new_link": "https://board.example/s/…"}),
        ("some left out", {"left_out": 1}),
        ("several left out", {"left_out": 3}),
    ):
        context = {**_making(now), **more}
        yield Pattern(name, main_of(request, "sharing/create_sheet.html", **context))
    every = list(_groups(request, now, frozenset(sharing.ALL_SCOPES)))
    more = {"more": "9.40", "more_url": "#shares", "zip_url": "#shares"}
    yield Pattern("a sheet", _page(request, now, every, **more))
    bare = list(_groups(request, now, frozenset()))
    yield Pattern("a sheet, status only", _page(request, now, bare))
    yield Pattern("a sheet without runs left", _page(request, now, []))


def _making(now: datetime) -> Context:
    return {
        "asked": {
            "scopes": sharing.DEFAULT_SCOPES,
            "title": "Lighthouses",
            "life": sharing.DEFAULT_LIFETIME,
        },
        "packed": "…",
        "form_url": "#shares",
        "card_url": f"{static('img/card.png')}?",
        "counts_text": counts_text(COUNTS),
        "scopes": SHEET_SCOPES,
        "lives": share_text.LIFETIMES,
        "ends_at": now + timedelta(days=7),
        "preview_title": "Lighthouses",
        "preview_text": "12 runs. 240 outputs. Shared.",
        "host": "board.example",
        "loopback": True,
    }


def _page(
    request: HttpRequest, now: datetime, groups: Sequence[GroupContext], **more: object
) -> str:
    context = {
        "link": Share(title="Lighthouses", ends_at=now + timedelta(days=7)),
        "counts": COUNTS,
        "counts_text": counts_text(COUNTS),
        "groups": groups,
        "now": now,
        "values_url": "#shares",
        **more,
    }
    top = drawn(context, "sharing/_header.html")
    return top + main_of(request, "sharing/sheet.html", **context)


def _groups(request: HttpRequest, now: datetime, scopes: frozenset[str]) -> Iterator[GroupContext]:
    """A run with pictures, its rest on another page, and runs without outputs."""
    address = request.build_absolute_uri(static("img/card.png"))
    made = [
        {"data": {"images": [payloads.file(f"{address}?{name}", name)]}, "node_meta": None}
        for name in ("one.png", "other.png")
    ]
    run, facts = run_of(payloads.ended(now, "sheet", outputs=made) | payloads.IDS, now)
    run.prompt, run.starred = "a lighthouse at dusk, oil painting", True
    told = Labels(None, None, *labels_of(run, now)) if scopes else None
    tiles = [tile(one, stored_picture(address), "") for one in facts.outputs] if scopes else []
    yield _group(run, scopes, now, 0, tiles, told, cost="$0.102 estimated" if scopes else "")
    if scopes:
        yield _group(run, scopes, now, 1, tiles[:1], None, first=9)
    for position, status in enumerate(WITHOUT, start=2):
        payload = payloads.live if status == "running" else payloads.ended
        empty, _ = run_of(payload(now, f"sheet {status}", status=status), now)
        yield _group(empty, scopes, now, position, [], None)


def _group(
    run: Run,
    scopes: frozenset[str],
    now: datetime,
    position: int,
    tiles: Sequence[Tile],
    labels: Labels | None,
    *,
    cost: str = "",
    first: int = 0,
) -> GroupContext:
    shown = redacted_view(run, scopes)
    group = sheet_group(
        shown, scopes, now, position, cost=cost, tiles=tiles, first=first, fetched=True
    )
    return GroupContext(group, labels)
