"""The list of runs, its live strip, and the box that takes anything pasted."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.access import may_label
from dashboard.domain.filters.fields import CREATED
from dashboard.domain.search.words import read_words
from dashboard.http import Context, HtmxRequest
from dashboard.models import Run
from dashboard.presentation.box_text import REFUSED
from dashboard.presentation.bulk_text import told
from dashboard.presentation.run.phase_bar import page_scale, scale_ticks
from dashboard.services import clock
from dashboard.services.ops import bulk
from dashboard.services.runs import fetch, pasted
from dashboard.services.runs.run_pages import Page
from dashboard.services.runs.saved_views import Views
from dashboard.views.connection_notice import connection_context
from dashboard.views.responses import see_other
from dashboard.views.runs.box import searched
from dashboard.views.runs.days import Day, by_day
from dashboard.views.runs.filter_context import density_context, query_context
from dashboard.views.runs.filters import ListFilter
from dashboard.views.runs.first_context import first_context
from dashboard.views.runs.gallery import gallery_context
from dashboard.views.runs.history_line import history_context
from dashboard.views.runs.list_pages import newer_url, older_url, page_of
from dashboard.views.runs.live_strip import strip_context
from dashboard.views.runs.rows import KEY_COLUMNS, RowKey, rendered_rows
from dashboard.views.runs.saved_view_context import filter_beside, view_url, views_context, views_of
from dashboard.views.runs.starters import starters_for

MAX_PREVIEW = 100_000  # characters


@require_safe
@never_cache
def run_list(request: HtmxRequest) -> HttpResponse:
    """The list; its bare address opens a reader's default view, but never under an open page."""
    views = views_of(request)
    if views.default and not request.GET and not request.htmx:
        return redirect(view_url(views.default))
    return render(request, "runs/list/page.html", list_context(request, views))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def find_runs(request: HttpRequest) -> HttpResponse:
    """Anything pasted: a run leads to its page, several to a list of these, words to a search.

    A search of a list's own box stays under the list's filter; nothing typed is no search.
    """
    if request.method != "POST":
        return redirect("run_list")  # Enter in the address bar after a search
    tracks = may_label(request.user)
    text = request.POST.get("q", "")
    taken = pasted.track_pasted(text, tracks=tracks)
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
    if taken.refused is None or not text.strip():
        return see_other(searched(request, taken.search).url)
    context = {**list_context(request, views_of(request)), "form_error": REFUSED[taken.refused]}
    return render(request, "runs/list/page.html", context, status=422)


@require_POST
@never_cache
def paste_preview(request: HttpRequest) -> HttpResponse:
    """What the box would open or search, or why neither; only a search is given back.

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
        "refused": REFUSED[taken.refused] if taken.refused and text.strip() else "",
    }
    return HttpResponse(render_to_string("runs/list/_paste_preview.html", context))


def list_context(request: HttpRequest, views: Views) -> Context:
    run_filter = filter_beside(request, views)
    now = clock.now()
    gallery = gallery_context(run_filter, request) if run_filter.in_gallery else {}
    page = Page(()) if gallery else page_of(request, run_filter)
    keys = _rows_of(page)
    bare = not keys and not run_filter.any and not Run.objects.exists()
    empty = bare and may_label(request.user)
    scale = page_scale(key.reach(now) for key in keys)
    starters = starters_for(request, (key.user_id for key in keys))
    words = read_words(run_filter.query.words)
    rows = rendered_rows(keys, scale, now, starters, words, selects=True)
    return {
        "days": _days(run_filter, rows, now),
        "live_rows": any(not key.finished for key in keys),
        "selects": True,
        "last_action": _last_action(request, now),
        "scale": scale,
        "ticks": scale_ticks(scale),
        "older_url": older_url(request, run_filter.sort, page),
        "newer_url": newer_url(request, run_filter.sort, page),
        "choice": run_filter,
        "found": _pasted_context(run_filter.pasted, request) if run_filter.pasted else None,
        "empty": empty,
        "bare": bare,
        **density_context(run_filter),
        **gallery,
        **query_context(run_filter, people=may_label(request.user)),
        **views_context(request, run_filter, views, now),
        **connection_context(),
        **(first_context(request, at_list=True) if empty else {}),
        **({} if empty else history_context(now, waits=bare)),
        **({} if run_filter.any or empty else strip_context()),
    }


def _last_action(request: HttpRequest, now: datetime) -> Context | None:
    """What this reader did with selected runs last, while it goes on or can be undone."""
    action = bulk.newest_of(request.user, now) if may_label(request.user) else None
    return {"action": action, "told": told(action)} if action else None


def _days(choice: ListFilter, rows: dict[RowKey, str], now: datetime) -> list[Day]:
    """The rows by day where they stand by their time, else under no day."""
    if choice.sort.name != CREATED:
        return [Day("", tuple(rows.values()))] if rows else []
    return by_day(((key.sorted_at, row) for key, row in rows.items()), now, choice.zone)


def _rows_of(page: Page) -> list[RowKey]:
    """What identifies the page's rows; a run that has just been removed is not among them."""
    runs = Run.objects.filter(pk__in=[key.pk for key in page.keys])
    found = {row[0]: RowKey(*row) for row in runs.values_list(*KEY_COLUMNS)}
    return [found[key.pk] for key in page.keys if key.pk in found]


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
