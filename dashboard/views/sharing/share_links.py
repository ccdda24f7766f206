"""Making share links from a run's page, listing them and revoking them."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.access import may_administer, needs
from dashboard.domain import sharing
from dashboard.domain.roles import MEMBER, VIEWER
from dashboard.http import Context, HtmxRequest
from dashboard.models import Run, Share
from dashboard.presentation.sharing import share_text
from dashboard.presentation.sharing.share_text import scopes_text
from dashboard.services import clock
from dashboard.services.files.kept import keep_of
from dashboard.services.sharing import share_links
from dashboard.views.sharing.link_form import Asked, asked_of, end_of, is_blank
from dashboard.views.sharing.reading import Reading, card_answer

MAX = 200


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(MEMBER)
def share_run(request: HtmxRequest, run_id: UUID) -> HttpResponse:
    """The form of a new link and the run's other links; a POST makes the link."""
    run = get_object_or_404(Run.objects.seen(), uuid=run_id)
    given = request.POST if request.method == "POST" else request.GET
    asked = asked_of(given)
    if request.method == "POST":
        return _make(request, run, asked)
    if is_blank(given):
        asked["scopes"] = sharing.DEFAULT_SCOPES
    if request.headers.get("HX-Target", "").endswith("share-preview"):
        return render(request, "sharing/_preview.html", _preview(run, asked))
    return _form(request, run, asked)


@sensitive_variables("token", "new_link")
def _make(request: HtmxRequest, run: Run, asked: Asked) -> HttpResponse:
    made, token = share_links.make(run, request.user, now=clock.now(), **asked)
    new_link = settings.PUBLIC_URL + reverse("shared", args=[token])
    return _form(request, run, asked, made=made, new_link=new_link)


def _form(
    request: HtmxRequest, run: Run, asked: Asked, made: Share | None = None, new_link: str = ""
) -> HttpResponse:
    part = bool(request.htmx)
    now = clock.now()
    context = {
        **_preview(run, asked),
        "scopes": share_text.SCOPES,
        "files_text": share_text.files_text(run.finished, keep_of(run), settings.KEEP_OUTPUTS),
        "lives": share_text.LIFETIMES,
        "links": [row_of(link, request, now) for link in _others(request, run, made)],
        "loopback": settings.LOOPBACK,
        "part": part,
        "made": made,
        "new_link": new_link,
    }
    return render(request, "sharing/_create.html" if part else "sharing/create.html", context)


def _others(request: HtmxRequest, run: Run, made: Share | None) -> list[Share]:
    found = share_links.visible_to(request.user, everybody=may_administer(request.user)).filter(
        run=run
    )
    return list((found.exclude(pk=made.pk) if made else found)[:MAX])


def _preview(run: Run, asked: Asked) -> Context:
    """The context of a preview: what a chat shows of the link before it is made."""
    now = clock.now()
    link = Share(run=run, title=asked["title"], gives=" ".join(asked["scopes"]), made_at=now)
    link.ends_at = end_of(asked, now)
    reading = Reading.of(link, now)
    return {
        "run": run,
        "asked": asked,
        "form_url": reverse("run_share", args=[run.uuid]),
        "card_url": f"{reverse('run_share_card', args=[run.uuid])}?",
        "ends_at": link.ends_at,
        "preview_title": reading.preview_title,
        "preview_text": reading.preview_text,
        "host": settings.PUBLIC_URL.partition("://")[2],
    }


@require_safe
@never_cache
@needs(MEMBER)
def preview_card(request: HtmxRequest, run_id: UUID) -> HttpResponse:
    """The preview image of a link that is not made yet."""
    run = get_object_or_404(Run.objects.seen(), uuid=run_id)
    asked = asked_of(request.GET)
    link = Share(run=run, title=asked["title"], gives=" ".join(asked["scopes"]))
    return card_answer(Reading.of(link, clock.now()))


@require_safe
@never_cache
@needs(VIEWER)
def shares(request: HtmxRequest) -> HttpResponse:
    """The page of links: all of them for an admin, else one's own."""
    now = clock.now()
    everybody = may_administer(request.user)
    found = share_links.visible_to(request.user, everybody=everybody)[: MAX + 1]
    links = [row_of(link, request, now) for link in found]
    context = {"links": links[:MAX], "more": len(links) > MAX, "everybody": everybody}
    return render(request, "sharing/list.html", context)


def row_of(link: Share, request: HtmxRequest, now: datetime) -> Context:
    mine = link.made_by_id is not None and link.made_by_id == request.user.pk
    return {
        "link": link,
        "open": link.is_open(now),
        "mine": mine,
        "scopes_text": scopes_text(link.scopes),
        "scopes": sorted(link.scopes),
        "titled": link.title not in share_text.UNTITLED,
    }


@require_POST
@never_cache
@needs(VIEWER)
def revoke(request: HtmxRequest, pk: int) -> HttpResponse:
    """Revokes a link: one's own, or any for an admin; answers its row or the list."""
    visible = share_links.visible_to(request.user, everybody=may_administer(request.user))
    link = get_object_or_404(visible, pk=pk)
    share_links.revoke(link, request.user, clock.now())
    if bool(request.htmx):
        row = row_of(get_object_or_404(Share.objects.newest(), pk=pk), request, clock.now())
        return render(request, "sharing/_link.html", {"row": row})
    return redirect("shares")
