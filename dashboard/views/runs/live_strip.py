"""The strip of live runs above the list: drawn with the list, and alone after a change."""

from collections.abc import Sequence
from typing import TypedDict
from zlib import crc32

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard import __version__
from dashboard.models import Run
from dashboard.presentation.run.display import RunDisplay, run_display
from dashboard.presentation.run.segments import growth
from dashboard.services import clock
from dashboard.services.runs import usual
from dashboard.services.runs.visibility import ObservedRun, observe
from dashboard.views.runs.thumbnails import embeddable

MAX_CARDS = 12
CARD_ORDER = {"running": 0, "uploading": 0, "started": 1, "queued": 1, "not-started": 2}
POLL_SECONDS = 5


class Card(TypedDict):
    """One live run in the strip."""

    run: Run
    display: RunDisplay
    image: str | None


class StripContext(TypedDict):
    """What the strip's template needs."""

    now_cards: list[Card]
    more_live: bool
    poll: int
    tag: str


def strip_context() -> StripContext:
    """The live runs as they are stored; the list is no look, so none is refreshed for it."""
    now = clock.now()
    found = Run.objects.live().newest()[: MAX_CARDS + 1]
    live = sorted(found, key=lambda run: CARD_ORDER.get(run.status or "", 1))
    observed = [observe(run, now) for run in live]
    cards = _cards(observed[:MAX_CARDS])
    return {
        "now_cards": cards,
        "more_live": len(observed) > MAX_CARDS,
        "poll": POLL_SECONDS,
        "tag": _tag(observed, cards),
    }


def _cards(shown: Sequence[ObservedRun]) -> list[Card]:
    usual.preload((each.run, each.visibility) for each in shown)
    return [
        {
            "run": each.run,
            "display": run_display(
                each.run, each.visibility, title=each.run.title, usual=each.usual
            ),
            "image": embeddable(each.run),
        }
        for each in shown
    ]


def _tag(observed: Sequence[ObservedRun], cards: Sequence[Card]) -> str:
    """Which runs are live, how they stand, how far their bars have grown, and what is left."""
    rows = sorted(observed, key=lambda each: each.run.pk)
    who = ";".join(str(each.run.pk) for each in rows)
    how = ";".join(
        f"{each.run.shown_version},{each.run.trouble},{growth(each.run, each.visibility)}"
        for each in rows
    )
    how += "".join(f";{card['display'].left.text}" for card in cards if card["display"].left)
    return f"w{crc32(who.encode()):08x}.h{crc32(how.encode()):08x}.{__version__}"


def strip_part(request: HttpRequest) -> HttpResponse:
    """The strip alone, after a change that was made in it."""
    return render(request, "runs/list/_live_strip.html", strip_context())
