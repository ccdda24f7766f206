"""Saved views above the list: links, the one that is open, and what may be done with it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from dashboard.access import may_label
from dashboard.domain.text.view_name import LONGEST_NAME
from dashboard.http import Context
from dashboard.models import SavedView
from dashboard.services.runs import saved_views
from dashboard.services.runs.saved_views import Views
from dashboard.views.runs.filter_reading import read_filter
from dashboard.views.runs.filters import SAVED, ListFilter

IN_ROW = 5  # views beside the tabs; the rest is in a menu


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved view above the list."""

    name: str
    url: str
    shared: bool
    current: bool


@dataclass(frozen=True, slots=True)
class OpenView:
    """The view that the list came from; `changed` where its filter is another one by now."""

    row: SavedView
    changed: bool
    may_change: bool
    is_default: bool


def view_url(view: SavedView) -> str:
    """The list with a view's filter."""
    return f"{reverse('run_list')}?{view.query}&{SAVED}={view.pk}"


def views_of(request: HttpRequest) -> Views:
    """The saved views that this reader may see."""
    return saved_views.visible_to(request.user, members=may_label(request.user))


def filter_beside(request: HttpRequest, views: Views, asked: QueryDict | None = None) -> ListFilter:
    """The filter of the list's address; all runs have one of their own beside a default view."""
    return replace(read_filter(request, asked), elsewhere=views.default is not None)


def may_change(request: HttpRequest, view: SavedView) -> bool:
    """Whether a view is this reader's to change: their own, and everybody's for members."""
    return may_label(request.user) if view.shared else view.owner_id == request.user.pk


def views_context(request: HttpRequest, choice: ListFilter, views: Views, now: datetime) -> Context:
    """The views that this reader sees, and the form that saves another."""
    opened = _opened(request, choice, views)
    current = opened.row.pk if opened and not opened.changed else 0
    links = [ViewLink(v.name, view_url(v), v.shared, v.pk == current) for v in views.rows]
    fixed = choice.fixed_url(now)
    return {
        "views": links,
        "views_in_row": IN_ROW,
        "more_views": max(0, len(links) - IN_ROW),
        "open_view": opened,
        "view_query": "" if choice.pasted else choice.canonical,
        "fixed_link": f"{settings.PUBLIC_URL}{fixed}" if fixed else "",
        **form_context(request),
    }


def form_context(request: HttpRequest) -> Context:
    """What the form that saves a view needs."""
    everybody = may_label(request.user) and settings.ACCESS != "open"
    return {"for_everybody": everybody, "longest_view_name": LONGEST_NAME}


def _opened(request: HttpRequest, choice: ListFilter, views: Views) -> OpenView | None:
    if choice.pasted:
        return None
    asked = request.GET.copy()
    asked.pop(SAVED, None)
    same = {choice.canonical, asked.urlencode()} - {""}  # also one whose workflow is gone
    fits = [view for view in views.rows if view.query in same]
    named = views.find(choice.saved)
    row = named if named in fits else next(iter(fits), named)
    if row is None:
        return None
    return OpenView(row, row not in fits, may_change(request, row), row == views.default)
