"""Who may reach a page: everybody on this computer (open), or whoever signed in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from dashboard.config import is_loopback

PROXY_HEADERS = ("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's sign-in for everything but what says otherwise.

    The flag of the view is read before the user, so that health checks and
    paths with a token cost no session query. A part answers 401 with an event
    for the page, JSON answers 401, pages redirect to the sign-in and back.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if request.user.is_authenticated:
            return None
        return self._refuse(request, view_func)

    def _refuse(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401, headers={"HX-Trigger": "signed-out"})
        if request.path.endswith(".json"):
            error = {"code": "signed-out", "message": "Sign in to read this run."}
            return JsonResponse({"error": error}, status=401)
        return self.handle_no_permission(request, view_func)


def local_user() -> AbstractBaseUser:
    """The one user of an open Runboard; it cannot sign in anywhere."""
    User = get_user_model()
    user, made = User.objects.get_or_create(username="local")
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def may_administer(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether somebody may see and do what is for admins: superusers, and whoever is alone here."""
    return settings.ACCESS == "open" or bool(getattr(user, "is_superuser", False))


class OpenAccessMiddleware:
    """Open access: this computer only, never through a proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if came_through_proxy(request) or not is_loopback(request.META.get("REMOTE_ADDR") or "::1"):
            return render(request, "403.html", {"reason": "proxy"}, status=403)
        request.user = SimpleLazyObject(local_user)  # type: ignore[assignment]
        return self.get_response(request)


def came_through_proxy(request: HttpRequest) -> bool:
    return any(
        name in PROXY_HEADERS or name.startswith("HTTP_X_FORWARDED_") for name in request.META
    )
