"""The page of accounts for admins: roles, invitations, deactivation, sign-in links."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.access import needs
from dashboard.domain.roles import ADMIN, MEMBER, ROLES
from dashboard.models import Invitation
from dashboard.services import clock
from dashboard.services.accounts import invitations, people, sessions, sign_in_links
from dashboard.services.accounts.admins import NotAllowed


@require_safe
@never_cache
@needs(ADMIN)
def people_list(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
    context = {
        "people": [{"user": user, "role": people.role_of(user)} for user in people.everybody()],
        "roles": ROLES,
        "usual_role": MEMBER,
        "invitations": Invitation.objects.open(clock.now())
        .select_related("made_by")
        .order_by("-pk"),
        **more,
    }
    return render(request, "accounts/people/list.html", context, status=status)


@require_POST
@never_cache
@needs(ADMIN)
def invite(request: HttpRequest) -> HttpResponse:
    """Makes an invitation; its link is shown in the answer, and never again."""
    try:
        token = invitations.make(request.POST.get("role", ""), request.user, clock.now())
    except NotAllowed as error:
        return _page(request, 422, refused=str(error))
    return _page(request, new_link=settings.PUBLIC_URL + reverse("invitation", args=[token]))


@require_POST
@needs(ADMIN)
def revoke_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitations.revoke(pk, request.user, clock.now())
    return redirect("people")


@require_POST
@never_cache
@needs(ADMIN)
def role(request: HttpRequest, pk: int) -> HttpResponse:
    new = request.POST.get("role", "")
    return _change(request, pk, lambda user: people.set_role(user, new, request.user))


@require_POST
@never_cache
@needs(ADMIN)
def active(request: HttpRequest, pk: int) -> HttpResponse:
    """Deactivates (`active=off`) or reactivates an account."""
    change = people.deactivate if request.POST.get("active") == "off" else people.reactivate
    return _change(request, pk, lambda user: change(user, request.user))


@require_POST
@never_cache
@needs(ADMIN)
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, lambda user: sessions.end_all(user, request.user))


@require_POST
@never_cache
@needs(ADMIN)
def sign_in_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Resets an account whose password is lost; the link is shown in the answer alone."""
    user = get_object_or_404(people.everybody(), pk=pk, is_active=True)
    link, _ = sign_in_links.issue(user.username, by=request.user)
    return _page(request, new_link=link, link_of=user)


def _change(request: HttpRequest, pk: int, change: Callable[[User], object]) -> HttpResponse:
    user = get_object_or_404(people.everybody(), pk=pk)
    try:
        change(user)
    except NotAllowed as error:
        return _page(request, 422, refused=str(error), refused_of=user)
    return redirect("people")
