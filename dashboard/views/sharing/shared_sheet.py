"""The page behind a link to several runs: their outputs by run, limited to the link's scopes."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from dashboard.domain.sharing import INPUTS, OUTPUTS
from dashboard.domain.text.user_agents import is_robot
from dashboard.http import Context
from dashboard.models import Share
from dashboard.presentation.sharing.sheet_page import where
from dashboard.services import clock
from dashboard.services.sharing import share_links, sheets
from dashboard.views.runs.file_response import serve
from dashboard.views.runs.value_response import input_value, text_answer, value_answer
from dashboard.views.sharing import sheet_archive
from dashboard.views.sharing.sheet_context import groups_context, tiles_of, values_url
from dashboard.views.sharing.sheet_reading import SheetReading


def page(request: HttpRequest, link: Share, token: str) -> HttpResponse:
    now = clock.now()
    if request.method == "GET" and not is_robot(request.headers.get("User-Agent", "")):
        share_links.count_view(link, now)
    reading = SheetReading(link, sheets.places(link))
    start = where(request.GET.get("from", ""))
    context = {
        **groups_context(link, token, reading.places, start, now),
        "link": link,
        "scopes": link.scopes,
        "now": now,
        "counts": reading.counts,
        "counts_text": reading.counts_text,
        "zip_url": _zip_url(link, token),
        "display_title": link.title,
        "preview_title": link.title,
        "preview_text": reading.preview_text,
        "page_url": settings.PUBLIC_URL + reverse("shared", args=[token]),
        "card_url": settings.PUBLIC_URL + reverse("shared_card", args=[token]),
    }
    return render(request, "sharing/sheet.html", context)


def _zip_url(link: Share, token: str) -> str | None:
    if OUTPUTS not in link.scopes or not sheets.has_files(link):
        return None
    return reverse("shared_archive", args=[token])


def outputs(request: HttpRequest, link: Share, token: str) -> HttpResponse:
    """The next outputs, which take the place of the button that asked for them."""
    start = where(request.GET.get("from", ""))
    context: Context = groups_context(link, token, sheets.places(link), start, clock.now())
    return render(request, "sharing/_sheet_groups.html", {**context, "scopes": link.scopes})


def file(request: HttpRequest, link: Share, token: str, pk: int, name: str) -> HttpResponseBase:
    stored = sheets.file_of(link, pk) if OUTPUTS in link.scopes else None
    if stored is None:
        raise Http404
    return serve(request, stored, name, clean=INPUTS not in link.scopes)


def value(request: HttpRequest, link: Share, token: str, kind: str, name: str) -> HttpResponse:
    """The whole of a run's text, or its inputs; the name begins with the run's position."""
    position, _, rest = name.partition("-")
    places = [int(position)] if position.isdecimal() and len(position) < 5 else []
    run = next(iter(sheets.runs_at(link, places).values()), None)
    if run is None:
        raise Http404
    if kind == "inputs" and INPUTS in link.scopes:
        return value_answer(request, input_value(run, rest))
    if kind == "texts" and OUTPUTS in link.scopes:
        tiles = tiles_of(run, link, token)
        return text_answer(request, tiles, rest, values_url(token), f"{position}-")
    raise Http404


def archive_of_outputs(request: HttpRequest, link: Share, token: str) -> HttpResponseBase:
    if OUTPUTS not in link.scopes:
        raise Http404
    return sheet_archive.archive_response(request, link)


def card_picture(request: HttpRequest, link: Share, token: str) -> HttpResponse:
    return SheetReading(link, sheets.places(link)).card_answer()
