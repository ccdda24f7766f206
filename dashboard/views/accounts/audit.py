"""The audit for admins: who did what, newest first."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.access import needs
from dashboard.domain.roles import ADMIN
from dashboard.models import AuditEntry
from dashboard.services.accounts.audit import ACTIONS

PAGE = 50
MAX_NAMES = 200


@require_safe
@never_cache
@needs(ADMIN)
def audit(request: HttpRequest) -> HttpResponse:
    name = request.GET.get("who", "").replace("\0", "")[:150]
    action = request.GET.get("did", "")
    entries = AuditEntry.objects.order_by("-pk")
    if name:
        entries = entries.filter(name=name)
    if action in ACTIONS:
        entries = entries.filter(action=action)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    rows = list(entries[: PAGE + 1])
    query = {"who": name, "did": action if action in ACTIONS else ""}
    context = {
        "entries": [{"row": row, "words": ACTIONS.get(row.action)} for row in rows[:PAGE]],
        "older": _address(query, rows[PAGE - 1].pk) if len(rows) > PAGE else "",
        "newest": _address(query) if before else "",
        "names": _names(),
        "actions": ACTIONS,
        **query,
    }
    return render(request, "accounts/audit/list.html", context)


def _names() -> list[str]:
    named = AuditEntry.objects.exclude(name="").order_by("name")
    return list(named.values_list("name", flat=True).distinct()[:MAX_NAMES])


def _address(query: dict[str, str], before: int | None = None) -> str:
    given = {name: value for name, value in query.items() if value}
    if before is not None:
        given["before"] = str(before)
    return f"{reverse('audit')}?{urlencode(given)}"
