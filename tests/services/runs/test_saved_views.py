"""Saved views: whose they are, what is refused, and the one that a list opens with."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.domain.text.view_name import ViewRejected
from dashboard.models import DefaultView, SavedView
from dashboard.services.runs import saved_views
from tests.builders import person

pytestmark = pytest.mark.django_db


def names(user: object, *, people: bool = True) -> list[str]:
    return [view.name for view in saved_views.visible_to(user, members=people).rows]


def test_everybody_sees_their_own_and_everybodys_by_name() -> None:
    ana, ben = person("ana"), person("ben")
    saved_views.save("b of everybody", "gpu=H100", ana, shared=True)
    saved_views.save("A of Ana", "gpu=H100", ana, shared=False)
    saved_views.save("C of Ben", "gpu=H100", ben, shared=False)
    assert names(ana) == ["A of Ana", "b of everybody"]
    assert names(ben) == ["b of everybody", "C of Ben"]
    assert names(None) == ["b of everybody"]


@pytest.mark.parametrize(
    "query",
    [
        *("by=user_1", "gpu=H100&by%21=user_1", "cost=%3E0.1", "cost%21=-"),
        *("gpu=H100&sort=cost", "gpu=H100&sort=-cost"),
    ],
)
def test_views_by_person_or_cost_are_kept_from_those_who_may_not_see_them(query: str) -> None:
    ana = person("ana")
    view = saved_views.save("Hers", query, ana, shared=True)
    saved_views.set_default(view, ana, on=True)
    assert names(ana) == ["Hers"] and names(ana, people=False) == []
    assert saved_views.visible_to(ana, members=False).default is None


def test_a_name_is_taken_once_by_each_person_and_once_for_everybody_in_any_case() -> None:
    ana, ben = person("ana"), person("ben")
    for owner, shared in ((ana, False), (ben, False), (ana, True)):
        saved_views.save("Nights", "gpu=H100", owner, shared=shared)
    for owner, shared in ((ana, False), (ben, False), (ben, True)):
        with pytest.raises(ViewRejected, match="There is a view “nIGHTS” already"):
            saved_views.save("nIGHTS", "gpu=H100", owner, shared=shared)
    other = saved_views.save("Days", "gpu=H100", ana, shared=False)
    with pytest.raises(ViewRejected):
        saved_views.rename(other, "NIGHTS ")
    saved_views.rename(other, "dAYS")
    assert names(ana) == ["dAYS", "Nights", "Nights"]


@pytest.mark.parametrize(("query", "why"), [("", "no filter"), ("q=" + "x" * 8000, "too long")])
def test_what_is_no_filter_is_not_saved(query: str, why: str) -> None:
    ana = person("ana")
    view = saved_views.save("Mine", "gpu=H100", ana, shared=False)
    with pytest.raises(ViewRejected, match=why):
        saved_views.save("Another", query, ana, shared=False)
    with pytest.raises(ViewRejected, match=why):
        saved_views.set_query(view, query, ana)
    assert SavedView.objects.get().query == "gpu=H100"


def test_there_is_an_end_to_one_persons_views(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MAX_VIEWS", 2)
    ana, ben = person("ana"), person("ben")
    for name in "ab":
        saved_views.save(name, "gpu=H100", ana, shared=False)
        saved_views.save(name, "gpu=H100", ana, shared=True)
    for shared in (False, True):
        with pytest.raises(ViewRejected, match="2 saved views already"):
            saved_views.save("c", "gpu=H100", ana, shared=shared)
    saved_views.save("c", "gpu=H100", ben, shared=False)


def test_nobody_without_an_account_has_views_of_their_own() -> None:
    with pytest.raises(ViewRejected):
        saved_views.save("a", "gpu=H100", None, shared=False)


def test_one_view_is_the_default_of_a_person_until_it_is_deleted() -> None:
    ana, ben = person("ana"), person("ben")
    first, second = (saved_views.save(n, "gpu=H100", ana, shared=True) for n in "ab")
    for view in (first, second):
        saved_views.set_default(view, ana, on=True)
    assert saved_views.visible_to(ana, members=True).default == second
    assert saved_views.visible_to(ben, members=True).default is None
    saved_views.set_default(first, ana, on=False)
    assert saved_views.visible_to(ana, members=True).default == second
    saved_views.remove(second)
    assert saved_views.visible_to(ana, members=True).default is None
    assert not DefaultView.objects.exists() and names(ana) == ["a"]


def test_a_new_name_leaves_a_filter_that_was_set_meanwhile() -> None:
    ana = person("ana")
    seen = saved_views.save("a", "gpu=H100", ana, shared=True)
    saved_views.set_query(seen, "gpu=L40S", ana)
    assert saved_views.rename(SavedView(pk=seen.pk, query="gpu=H100"), "b").query == "gpu=L40S"
    view = SavedView.objects.get()
    assert (view.name, view.folded, view.query, view.by) == ("b", "b", "gpu=L40S", ana)


@pytest.mark.parametrize(
    "change",
    [
        lambda view, ana: saved_views.rename(view, "b"),
        lambda view, ana: saved_views.set_query(view, "gpu=L40S", ana),
        lambda view, ana: saved_views.set_default(view, ana, on=True),
    ],
)
def test_a_view_that_was_deleted_meanwhile_stays_deleted(
    change: Callable[[SavedView, User], object],
) -> None:
    ana = person("ana")
    view = saved_views.save("a", "gpu=H100", ana, shared=True)
    seen = SavedView.objects.get()
    saved_views.remove(view)
    saved_views.remove(seen)
    with pytest.raises(SavedView.DoesNotExist):
        change(seen, ana)
    assert not (SavedView.objects.exists() or DefaultView.objects.exists())


def test_another_filter_tells_who_set_it() -> None:
    ana, ben = person("ana"), person("ben")
    view = saved_views.save("a", "gpu=H100", ana, shared=True)
    saved_views.set_query(view, "gpu=L40S", ben)
    view.refresh_from_db()
    assert (view.query, view.by, view.owner) == ("gpu=L40S", ben, None)


def test_the_number_of_queries_does_not_grow_with_the_views() -> None:
    ana = person("ana")
    for n in range(30):
        saved_views.save(f"view {n}", "gpu=H100", ana, shared=n % 2 == 0)
    with CaptureQueriesContext(connection) as captured:
        assert len(saved_views.visible_to(ana, members=True).rows) == 30
    assert len(captured) == 2


def test_ones_own_view_stays_to_be_seen_whatever_it_filters_by() -> None:
    ana, ben = person("ana"), person("ben")
    view = saved_views.save("Hers", "by=user_1", ana, shared=False)
    saved_views.set_default(view, ana, on=True)
    assert names(ana, people=False) == ["Hers"] and names(ben, people=False) == []
    assert saved_views.visible_to(ana, members=False).default == view
