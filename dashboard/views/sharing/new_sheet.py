"""Making a link to several runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.access import may_administer, needs
from dashboard.domain import sharing
from dashboard.domain.roles import MEMBER
from dashboard.http import Context, HtmxRequest
from dashboard.models import Run, Share
from dashboard.presentation.sharing import share_text
from dashboard.presentation.sharing.sheet_text import SHEET_SCOPES
from dashboard.services import clock
from dashboard.services.runs.pasted import beyond, pack, unpack
from dashboard.services.sharing import share_links, sheets
from dashboard.views.sharing.link_form import Asked, asked_of, end_of, is_blank
from dashboard.views.sharing.sheet_reading import SheetReading


@dataclass(frozen=True)
class Draft:
    """The runs of a sheet that is not made yet, and how many of the chosen ones are not here.

    `beyond` are those that are more than a link takes.
    """

    runs: Sequence[Run]
    left_out: int
    beyond: int = 0

    @property
    def packed(self) -> str:
        return pack([run.uuid for run in self.runs])

    def reading(self, asked: Asked) -> SheetReading:
        now = clock.now()
        gives = " ".join(asked["scopes"])
        link = Share(title=asked["title"], gives=gives, made_at=now, ends_at=end_of(asked, now))
        return SheetReading(link, sheets.places_of(self.runs))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(MEMBER)
def new_sheet(request: HtmxRequest) -> HttpResponse:
    """The form of a new link to the runs of `ids`, or to those of `like`; a POST makes the link."""
    given = request.POST if request.method == "POST" else request.GET
    like = _like(request, given)
    draft = _draft(given.get("ids") or request.GET.get("ids", ""), like)
    asked = asked_of(given, share_text.SHEET_TITLE)
    if request.method == "POST":
        return _make(request, draft, asked)
    if is_blank(given):
        asked = _as_before(like) if like else {**asked, "scopes": sharing.DEFAULT_SCOPES}
    if request.headers.get("HX-Target", "").endswith("share-preview"):
        return render(request, "sharing/_preview.html", _preview(draft, asked))
    return _form(request, draft, asked)


def _like(request: HtmxRequest, given: QueryDict) -> Share | None:
    """The sheet whose runs are shared again; 404 for one that the account does not see."""
    pk = given.get("like", "")
    if not pk:
        return None
    visible = share_links.visible_to(request.user, everybody=may_administer(request.user))
    number = int(pk) if pk.isdecimal() and len(pk) < 16 else 0
    return get_object_or_404(visible.filter(run=None), pk=number)


def _draft(packed: str, like: Share | None) -> Draft:
    ids = sheets.ids_of(like) if like else list(dict.fromkeys(unpack(packed)))
    runs = sheets.chosen(ids)
    if not runs:
        raise Http404
    return Draft(runs, len(ids) - len(runs), 0 if like else beyond(packed))


def _as_before(like: Share) -> Asked:
    return {"scopes": like.scopes, "title": like.title, "life": like.life}


@sensitive_variables("token", "new_link")
def _make(request: HtmxRequest, draft: Draft, asked: Asked) -> HttpResponse:
    _, token = share_links.make_sheet(draft.runs, request.user, now=clock.now(), **asked)
    new_link = settings.PUBLIC_URL + reverse("shared", args=[token])
    return _form(request, draft, asked, new_link)


def _form(request: HtmxRequest, draft: Draft, asked: Asked, new_link: str = "") -> HttpResponse:
    part = bool(request.htmx)
    context = {
        **_preview(draft, asked),
        "counts_text": draft.reading({**asked, "scopes": sharing.ALL_SCOPES}).counts_text,
        "left_out": draft.left_out,
        "beyond": draft.beyond,
        "most": sharing.MAX_SHEET,
        "scopes": SHEET_SCOPES,
        "lives": share_text.LIFETIMES,
        "loopback": settings.LOOPBACK,
        "part": part,
        "new_link": new_link,
    }
    name = "sharing/_create_sheet.html" if part else "sharing/create_sheet.html"
    return render(request, name, context)


def _preview(draft: Draft, asked: Asked) -> Context:
    """The context of a preview: what a chat shows of the link before it is made."""
    reading = draft.reading(asked)
    return {
        "asked": asked,
        "packed": draft.packed,
        "form_url": reverse("sheet_new"),
        "card_url": f"{reverse('sheet_card')}?ids={draft.packed}",
        "ends_at": reading.link.ends_at,
        "preview_title": asked["title"],
        "preview_text": reading.preview_text,
        "host": settings.PUBLIC_URL.partition("://")[2],
    }


@require_safe
@never_cache
@needs(MEMBER)
def preview_card(request: HtmxRequest) -> HttpResponse:
    """The preview image of a link that is not made yet."""
    draft = _draft(request.GET.get("ids", ""), None)
    return draft.reading(asked_of(request.GET, share_text.SHEET_TITLE)).card_answer()
