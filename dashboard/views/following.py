"""The page of followed workflows and deployments, its parts, and what is done there."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.access import may_label, needs, refuse_role
from dashboard.domain.roles import ADMIN, MEMBER
from dashboard.http import HtmxRequest
from dashboard.models import Follow
from dashboard.services import clock
from dashboard.services.accounts.actor import account_of
from dashboard.services.runs import board, follow, follow_candidates
from dashboard.views.following_context import (
    LONGEST,
    others_context,
    page_context,
    rows_context,
    told,
)
from dashboard.views.responses import tagged

NO_ID = "No ID found. Paste a workflow or deployment ID, or its ComfyDeploy URL."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def following(request: HtmxRequest) -> HttpResponseBase:
    if request.method != "POST":
        return render(request, "following/list.html", page_context(request))
    if not may_label(request.user):
        return refuse_role(request, MEMBER)
    if "pick" in request.POST:
        return _follow_picked(request)
    target = _pasted(request.POST.get("q", "")[:2000], request.POST.get("kind", ""))
    if target is None:
        context = {**page_context(request), "form_error": NO_ID}
        return render(request, "following/list.html", context, status=422)
    follow.add(*target, clock.synchronized_now())
    return redirect(_next(request))


def _pasted(text: str, kind: str) -> tuple[str, UUID] | None:
    """What a text names. An ID alone is of the kind that ComfyDeploy's lists know it by."""
    target = follow.read_target(text, kind)
    if target is None or "/" in text:
        return target
    return follow_candidates.kind_of(target[1]) or target[0], target[1]


def _follow_picked(request: HtmxRequest) -> HttpResponseBase:
    """Follows what was picked from the list, if the list was one for the text that stands there.

    Enter may come before the list does: then what matches is shown, and nothing is followed.
    """
    text, picked = request.POST.get("find", "")[:LONGEST], request.POST["pick"]
    found = follow_candidates.picked(picked, text)
    if found is None:
        return redirect(f"{reverse('following')}?{urlencode({'find': text})}")
    follow.add(found.kind, found.target, clock.synchronized_now())
    return redirect(_next(request))


def _next(request: HttpRequest) -> str:
    """Where a form leads back to: a path of this site, else this page."""
    wanted = request.POST.get("next", "")[:LONGEST]
    local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None)
    return wanted if local else reverse("following")


def _account(request: HttpRequest) -> User | None:
    """Who did it; in open access nobody has a name."""
    return None if settings.ACCESS == "open" else account_of(cast(User, request.user))


@require_safe
@never_cache
def rows(request: HtmxRequest) -> HttpResponseBase:
    """The head and the rows, as the open page polls them."""
    context = rows_context(request)
    return tagged(
        request, str(context["tag"]), lambda: render(request, "following/_follows.html", context)
    )


@require_safe
@never_cache
@needs(MEMBER)
def others(request: HtmxRequest) -> HttpResponse:
    """What matches the search and is not followed."""
    return render(request, "following/_candidates.html", others_context(request))


@require_safe
@never_cache
def following_json(request: HttpRequest) -> JsonResponse:
    return JsonResponse(told(clock.now()), json_dumps_params={"ensure_ascii": False})


@require_POST
@needs(MEMBER)
def stop(request: HtmxRequest, pk: int) -> HttpResponse:
    follow.leave_out(pk, clock.now())
    return redirect(_next(request))


@require_POST
@needs(MEMBER)
def pause(request: HtmxRequest, pk: int) -> HttpResponse:
    follow.pause([pk], _account(request), clock.now())
    return redirect(_next(request))


@require_POST
@needs(MEMBER)
def resume(request: HtmxRequest, pk: int) -> HttpResponse:
    follow.resume([pk], clock.synchronized_now())
    return redirect(_next(request))


@require_POST
@needs(MEMBER)
def pause_all(request: HtmxRequest) -> HttpResponse:
    keys = Follow.objects.active().values_list("pk", flat=True)
    follow.pause(list(keys), _account(request), clock.now())
    return redirect(_next(request))


@require_POST
@needs(MEMBER)
def resume_all(request: HtmxRequest) -> HttpResponse:
    keys = Follow.objects.followed().values_list("pk", flat=True)
    follow.resume(list(keys), clock.synchronized_now())
    return redirect(_next(request))


@require_POST
@needs(ADMIN)
def follow_new(request: HtmxRequest) -> HttpResponse:
    """Whether new workflows are followed by themselves; FOLLOW goes before it."""
    if not settings.FOLLOW_IS_SET:
        board.choose(request.POST.get("on") == "1", clock.now())
    return redirect(_next(request))
