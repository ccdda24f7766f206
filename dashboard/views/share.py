"""Making share links from a run's page; all links, and ending them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.access import may_administer, needs
from dashboard.domain import sharing
from dashboard.domain.roles import MEMBER, VIEWER
from dashboard.models import Run, Share
from dashboard.services import clock, share
from dashboard.views.shared import Reading, card_answer

MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(MEMBER)
def share_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The form of a new link beside the run's older ones; a POST makes the link."""
    run = get_object_or_404(Run.objects.seen(), uuid=run_id)
    given = request.POST if request.method == "POST" else request.GET
    asked = _asked(given.getlist("tick"), given.get("title", ""), given.get("life", ""))
    if request.method == "POST":
        return _make(request, run, asked)
    if "tick" not in given and "title" not in given:
        asked["ticks"] = sharing.USUAL
    if request.headers.get("HX-Target", "").endswith("share-preview"):
        return render(request, "share/_preview.html", _preview(run, asked))
    return _form(request, run, asked)


@sensitive_variables("token", "new_link")
def _make(request: HttpRequest, run: Run, asked: dict[str, Any]) -> HttpResponse:
    made, token = share.make(run, request.user, now=clock.now(), **asked)
    new_link = settings.PUBLIC_URL + reverse("shared", args=[token])
    return _form(request, run, asked, made=made, new_link=new_link)


def _form(request: HttpRequest, run: Run, asked: dict[str, Any], **more: Any) -> HttpResponse:
    part = request.headers.get("HX-Request") == "true"
    now = clock.now()
    context = {
        **_preview(run, asked),
        "ticks": sharing.TICKS,
        "files_told": sharing.files_told(run.finished, settings.KEEP_OUTPUTS),
        "lives": sharing.LIVES,
        "links": [row_of(link, request, now) for link in _others(request, run, more.get("made"))],
        "loopback": settings.LOOPBACK,
        "part": part,
        **more,
    }
    return render(request, "share/_make.html" if part else "share/make.html", context)


def _others(request: HttpRequest, run: Run, made: Share | None) -> list[Share]:
    found = share.of(request.user, everybody=may_administer(request.user)).filter(run=run)
    return list((found.exclude(pk=made.pk) if made else found)[:MOST])


def _asked(ticks: list[str], title: str, life: str) -> dict[str, Any]:
    return {
        "ticks": sharing.known_ticks(ticks),
        "title": sharing.clean_title(title),
        "life": life if life in sharing.LIVES else sharing.USUAL_LIFE,
    }


def _preview(run: Run, asked: dict[str, Any]) -> dict[str, Any]:
    """What a chat will show of the link that would be made."""
    now = clock.now()
    link = Share(run=run, title=asked["title"], gives=" ".join(asked["ticks"]), made_at=now)
    link.ends_at = sharing.end_of(asked["life"], now)
    reading = Reading.of(link, now)
    return {
        "run": run,
        "asked": asked,
        "ends_at": link.ends_at,
        "preview_title": reading.preview_title,
        "preview_text": reading.preview_text,
        "host": settings.PUBLIC_URL.partition("://")[2],
    }


@require_safe
@never_cache
@needs(MEMBER)
def preview_card(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The preview picture of a link that is not made yet."""
    run = get_object_or_404(Run.objects.seen(), uuid=run_id)
    asked = _asked(request.GET.getlist("tick"), request.GET.get("title", ""), "")
    link = Share(run=run, title=asked["title"], gives=" ".join(asked["ticks"]))
    return card_answer(Reading.of(link, clock.now()))


@require_safe
@never_cache
@needs(VIEWER)
def shares(request: HttpRequest) -> HttpResponse:
    """Everybody's links for an admin, else one's own."""
    now = clock.now()
    all_of_them = may_administer(request.user)
    found = share.of(request.user, everybody=all_of_them)[: MOST + 1]
    links = [row_of(link, request, now) for link in found]
    context = {"links": links[:MOST], "more": len(links) > MOST, "everybody": all_of_them}
    return render(request, "share/list.html", context)


def row_of(link: Share, request: HttpRequest, now: Any) -> dict[str, Any]:
    mine = link.made_by_id is not None and link.made_by_id == request.user.pk
    return {"link": link, "open": link.is_open(now), "mine": mine, "ticks": sorted(link.ticks)}


@require_POST
@never_cache
@needs(VIEWER)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a link: one's own, or any for an admin; back to where it was asked from."""
    mine = share.of(request.user, everybody=may_administer(request.user))
    link = get_object_or_404(mine, pk=pk)
    share.revoke(link, request.user, clock.now())
    if request.headers.get("HX-Request") == "true":
        row = row_of(get_object_or_404(Share.objects.newest(), pk=pk), request, clock.now())
        return render(request, "share/_row.html", {"row": row})
    return redirect("shares")
