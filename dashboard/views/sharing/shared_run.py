"""The page behind a share link: live, without an account, limited to the link's scopes."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django_htmx.http import trigger_client_event

from dashboard.domain import sharing
from dashboard.domain.sharing import redacted_view
from dashboard.domain.text.user_agents import is_robot
from dashboard.http import Context
from dashboard.models import Share, SharedState, StoredFile
from dashboard.presentation.run.inputs import inputs_context
from dashboard.presentation.run.page_layout import Layout, layout_of
from dashboard.presentation.run.phase_table import phase_table
from dashboard.presentation.sharing.shared_tile import has_content
from dashboard.services import clock
from dashboard.services.runs import fetch, labels, names
from dashboard.services.runs.visibility import changed_since
from dashboard.services.sharing import share_links
from dashboard.views.responses import tagged
from dashboard.views.runs.archive_response import archive_response
from dashboard.views.runs.file_response import serve
from dashboard.views.runs.outputs import (
    Asked,
    TilesContext,
    asked_outputs,
    keep_choice,
    pictures_of,
    sheet_context,
    worth_a_zip,
)
from dashboard.views.runs.pair_context import pair_context
from dashboard.views.runs.story_context import cost_of
from dashboard.views.runs.value_response import input_value, text_answer, value_answer
from dashboard.views.sharing.reading import Reading, card_answer
from dashboard.views.sharing.shared_tiles import shared_tiles


def page(request: HttpRequest, link: Share, token: str) -> HttpResponse:
    if request.method == "GET" and not is_robot(request.headers.get("User-Agent", "")):
        share_links.count_view(link, clock.now())
    link.run = fetch.look_at(fetch.open_listed(link.one_run))
    reading = Reading.of(link, clock.now())
    scopes = link.scopes
    context = {
        **_live(reading, token),
        **(_outputs(reading, token, _asked(request, reading)) if sharing.OUTPUTS in scopes else {}),
        **(_inputs(link, token) if sharing.INPUTS in scopes else {"input_rows": None}),
        "unread": not link.one_run.fetched,
        "inputs_url": reverse("shared", args=[token]),
        "names": names.of_run(link.one_run) if sharing.NAMES in scopes else None,
        "table": phase_table(reading.display.rows, None),
        "labels": labels.of_run(link.one_run) if sharing.LABELS in scopes else None,
        "cost": cost_of(link.one_run) if sharing.COST in scopes else None,
        "preview_title": reading.preview_title,
        "preview_text": reading.preview_text,
        "page_url": settings.PUBLIC_URL + reverse("shared", args=[token]),
        "card_url": settings.PUBLIC_URL + reverse("shared_card", args=[token]),
    }
    return keep_choice(request, render(request, "sharing/page.html", context))


def _live(reading: Reading, token: str) -> Context:
    return {
        "link": reading.link,
        "scopes": reading.link.scopes,
        "run": reading.run,
        "now": reading.now,
        "display": reading.display,
        "poll": reading.poll,
        "shown_outputs": reading.outputs,
        "tag": reading.tag,
        "live_url": reverse("shared_live", args=[token]),
    }


def _inputs(link: Share, token: str) -> Context:
    return inputs_context(link.one_run.inputs, _values_url(token))


def _values_url(token: str) -> str:
    return f"{reverse('shared', args=[token])}values/"


def _asked(request: HttpRequest, reading: Reading) -> Asked:
    return asked_outputs(request, choice=layout_of(reading.run) == Layout.DONE)


def _outputs(reading: Reading, token: str, asked: Asked) -> Context:
    context = _tiles(reading, token)
    outputs_url = reverse("shared_outputs", args=[token])
    return {
        **context,
        **sheet_context(context["tiles"], outputs_url, asked),
        "run": reading.run,
        "values_url": _values_url(token),
        # With no link or button in it, the scrolling row itself takes the focus, for keyboards.
        "nothing_to_open": not any(map(has_content, context["tiles"])),
    }


def _tiles(reading: Reading, token: str) -> TilesContext:
    """The outputs as far as the link's scopes go."""
    context = shared_tiles(
        reading.link.one_run,
        reading.link.scopes,
        lambda pk, name: reverse("shared_file", args=[token, pk, name]),
    )
    if len(pictures_of(context["tiles"])) < 2:
        context["pair_url"] = None
    if not worth_a_zip(reading.run, context["tiles"]):
        context["zip_url"] = None
    if context["pair_url"]:
        context["pair_url"] = reverse("shared_pair", args=[token])
    if context["zip_url"]:
        context["zip_url"] = reverse("shared_archive", args=[token])
    return context


def file(request: HttpRequest, link: Share, token: str, pk: int, name: str) -> HttpResponseBase:
    if sharing.OUTPUTS not in link.scopes:
        raise Http404
    stored = get_object_or_404(StoredFile, pk=pk, run=link.run_id)
    return serve(request, stored, name, clean=sharing.INPUTS not in link.scopes)


def value(request: HttpRequest, link: Share, token: str, kind: str, name: str) -> HttpResponse:
    """The whole of an input or text that the page shows the beginning of."""
    if kind == "inputs" and sharing.INPUTS in link.scopes:
        return value_answer(request, input_value(link.one_run, name))
    if kind == "texts" and sharing.OUTPUTS in link.scopes:
        tiles = _tiles(Reading.of(link, clock.now()), token)["tiles"]
        return text_answer(request, tiles, name, _values_url(token))
    raise Http404


def archive_of_outputs(request: HttpRequest, link: Share, token: str) -> HttpResponseBase:
    if sharing.OUTPUTS not in link.scopes:
        raise Http404
    shown = redacted_view(link.one_run, link.scopes)
    return archive_response(request, link.one_run, shown, link.title, link.scopes)


def pair(request: HttpRequest, link: Share, token: str) -> HttpResponse:
    if sharing.OUTPUTS not in link.scopes:
        raise Http404
    tiles = _tiles(Reading.of(link, clock.now()), token)["tiles"]
    back = reverse("shared", args=[token])
    context = pair_context(request, tiles, link.title, back)
    return render(request, "sharing/side_by_side.html", {**context, "link": link})


def live(request: HttpRequest, link: Share, token: str) -> HttpResponseBase:
    """Refreshes the run if due, then answers 304 or the part rendered again."""
    link.run = fetch.look_and_refresh(link.one_run, SharedState.read())
    reading = Reading.of(link, clock.now())

    def answer() -> HttpResponse:
        context = {**_live(reading, token), "still": "still" in request.GET}
        response = render(request, "sharing/_live.html", context)
        for event in changed_since(link.one_run, request.headers.get("HX-PTag")):
            trigger_client_event(response, event)
        return response

    return tagged(request, reading.tag, answer)


def outputs(request: HttpRequest, link: Share, token: str) -> HttpResponse:
    if sharing.OUTPUTS not in link.scopes:
        return HttpResponse(status=404)
    context = _outputs(Reading.of(link, clock.now()), token, asked_outputs(request))
    return keep_choice(request, render(request, "runs/outputs/_section.html", context))


def card_picture(request: HttpRequest, link: Share, token: str) -> HttpResponse:
    return card_answer(Reading.of(link, clock.now()))
