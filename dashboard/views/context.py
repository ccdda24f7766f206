"""The context of every page: queries run only where a template uses their result."""

from django.conf import settings
from django.http import HttpRequest

from dashboard import __version__
from dashboard.access import may_administer, may_label, may_share
from dashboard.http import Context
from dashboard.models import Run
from dashboard.services import clock


def page(request: HttpRequest) -> Context:
    return {
        "mark": settings.MARK,
        "theme": chosen(request, "theme", "light", "dark"),
        "density": chosen(request, "rows", "compact"),
        "version": __version__,
        "now": clock.now,
        "may_administer": lambda: may_administer(request.user),
        "may_share": lambda: may_share(request.user),
        "may_label": lambda: may_label(request.user),
        "access_open": settings.ACCESS == "open",
        "active_count": Run.objects.live().count,
    }


def chosen(request: HttpRequest, name: str, *known: str) -> str:
    """The value of a preference cookie; "" where it is not one of the known values."""
    value = request.COOKIES.get(name, "")
    return value if value in known else ""
