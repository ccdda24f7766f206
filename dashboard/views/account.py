"""Signing in: by password, or once by a link."""

import re
from typing import Any

from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from dashboard.services import accounts

NEXT = "runboard-next"
PREVIEWS = re.compile(
    r"bot|preview|unfurl|crawler|spider|facebookexternalhit|whatsapp|skype|slack", re.IGNORECASE
)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    template_name = "account/sign_in.html"
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if target := self.get_redirect_url():
            # Who has no password yet signs in by a link, and still lands where they meant to.
            response.set_signed_cookie(
                NEXT, target[:2000], max_age=86_400, httponly=True, samesite="Lax"
            )
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(no_account_yet=accounts.none_yet(), **kwargs)


@login_not_required
@require_safe
@never_cache
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Signs in once. A look ahead (HEAD, a prefetch, a chat's preview) does not use it up."""
    if is_look_ahead(request):
        return HttpResponse(status=204)
    user = accounts.spend_link(token)
    if user is None:
        return render(request, "account/link_over.html", status=410)
    login(request, user, backend=BACKEND)
    target = request.get_signed_cookie(NEXT, default="", max_age=86_400) or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    response = redirect(target if safe else reverse("run_list"))
    response.delete_cookie(NEXT)
    return response


def is_look_ahead(request: HttpRequest) -> bool:
    return (
        request.method == "HEAD"
        or "prefetch" in request.headers.get("Sec-Purpose", "")
        or bool(PREVIEWS.search(request.headers.get("User-Agent", "")))
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign_in")


class Password(FormView):
    """Setting a password; the sign-in that is under way stays."""

    template_name = "account/password.html"
    form_class = SetPasswordForm
    success_url = reverse_lazy("run_list")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        form.save()
        update_session_auth_hash(self.request, form.user)
        return super().form_valid(form)
