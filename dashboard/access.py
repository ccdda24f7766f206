"""Who may open a page and what they may do: by role, or everything in open access."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.functional import SimpleLazyObject

from dashboard.config import is_loopback
from dashboard.domain.roles import ADMIN, MEMBER, VIEWER, reaches
from dashboard.http import HtmxRequest

Account = AbstractBaseUser | AnonymousUser
View = Callable[..., HttpResponseBase]
PROXY_HEADERS = ("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


class SignInMiddleware(LoginRequiredMiddleware):
    """Requires sign-in for every view that is not marked with `login_not_required`.

    The flag of the view is read before the user, so that health checks and
    paths with a token cost no session query. A part answers 401 with an event
    for the page, JSON answers 401, pages redirect to the sign-in and back.
    """

    def process_view(
        self, request: HttpRequest, view_func: View, *args: object, **kwargs: object
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if request.user.is_authenticated:
            return None
        return self._refuse(cast(HtmxRequest, request), view_func)

    def get_login_url(self, view_func: View) -> str:
        return resolve_url(settings.LOGIN_URL)  # one sign-in, for Django's admin too

    def _refuse(self, request: HtmxRequest, view_func: View) -> HttpResponseBase:
        if request.htmx:
            return HttpResponse(status=401, headers={"HX-Trigger": "signed-out"})
        if request.path.endswith((".json", ".jsonl")):
            error = {"code": "signed-out", "message": "Sign in to view this run."}
            return JsonResponse({"error": error}, status=401)
        return self.handle_no_permission(request, view_func)


def local_user() -> AbstractBaseUser:
    """The one user of open access; it has no password, so it cannot sign in."""
    User = get_user_model()
    try:
        user, made = User.objects.get_or_create(username="local")
    except DatabaseError:
        return User(username="local")  # a database that takes no writes still shows pages
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


class RoleBackend(ModelBackend):
    """Django's accounts, read together with their role."""

    def get_user(self, user_id: int) -> User | None:
        try:
            found = User.objects.select_related("person").get(pk=user_id)
        except User.DoesNotExist:
            return None
        return found if self.user_can_authenticate(found) else None


def role_of(user: Account) -> str:
    """The role of an account; "" where nobody is signed in. In open access it is admin."""
    if settings.ACCESS == "open" or getattr(user, "is_superuser", False):
        return ADMIN
    if not user.is_authenticated:
        return ""
    person = getattr(user, "person", None)
    return person.role if person else VIEWER


def may_look(user: Account) -> bool:
    """Whether an account may see runs, and have one fetched that was not seen before."""
    return reaches(role_of(user), VIEWER)


def may_label(user: Account) -> bool:
    """Whether an account may track, label, star and note."""
    return reaches(role_of(user), MEMBER)


def may_see_starters(user: Account) -> bool:
    """Whether an account may see who started a run; nobody may with PEOPLE=off."""
    return settings.PEOPLE and may_label(user)


def may_share(user: Account) -> bool:
    """Whether an account may make share links, and revoke its own."""
    return reaches(role_of(user), MEMBER)


def may_administer(user: Account) -> bool:
    """Whether an account may see and do what is for admins."""
    return reaches(role_of(user), ADMIN)


def needs(role: str) -> Callable[[View], View]:
    """For views: an account below the role gets 403, as a page, a part or JSON."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if reaches(role_of(request.user), role):
                return view(request, *args, **kwargs)
            return refuse_role(cast(HtmxRequest, request), role)

        return guarded

    return decorate


def refuse_role(request: HtmxRequest, role: str) -> HttpResponseBase:
    """The answer to an account whose role is too low; raises PermissionDenied for a page."""
    if request.path.endswith((".json", ".jsonl")):
        error = {
            "code": "not-allowed",
            "message": f"Your account can't do this. It needs the {role} role.",
        }
        return JsonResponse({"error": error}, status=403)
    if request.htmx:
        return HttpResponse(status=403)
    raise PermissionDenied(role)


class OpenAccessMiddleware:
    """Signs every request in as the local user; refuses other computers and proxies with 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if came_through_proxy(request) or not is_loopback(request.META.get("REMOTE_ADDR") or "::1"):
            return self._refuse(request)
        request.user = SimpleLazyObject(local_user)  # type: ignore[assignment]
        return self.get_response(request)

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        if request.path.endswith((".json", ".jsonl")):
            message = "Open access only works from this computer, without a proxy."
            return JsonResponse({"error": {"code": "forbidden", "message": message}}, status=403)
        return render(request, "403.html", {"reason": "proxy"}, status=403)


def came_through_proxy(request: HttpRequest) -> bool:
    return any(
        name in PROXY_HEADERS or name.startswith("HTTP_X_FORWARDED_") for name in request.META
    )
