"""The strip of live runs above the list."""

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from dashboard import __version__
from dashboard.models import Run
from dashboard.presentation.run.display import run_display
from dashboard.presentation.run.segments import growth
from dashboard.services import clock
from dashboard.services.runs import usual
from dashboard.services.runs.visibility import ObservedRun, observe
from dashboard.views.responses import tagged
from dashboard.views.runs.thumbnails import embeddable

MAX_CARDS = 12
CARD_ORDER = {"running": 0, "uploading": 0, "started": 1, "queued": 1, "not-started": 2}
POLL_SECONDS = 5


def strip_context() -> dict[str, Any]:
    """The live runs; the list is not looking, so nothing is asked for."""
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


def _cards(shown: Sequence[ObservedRun]) -> list[dict[str, Any]]:
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


def _tag(observed: Sequence[ObservedRun], cards: Sequence[Mapping[str, Any]]) -> str:
    """Which runs are live, how they stand, how far their bars have grown, and what is left."""
    rows = sorted(observed, key=lambda each: each.run.pk)
    who = ";".join(str(each.run.pk) for each in rows)
    how = ";".join(
        f"{each.run.shown_version},{each.run.trouble},{growth(each.run, each.visibility)}"
        for each in rows
    )
    how += "".join(f";{card['display'].left.text}" for card in cards if card["display"].left)
    return f"w{crc32(who.encode()):08x}.h{crc32(how.encode()):08x}.{__version__}"


@require_safe
@never_cache
def strip(request: HttpRequest) -> HttpResponseBase:
    context = strip_context()

    def answer() -> HttpResponse:
        response = render(request, "runs/_now.html", context)
        who = context["tag"].partition(".")[0]
        if who not in request.headers.get("HX-PTag", "").split("."):
            trigger_client_event(response, "runs-changed")  # one has ended, or a new one is there
        return response

    return tagged(request, context["tag"], answer)


def strip_part(request: HttpRequest) -> HttpResponse:
    """The strip, for what was done in it."""
    return render(request, "runs/_now.html", strip_context())
