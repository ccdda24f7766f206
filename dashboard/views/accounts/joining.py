"""New accounts: by an invitation, and the first one by the code that the server prints."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from dashboard.services import clock
from dashboard.services.accounts import first_admin, invitations
from dashboard.views.accounts import signing_in

WRONG_CODE = "Wrong code. Use the one from the server's latest start."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables("token", "password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Makes an account by an invitation; opening the page does not use it up."""
    now = clock.now()
    found = invitations.find(token, now)
    if found is None:
        return render(request, "accounts/account/invitation_ended.html", status=410)
    context: dict[str, object] = {"invitation": found}
    if request.method != "POST":
        return render(request, "accounts/account/invitation.html", context)
    name, password = _credentials(request)
    try:
        user = invitations.accept(token, name, password, now)
    except ValidationError as error:
        context |= {"name": name, "errors": error.messages}
        return render(request, "accounts/account/invitation.html", context, status=422)
    if user is None:
        return render(request, "accounts/account/invitation_ended.html", status=410)
    signing_in.enter(request, user, "invitation")
    return signing_in.land(request)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@sensitive_variables("code", "password")
def first(request: HttpRequest) -> HttpResponse:
    """Makes the first admin, while there is no account."""
    if request.user.is_authenticated or not first_admin.is_open():
        return redirect("sign_in")
    if request.method != "POST":
        return render(request, "accounts/account/first_admin.html")
    if waiting := signing_in.too_many_tries(request, "/welcome/"):
        return waiting
    name, password = _credentials(request)
    code = request.POST.get("code", "")[:100]
    try:
        user = first_admin.make_first(code, name, password)
        errors = [WRONG_CODE]
    except ValidationError as error:
        user, errors = None, error.messages
    if user is None:
        context = {"name": name, "errors": errors}
        return render(request, "accounts/account/first_admin.html", context, status=422)
    signing_in.enter(request, user, "welcome", "/welcome/")
    return signing_in.land(request)


def _credentials(request: HttpRequest) -> tuple[str, str]:
    return request.POST.get("username", "").strip()[:200], request.POST.get("password", "")[:4096]
