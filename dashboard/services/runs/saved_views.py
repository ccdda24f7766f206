"""Saved views of the list: made, changed, removed, and whose list opens with which."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from dashboard.domain.filters import sorts
from dashboard.domain.filters.fields import BY, COST
from dashboard.domain.text.labels import folded
from dashboard.domain.text.view_name import ViewRejected, read_name
from dashboard.models import DefaultView, SavedView
from dashboard.services import clock
from dashboard.services.accounts.actor import Actor, account_of

MAX_VIEWS = 100  # of one person, and of everybody
LONGEST_QUERY = 8000  # characters
FOR_MEMBERS = frozenset({BY, f"{BY}!", COST, f"{COST}!"})
SORT = "sort"


@dataclass(frozen=True, slots=True)
class Views:
    """The views that an account sees, by name, and which of them its list opens with."""

    rows: Sequence[SavedView] = ()
    default: SavedView | None = None

    def find(self, pk: int) -> SavedView | None:
        return next((row for row in self.rows if row.pk == pk), None)


def visible_to(actor: Actor, *, members: bool) -> Views:
    """An account's own views and everybody's, in two queries.

    Unless all is told, as to `members`, everybody's views are left out that filter by a person
    or by what runs cost, or that stand in that order. One's own hold their names, so that they
    stay to be seen and deleted; their lists leave out what is for members.
    """
    account = account_of(actor)
    mine = Q(owner=account) if account else Q(pk__in=())
    found = SavedView.objects.filter(mine | Q(owner=None)).order_by("folded", "pk")
    rows = [row for row in found if members or not (row.shared and _is_for_members(row))]
    chosen = DefaultView.objects.filter(user=account).values_list("view_id", flat=True)
    key = chosen.first() if rows and account else None
    return Views(rows, next((row for row in rows if row.pk == key), None))


def _is_for_members(view: SavedView) -> bool:
    return any(name in FOR_MEMBERS or _is_by_cost(name, it) for name, it in parse_qsl(view.query))


def _is_by_cost(name: str, value: str) -> bool:
    sort = sorts.read_sort(value) if name == SORT else None
    return sort is not None and sort.name == COST


def save(name: str, query: str, by: Actor, *, shared: bool) -> SavedView:
    """Saves a query string in its one form as an account's own view, or as everybody's.

    Raises ViewRejected for a bad or taken name, for no filter or too long a one, and where
    there are too many views.
    """
    name, account = read_name(name), account_of(by)
    _check(query)
    owner = None if shared else account
    if owner is None and not shared:
        raise ViewRejected("Nothing can be saved right now.")
    if _of(owner).count() >= MAX_VIEWS:
        whose = "Everybody’s list has" if shared else "You have"
        raise ViewRejected(f"{whose} {MAX_VIEWS} saved views already. Delete one first.")
    view = SavedView(
        name=name, folded=folded(name), query=query, owner=owner, by=account, at=clock.now()
    )
    with _named(name):
        view.save()
    return view


def rename(view: SavedView, name: str) -> SavedView:
    """Gives a view another name and nothing else; returns it as it is now.

    Raises ViewRejected for a bad name and one that is taken, SavedView.DoesNotExist where
    the view is gone.
    """
    name = read_name(name)
    with _named(name):
        return _updated(view, name=name, folded=folded(name))


def set_query(view: SavedView, query: str, by: Actor) -> SavedView:
    """Gives a view another filter; returns it as it is now.

    Raises ViewRejected for none and too long a one, SavedView.DoesNotExist where the view
    is gone.
    """
    _check(query)
    return _updated(view, query=query, by=account_of(by), at=clock.now())


def remove(view: SavedView) -> None:
    """Deletes a view; whose list opened with it opens with all runs again."""
    with transaction.atomic(), suppress(SavedView.DoesNotExist):
        _locked(view).delete()


def set_default(view: SavedView, actor: Actor, *, on: bool) -> None:
    """Makes a view the one that an account's list opens with, or no longer.

    Raises SavedView.DoesNotExist where the view is gone.
    """
    account = account_of(actor)
    with transaction.atomic():
        found = _locked(view)
        if on and account:
            DefaultView.objects.update_or_create(user=account, defaults={"view": found})
        else:
            DefaultView.objects.filter(user=account, view=found).delete()


def _check(query: str) -> None:
    if not query:
        raise ViewRejected("There is no filter to save. Set one first.")
    if len(query) > LONGEST_QUERY:
        raise ViewRejected("This filter is too long to save.")


def _of(owner: User | None) -> QuerySet[SavedView]:
    return SavedView.objects.filter(owner=owner)


def _locked(view: SavedView) -> SavedView:
    """The view as it is now, which stays until the transaction ends."""
    return SavedView.objects.select_for_update().get(pk=view.pk)


def _updated(view: SavedView, **columns: object) -> SavedView:
    SavedView.objects.filter(pk=view.pk).update(**columns)
    return SavedView.objects.get(pk=view.pk)


@contextmanager
def _named(name: str) -> Iterator[None]:
    """A transaction that gives a view this name. Raises ViewRejected where it is taken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise ViewRejected(f"There is a view “{name}” already. Choose another name.") from None
