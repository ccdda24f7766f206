"""The page of followed workflows and deployments."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import may_administer, may_label, needs, refuse_role
from dashboard.domain.roles import MEMBER
from dashboard.http import Context, HtmxRequest
from dashboard.models import Follow, Name, SharedState
from dashboard.presentation.not_listed import not_listed_sentence
from dashboard.services import clock
from dashboard.services.comfydeploy import shared_state
from dashboard.services.runs import directory, follow
from dashboard.views.connection_notice import connection_context

NO_ID = "No ID found. Paste a workflow or deployment ID, or its ComfyDeploy URL."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def following(request: HtmxRequest) -> HttpResponseBase:
    if request.method != "POST":
        return render(request, "following/list.html", _context(request))
    if not may_label(request.user):
        return refuse_role(request, MEMBER)
    target = follow.read_target(request.POST.get("q", "")[:2000], request.POST.get("kind", ""))
    if target is None:
        context = {**_context(request), "form_error": NO_ID}
        return render(request, "following/list.html", context, status=422)
    follow.add(*target, clock.synchronized_now())
    return redirect("following")


def _context(request: HtmxRequest) -> Context:
    rows = list(Follow.objects.followed().order_by("-since", "-id"))
    names = {
        (name.kind, name.upstream_id): name.text
        for name in Name.objects.filter(upstream_id__in=[str(row.target) for row in rows])
    }
    now = clock.now()
    return {
        "follows": [
            {"row": row, "name": names.get((row.kind, str(row.target)), "")} for row in rows
        ],
        "not_listed": not_listed_sentence(set(directory.not_listed())),
        **connection_context(),
        "watched": shared_state.watcher_alive(SharedState.read(), now),
        "follows_too": may_label(request.user),
        "administers": may_administer(request.user),
    }


@require_POST
@needs(MEMBER)
def stop(request: HtmxRequest, pk: int) -> HttpResponse:
    follow.leave_out(pk, clock.now())
    return redirect("following")
