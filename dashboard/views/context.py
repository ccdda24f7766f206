"""What every page's frame needs; counted only where a template asks for it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from dashboard import __version__
from dashboard.access import may_administer
from dashboard.models import Run


def page(request: HttpRequest) -> dict[str, Any]:
    return {
        "mark": settings.MARK,
        "version": __version__,
        "now": timezone.now,
        "may_administer": lambda: may_administer(request.user),
        "access_open": settings.ACCESS == "open",
        "active_count": Run.objects.live().count,
    }
