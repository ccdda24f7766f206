"""What all ways of signing in share: counted tries, the session, the page after it."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

from dashboard.domain.sign_in_delay import in_words
from dashboard.services import clock
from dashboard.services.accounts import audit, throttle
from dashboard.sessions import AGENT

NEXT = "runboard-next"
NEXT_FOR = 86_400
BACKEND = "dashboard.access.RoleBackend"


def address_of(request: HttpRequest) -> str:
    """The client's address; behind a trusted proxy, the one that the proxy reports."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.TRUST_PROXY else ""
    # The proxy adds the last address; those before it come from the client.
    return (forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR") or "")[:60]


def too_many_tries(request: HttpRequest, name: str) -> HttpResponse | None:
    """Counts a try; returns a page with the time to wait where there were too many."""
    wait = throttle.begin(name, address_of(request), clock.now())
    if not wait:
        return None
    response = render(
        request, "accounts/account/too_many_tries.html", {"wait": in_words(wait)}, status=429
    )
    response["Retry-After"] = str(max(1, -(-int(wait.total_seconds() * 1000) // 1000)))
    return response


def guessed_right(request: HttpRequest, name: str) -> None:
    """Removes a successful try from the count."""
    throttle.succeeded(name, address_of(request))


def enter(request: HttpRequest, user: User, way: str, tried: str = "") -> None:
    """Signs a user in; `tried` is the name under which its tries were counted."""
    if tried:
        guessed_right(request, tried)
    login(request, user, backend=BACKEND)
    request.session[AGENT] = request.headers.get("User-Agent", "")[:300]
    audit.note(user, "signed-in", way=way)


def remember_target(response: HttpResponse, target: str) -> None:
    """Stores the page to open after sign-in in a cookie, for those who sign in by a link."""
    response.set_signed_cookie(
        NEXT,
        iri_to_uri(target)[:2000],  # a cookie holds only ASCII
        max_age=NEXT_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE_COOKIES,
    )


def land(request: HttpRequest) -> HttpResponse:
    """Redirects to the page that was requested before the sign-in, else to the list."""
    target = request.get_signed_cookie(NEXT, default="", max_age=NEXT_FOR) or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    response = redirect(target if safe else reverse("run_list"))
    response.delete_cookie(NEXT)
    return response
