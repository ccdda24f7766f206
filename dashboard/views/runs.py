"""The list of runs, its live strip, and the box that takes anything pasted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zlib import crc32

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import ptag, trigger_client_event

from dashboard import __version__
from dashboard.access import may_label
from dashboard.domain.bar import page_scale, scale_ticks
from dashboard.domain.picture import picture, row_picture
from dashboard.domain.pieces import growth
from dashboard.models import Mark, Run, RunQuerySet
from dashboard.services import clock, intake, labels, marks, runs, usual
from dashboard.views import kept
from dashboard.views.choice import read_choice
from dashboard.views.files import not_shown, small_pictures
from dashboard.views.sights import live_usual, sight_of

PAGE = 50
MOST_CARDS = 12
CARD_ORDER = {"running": 0, "uploading": 0, "started": 1, "queued": 1, "not-started": 2}
NOW_EVERY = 5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@require_safe
@never_cache
def run_list(request: HttpRequest) -> HttpResponse:
    return render(request, "runs/list.html", list_context(request))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def find_runs(request: HttpRequest) -> HttpResponse:
    """Anything pasted: one run leads to its page, several to a list of just these."""
    if request.method != "POST":
        return redirect("run_list")  # Enter in the address bar after a search
    tracks = may_label(request.user)
    taken = intake.take(request.POST.get("q", ""), tracks=tracks)
    if len(taken.ids) == 1:
        return see_other(reverse("run_detail", args=[taken.ids[0]]))
    if taken.ids:
        if tracks:
            runs.open_run(taken.ids[0])
        query = {
            "ids": intake.pack(taken.ids),
            **({"over": taken.skipped} if taken.skipped else {}),
        }
        return see_other(f"{reverse('run_list')}?{urlencode(query)}")
    return render(request, "runs/list.html", _nothing_found(request, taken.search), status=422)


@require_POST
@never_cache
def paste_preview(request: HttpRequest) -> HttpResponse:
    """What the box would open; its text is neither stored nor given back."""
    taken = intake.take(request.POST.get("q", ""), tracks=False)
    context = {
        "found": len(taken.ids) + taken.skipped,
        "opened": len(taken.ids),
        "run_id": taken.ids[0] if taken.ids else None,
    }
    return HttpResponse(render_to_string("runs/_paste_preview.html", context))


def see_other(url: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": url})


def _nothing_found(request: HttpRequest, search: str) -> dict[str, Any]:
    context = list_context(request, search_text=search)
    context["form_error"] = "No run ID in there. IDs look like 7c1e9f42-3b0a-…."
    context["search_text_hits"] = bool(context["rows"])
    return context


def list_context(request: HttpRequest, search_text: str = "") -> dict[str, Any]:
    choice = read_choice(request, search_text)
    keys, older, newer = _page(choice.runs(), request)
    scale = page_scale([key.total for key in keys if key.total is not None])
    return {
        "rows": _rows(keys, scale),
        "scale": scale,
        "ticks": scale_ticks(scale),
        "older_url": older,
        "newer_url": newer,
        "choice": choice,
        "searched": bool(choice.q),
        "found": _found(choice.pasted, request) if choice.pasted else None,
        "empty": not keys and not Run.objects.exists(),
        "key_rejected": marks.key_rejected(Mark.read()),
        **({} if choice.any else now_context()),
    }


@dataclass(frozen=True, slots=True)
class RowKey:
    """What a row is known by before it is fetched: kept rows need no more."""

    pk: int
    version: int
    beside_version: int
    sorted_at: datetime
    total: float | None


def _page(chosen: RunQuerySet, request: HttpRequest) -> tuple[list[RowKey], str | None, str | None]:
    """One keyset page, and the addresses of the older and the newer one."""
    after, before = _key(request.GET.get("after")), _key(request.GET.get("before"))
    if before:
        rows = _keys(chosen.before(*before).order_by("sorted_at", "id"))
        more_newer, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        more_older = True
    else:
        rows = _keys((chosen.after(*after) if after else chosen).newest())
        more_older, rows = len(rows) > PAGE, rows[:PAGE]
        more_newer = bool(after)
    older = _address(request, after=rows[-1]) if more_older and rows else None
    newer = _address(request, before=rows[0]) if more_newer and rows else None
    return rows, older, newer


def _keys(chosen: RunQuerySet) -> list[RowKey]:
    columns = ("pk", "version", "beside_version", "sorted_at", "total")
    return [RowKey(*row) for row in chosen.values_list(*columns)[: PAGE + 1]]


def _key(text: str | None) -> tuple[datetime, int] | None:
    match = re.fullmatch(r"(-?\d{1,18})_(\d{1,18})", text or "")
    if not match:
        return None
    try:
        return EPOCH + int(match[1]) * MICROSECOND, int(match[2])
    except OverflowError:
        return None


def _address(request: HttpRequest, **key: RowKey) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, row in key.items():
        query[name] = f"{(row.sorted_at - EPOCH) // MICROSECOND}_{row.pk}"
    return f"{reverse('run_list')}?{query.urlencode()}"


def _rows(keys: list[RowKey], scale: float) -> list[str]:
    """Rendered rows in order; only those that are not kept yet are fetched."""
    kept_rows = {key: kept.get(_row_key(key, scale)) for key in keys}
    missing = [key.pk for key, row in kept_rows.items() if row is None]
    drawn = _draw_rows(missing, scale) if missing else {}
    return [
        (row or kept.put(_row_key(key, scale), (drawn[key.pk],)))[0]
        for key, row in kept_rows.items()
        if row or key.pk in drawn
    ]


def _row_key(key: RowKey, scale: float) -> tuple[object, ...]:
    return (__version__, "row", key.pk, key.version, key.beside_version, scale)


def _draw_rows(keys: list[int], scale: float) -> dict[int, str]:
    runs = Run.objects.defer("inputs", "values", "error", "log_error").in_bulk(keys)
    tags = labels.tags_of(runs)
    small = small_pictures(runs)
    unfit = not_shown([pk for pk in runs if pk not in small])
    elsewhere = {
        pk: None if run.picture_url in unfit else embeddable(run) for pk, run in runs.items()
    }
    return {
        pk: _render_row(run, tags.get(pk, ()), scale, small.get(pk) or elsewhere[pk])
        for pk, run in runs.items()
    }


def _render_row(run: Run, tags: Sequence[str], scale: float, image: str | None) -> str:
    row = row_picture(run, scale)
    context = {"run": run, "row": row, "tags": tags, "image": image}
    return render_to_string("runs/_row.html", context)


def embeddable(run: Run) -> str | None:
    """The first picture's link where a page may show it: https, or this computer's simulator."""
    url = run.picture_url or ""
    local = settings.LOCAL_FILES_ORIGIN
    return url if url.startswith("https://") or (local and url.startswith(f"{local}/")) else None


def _found(pasted: Sequence[UUID], request: HttpRequest) -> dict[str, Any]:
    """What became of many pasted IDs: the runs that are not here yet, and why."""
    stored = {
        run.uuid: run
        for run in Run.objects.filter(uuid__in=pasted).only("uuid", "status", "trouble")
    }
    known = [stored[run_id] for run_id in pasted if run_id in stored and not stored[run_id].seen]
    over = request.GET.get("over", "")
    return {
        "total": len(pasted),
        "waiting": [run for run in known if not run.trouble],
        "missing": [run for run in known if run.trouble],
        "untracked": [run_id for run_id in pasted if run_id not in stored],
        "skipped": int(over) if over.isdigit() and len(over) < 9 else 0,
    }


def now_context() -> dict[str, Any]:
    """The live runs; the list is not looking, so nothing is asked for."""
    now_at = clock.now()
    live = _live_runs()
    cards = _cards(sorted(live, key=lambda run: CARD_ORDER.get(run.status or "", 1)), now_at)
    return {
        "now_cards": cards,
        "more_live": len(live) > MOST_CARDS,
        "poll": NOW_EVERY,
        "tag": _live_runs_tag(live, cards, now_at),
    }


def _cards(live: Sequence[Run], now_at: datetime) -> list[dict[str, Any]]:
    sights = [(run, sight_of(run, now_at)) for run in live[:MOST_CARDS]]
    usual.fill(sights)
    return [
        {
            "run": run,
            "picture": picture(run, sight, title=run.title, usual=live_usual(run, sight)),
            "image": embeddable(run),
        }
        for run, sight in sights
    ]


def _live_runs() -> list[Run]:
    return list(Run.objects.live().newest()[: MOST_CARDS + 1])


def _live_runs_tag(live: list[Run], cards: Sequence[Mapping[str, Any]], now: datetime) -> str:
    """Which runs are live, how they stand, how far their bars have grown, and what is left."""
    rows = sorted(live, key=lambda run: run.pk)
    who = ";".join(str(run.pk) for run in rows)
    how = ";".join(
        f"{run.shown_version},{run.trouble},{growth(run, sight_of(run, now))}" for run in rows
    )
    how += "".join(f";{card['picture'].left.text}" for card in cards if card["picture"].left)
    return f"w{crc32(who.encode()):08x}.h{crc32(how.encode()):08x}.{__version__}"


def _now_tag(request: HttpRequest) -> str:
    return str(now_context()["tag"])


@require_safe
@never_cache
@ptag(_now_tag)
def now(request: HttpRequest) -> HttpResponseBase:
    context = now_context()
    response = render(request, "runs/_now.html", context)
    who = context["tag"].partition(".")[0]
    if who not in request.headers.get("HX-PTag", "").split("."):
        trigger_client_event(response, "runs-changed")  # one has ended, or a new one is there
    return response


def now_part(request: HttpRequest) -> HttpResponse:
    """The strip, for what was done in it."""
    return render(request, "runs/_now.html", now_context())
