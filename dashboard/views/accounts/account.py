"""Sign-in by password or by a single-use link, and the page of one's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import FormView

from dashboard.access import role_of
from dashboard.domain.roles import ROLES
from dashboard.domain.text.user_agents import device_name
from dashboard.http import Context
from dashboard.services.accounts import audit, people, sign_in_links
from dashboard.services.accounts import sessions as account_sessions
from dashboard.services.accounts.account_name import LOCAL
from dashboard.sessions import digest
from dashboard.views.accounts import signing_in

if TYPE_CHECKING:
    SetPasswordView = FormView[SetPasswordForm[User]]
else:  # Django's classes take no parameters at run time
    SetPasswordView = FormView


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    template_name = "accounts/account/sign_in.html"
    redirect_authenticated_user = True
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if target := self.get_redirect_url():
            signing_in.remember_target(response, target)
        return response

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return signing_in.too_many_tries(request, self._counted()) or super().post(request)

    def _tried(self) -> str:
        """The name that was typed, normalised as the form does."""
        name = self.request.POST.get("username", "")[:150].replace("\0", "")
        return str(User.normalize_username(name.strip()))

    def _counted(self) -> str:
        return f"sign in {self._tried()}"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        signing_in.enter(self.request, user, "password", self._counted())
        response = HttpResponseRedirect(self.get_success_url())
        response.delete_cookie(signing_in.NEXT)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        # A name of no account may be a password in the wrong field: it is not stored.
        known = User.objects.filter(username=self._tried()).first()
        audit.note(known, "sign-in.refused", known.username if known else "no such account")
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: object) -> Context:
        given = {"no_account_yet": people.no_account_yet(), "public_url": settings.PUBLIC_URL}
        return super().get_context_data(**given, **kwargs)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("token")
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Signs in by a single-use link; only its button uses it up, not a preview or a prefetch."""
    if request.method != "POST":
        owner = sign_in_links.find_owner(token)
        if owner is None:
            return render(request, "accounts/account/sign_in_link_ended.html", status=410)
        return render(request, "accounts/account/sign_in_link.html", {"owner": owner})
    user = sign_in_links.spend(token)
    if user is None:
        return render(request, "accounts/account/sign_in_link_ended.html", status=410)
    signing_in.enter(request, user, "link")
    return signing_in.land(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    audit.note(request.user, "signed-out")
    logout(request)
    return redirect("sign_in")


@require_safe
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """The account, its role and its sessions."""
    here = digest(request.session.session_key)
    sessions = [
        {"row": row, "device": device_name(row.agent), "here": row.digest == here}
        for row in account_sessions.sessions_of(cast(User, request.user))
    ]
    role = role_of(request.user)
    context = {
        "role": role,
        "role_means": ROLES[role],
        "sessions": sorted(sessions, key=lambda one: not one["here"]),
        "others": any(not one["here"] for one in sessions),
    }
    return render(request, "accounts/account/page.html", context)


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Ends one of the account's own sessions, or all but this one."""
    which = request.POST.get("session", "")
    user = cast(User, request.user)
    if which == "others":
        account_sessions.end_all(user, user, besides=digest(request.session.session_key))
    elif which.isdecimal() and len(which) < 19:
        account_sessions.end(
            get_object_or_404(account_sessions.sessions_of(user), pk=int(which)), user
        )
    else:
        raise Http404
    return redirect("account")


@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(never_cache, name="dispatch")
class Password(SetPasswordView):
    """Sets a password after checking the old one; this session stays, the others end."""

    template_name = "accounts/account/password.html"
    success_url = reverse_lazy("account")
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.get_username() == LOCAL:
            raise Http404  # the user of open access never signs in
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[SetPasswordForm[User]]:
        # An account that signed in by a link has no old password.
        user = cast(User, self.request.user)
        return PasswordChangeForm if user.has_usable_password() else SetPasswordForm

    def get_form_kwargs(self) -> dict[str, object]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return signing_in.too_many_tries(request, self._tried()) or super().post(request)

    def _tried(self) -> str:
        """The name under which tries at the old password are counted."""
        return f"password of {self.request.user.pk}"

    def form_invalid(self, form: SetPasswordForm[User]) -> HttpResponse:
        if "old_password" not in form.errors:
            signing_in.guessed_right(self.request, self._tried())
        return super().form_invalid(form)

    def form_valid(self, form: SetPasswordForm[User]) -> HttpResponse:
        signing_in.guessed_right(self.request, self._tried())
        form.save()
        update_session_auth_hash(self.request, form.user)
        user = form.user
        audit.note(user, "password.set", user.username)
        account_sessions.end_all(user, user, besides=digest(self.request.session.session_key))
        return super().form_valid(form)
