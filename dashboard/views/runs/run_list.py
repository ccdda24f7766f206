"""The list of runs, its live strip, and the box that takes anything pasted."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.access import may_label
from dashboard.http import Context
from dashboard.models import Run, RunQuerySet
from dashboard.presentation.run.phase_bar import page_scale, scale_ticks
from dashboard.services import clock
from dashboard.services.runs import fetch, pasted
from dashboard.views.connection_notice import connection_context
from dashboard.views.responses import see_other
from dashboard.views.runs.filters import query_context, read_filter
from dashboard.views.runs.first_context import first_context
from dashboard.views.runs.history_line import history_context
from dashboard.views.runs.live_strip import strip_context
from dashboard.views.runs.rows import RowKey, rendered_rows
from dashboard.views.runs.starters import starters_for

PAGE = 50
MAX_PREVIEW = 100_000  # characters
NO_ID = "No run ID found. IDs look like 7c1e9f42-3b0a-…."
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@require_safe
@never_cache
def run_list(request: HttpRequest) -> HttpResponse:
    return render(request, "runs/list/page.html", list_context(request))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def find_runs(request: HttpRequest) -> HttpResponse:
    """Anything pasted: a run leads to its page, several to a list of these, words to a search."""
    if request.method != "POST":
        return redirect("run_list")  # Enter in the address bar after a search
    tracks = may_label(request.user)
    taken = pasted.track_pasted(request.POST.get("q", ""), tracks=tracks)
    if len(taken.ids) == 1:
        return see_other(reverse("run_detail", args=[taken.ids[0]]))
    if taken.ids:
        if tracks:
            fetch.open_run(taken.ids[0])
        query = {
            "ids": pasted.pack(taken.ids),
            **({"over": taken.skipped} if taken.skipped else {}),
        }
        return see_other(f"{reverse('run_list')}?{urlencode(query)}")
    if taken.search:
        return see_other(f"{reverse('run_list')}?{urlencode({'q': taken.search})}")
    context = {**list_context(request), "form_error": NO_ID}
    return render(request, "runs/list/page.html", context, status=422)


@require_POST
@never_cache
def paste_preview(request: HttpRequest) -> HttpResponse:
    """What the box would open or search; its text is not stored, and only a search given back.

    Texts over 100,000 characters get no message: they are read when they are submitted.
    """
    text = request.POST.get("q", "")
    if len(text) > MAX_PREVIEW:
        return HttpResponse()
    taken = pasted.track_pasted(text, tracks=False)
    context = {
        "found": len(taken.ids) + taken.skipped,
        "opened": len(taken.ids),
        "run_id": taken.ids[0] if taken.ids else None,
        "search": taken.search,
    }
    return HttpResponse(render_to_string("runs/list/_paste_preview.html", context))


def list_context(request: HttpRequest) -> Context:
    run_filter = read_filter(request)
    keys, older, newer = _page(run_filter.runs(), request)
    bare = not keys and not run_filter.any and not Run.objects.exists()
    empty = bare and may_label(request.user)
    scale = page_scale([key.total for key in keys if key.total is not None])
    return {
        "rows": rendered_rows(keys, scale, starters_for(request, (key.user_id for key in keys))),
        "scale": scale,
        "ticks": scale_ticks(scale),
        "older_url": older,
        "newer_url": newer,
        "choice": run_filter,
        "searched": bool(run_filter.q),
        "found": _pasted_context(run_filter.pasted, request) if run_filter.pasted else None,
        "empty": empty,
        "bare": bare,
        **query_context(run_filter, people=may_label(request.user)),
        **connection_context(),
        **(first_context(request, at_list=True) if empty else {}),
        **({} if empty else history_context(clock.now(), waits=bare)),
        **({} if run_filter.any or empty else strip_context()),
    }


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
    columns = ("pk", "version", "extras_version", "sorted_at", "total", "user_id")
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


def _pasted_context(ids: Sequence[UUID], request: HttpRequest) -> Context:
    """The context about several pasted runs: those that cannot be listed yet, and why."""
    unseen = pasted.unseen_runs(ids)
    over = request.GET.get("over", "")
    return {
        "total": len(ids),
        "waiting": unseen.waiting,
        "missing": unseen.missing,
        "untracked": unseen.untracked,
        "skipped": int(over) if over.isdecimal() and len(over) < 9 else 0,
    }
