"""Django's admin: every row, read-only, for admins who signed in at Runboard."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from dashboard import models
from dashboard.http import Context
from dashboard.services.accounts import audit

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:  # Django's class takes no parameter at run time
    ModelAdmin = admin.ModelAdmin

SECRETS = ("digest", "password", "data", "key")
DELETABLE = (models.Follow, models.Name)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Site(admin.AdminSite):
    site_header = site_title = "Runboard, stored rows"
    index_title = "Tables"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Refuses accounts that are no admin; SignInMiddleware has refused everybody signed out."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not self.has_permission(request):
                raise PermissionDenied("admin")
            return inner(request, *args, **kwargs)

        return cast(View, guarded)

    def login(self, request: HttpRequest, extra_context: Context | None = None) -> HttpResponse:
        # SignInMiddleware has let them in; Django leaves this address to everybody.
        if not self.has_permission(request):
            raise PermissionDenied("admin")
        return redirect("admin:index")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Context | None = None
    ) -> HttpResponse:
        return redirect("account")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: Context | None = None
    ) -> HttpResponse:
        return redirect("password")


class Rows(ModelAdmin):
    """Rows are read-only: Runboard itself changes them."""

    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [field.name for field in self.opts.fields if field.name in SECRETS]

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        shown = [field.name for field in self.opts.fields if field.get_internal_type() not in LONG]
        return ("__str__", *[name for name in shown if name not in SECRETS][1:7])

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        return [field.name for field in self.opts.fields if field.many_to_one or field.one_to_one]

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.model in DELETABLE

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        audit.note(request.user, "admin.changed", str(obj), removed=self.opts.model_name)
        obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        for row in queryset:
            self.delete_model(request, row)


LONG = ("TextField", "JSONField", "ManyToManyField")

site = Site()
for table in (
    User,
    models.Person,
    models.Invitation,
    models.AuditEntry,
    models.Run,
    models.Snapshot,
    models.Output,
    models.Label,
    models.Follow,
    models.Name,
    models.SharedState,
    models.Share,
    models.SharedRun,
):
    site.register(table, Rows)
