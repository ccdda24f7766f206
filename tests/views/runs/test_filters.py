"""The query string of the list, read as a filter."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from dashboard.services.runs import pasted
from dashboard.views.runs import filter_reading
from dashboard.views.runs.filter_context import query_context
from dashboard.views.runs.filter_reading import MAX_UNKNOWN, read_filter
from dashboard.views.runs.filters import SHOWS, ListFilter
from tests.builders import NOON

NUMBER, PLACE = "not a number", "not a place in the list"


def asked(query: dict[str, str]) -> ListFilter:
    request = RequestFactory().get("/", query)
    request.user = AnonymousUser()
    return read_filter(request)


def test_a_filter_is_read_from_the_address() -> None:
    read = asked(
        {"q": " cat  status:failed", "starred": "yes", "tag": "hero", "zone": "Asia/Tokyo"}
    )
    assert read.query.words == "cat"
    assert read.url == "/?q=cat&status=failed&tag=hero&starred=1&zone=Asia%2FTokyo"


def test_pasted_ids_alone_count() -> None:
    ids = [uuid4(), uuid4()]
    read = asked({"q": "cat", "tag": "hero", "ids": pasted.pack(ids), "more": "x"})
    assert read.pasted == tuple(ids) and not read.query
    assert [(one.name, one.why) for one in read.query.ignored] == [
        ("more", "not a filter"),
        ("q", "not read beside run IDs"),
        ("tag", "not read beside run IDs"),
    ]
    assert read.csv_url == f"/runs.csv?ids={pasted.pack(ids)}"


@pytest.mark.parametrize("show", SHOWS)
def test_tabs_of_older_addresses_are_filters(show: str) -> None:
    name, value = SHOWS[show]
    assert asked({"show": show, "tag": "hero"}).url == asked({name: value, "tag": "hero"}).url


def test_what_is_no_filter_is_named() -> None:
    read = asked({"stauts": "failed", "show": "all of it", "starred": "no", "after": "1_2"})
    assert [(each.name, each.why) for each in read.query.ignored] == [
        ("starred", "not 1"),
        ("stauts", "not a filter"),
        ("show", "not a tab"),
    ]
    many = asked({f"n{number}": "x" for number in range(999)})
    assert len(many.query.ignored) == MAX_UNKNOWN and many.url == "/"


@pytest.mark.parametrize("sort", ["cost", "-cost"])
def test_costs_are_no_filter_and_no_order_to_those_who_may_not_see_them(
    sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"cost": ">0.10", "cost!": "-", "q": "cat cost:<5", "gpu": "H100", "sort": sort}
    read = asked(given)
    assert read.url == "/?q=cat&gpu=H100" and read.newest_first
    assert [(one.name, one.why) for one in read.query.ignored] == [
        *(("cost", "for members alone"), ("cost", "for members alone")),
        *(("cost!", "for members alone"), ("sort", "for members alone")),
    ]
    assert not any("cost" in one.url for one in read.sorts)
    monkeypatch.setattr(filter_reading, "may_see_costs", lambda _: True)
    read = asked(given)
    assert not read.query.ignored and len(read.query.of("cost")) == 2
    assert read.url.endswith(f"&sort={sort}")
    assert [one.text for one in read.sorts][-2:] == ["Highest cost", "Lowest cost"]


def test_a_tab_takes_the_place_of_another_and_keeps_the_rest() -> None:
    read = asked({"status": "live", "gpu": "H100", "q": "cat", "start!": "cold"})
    assert read.tab == ("status", "live")
    assert asked({"status": "failed,live"}).tab is None
    urls = {tab.text: tab.url for tab in query_context(read, people=True)["tabs"]}
    kept = "q=cat&start%21=cold&gpu=H100"
    assert urls == {
        "All": f"/?{kept}",
        "Needs attention": "/?q=cat&status=attention&start%21=cold&gpu=H100",
        "Cold starts": "/?q=cat&start=cold&gpu=H100",
        "Live": "/?q=cat&status=live&start%21=cold&gpu=H100",
        "Starred": f"/?{kept}&starred=1",
    }


def test_the_file_has_the_zone_of_the_list_even_without_a_term() -> None:
    read = asked({"zone": "Europe/Berlin", "show": "cold"})
    assert read.csv_url == "/runs.csv?start=cold&zone=Europe%2FBerlin"
    bare = asked({"zone": "Europe/Berlin"})
    assert (bare.csv_url, bare.url) == ("/runs.csv?zone=Europe%2FBerlin", "/")


def test_days_are_of_the_readers_zone_unless_the_address_names_one() -> None:
    request = RequestFactory().get("/", {"created": "today"})
    request.user = AnonymousUser()
    request.COOKIES["zone"] = "Asia/Tokyo"
    assert read_filter(request).url == "/?created=today&zone=Asia%2FTokyo"
    request.COOKIES["zone"] = "Mars"
    assert read_filter(request).url == "/?created=today&zone=UTC"
    assert not read_filter(request).query.ignored


def in_tokyo(query: str) -> ListFilter:
    request = RequestFactory().get(f"/?{query}")
    request.user = AnonymousUser()
    request.COOKIES["zone"] = "Asia/Tokyo"
    return read_filter(request)


@pytest.mark.parametrize("value", ["today", "2026-11-20", ">2026-11-20T10:00"])
def test_an_address_of_days_always_names_its_zone(value: str) -> None:
    """Days of the reader who copies the address are the days of every other who opens it."""
    for here in (asked({"created": value}), asked({"created": value, "zone": "UTC"})):
        links = (here.url, here.csv_url, f"/?{here.canonical}", here.fixed_url(NOON))
        assert all("zone=UTC" in link for link in links if link), links
    for value in ("24h", ">2026-11-20T10:00Z"):
        assert "zone" not in asked({"created": value}).url


def test_a_zone_that_the_address_names_stays_in_its_links() -> None:
    for query in ("status=failed&zone=UTC", "created=24h&zone=UTC"):
        here = in_tokyo(query)
        links = [here.url, here.csv_url, *(one.url for one in here.sorts), here.under(None).url]
        assert all("zone=UTC" in url for url in links if "?" in url), links
    assert "zone=Asia%2FTokyo" in in_tokyo("status=failed").url


@pytest.mark.parametrize("words", ["!!!", '""', "-", "- -", "*"])
def test_words_without_a_letter_are_named_and_left_out(words: str) -> None:
    read = asked({"q": words, "status": "failed"})
    assert not read.query.words and read.url == "/?status=failed"
    assert [(one.name, one.why) for one in read.query.ignored] == [("q", "no words in it")]


def test_ids_that_are_none_are_named() -> None:
    assert [(one.name, one.why) for one in asked({"ids": "!.x"}).query.ignored] == [
        ("ids", "no run IDs")
    ]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"limit": "20", "after": "1_2", "before": "-3_4"}, []),
        ({"limit": "", "after": "", "before": ""}, []),
        ({"limit": "-1", "after": "x"}, [("limit", NUMBER), ("after", PLACE)]),
        ({"sort": "total", "after": "total~2.5~1_2"}, []),
        ({"sort": "total", "after": "1_2"}, [("after", PLACE)]),
        ({"before": "total~2.5~1_2"}, [("before", PLACE)]),
        ({"sort": "weight", "after": "1_2"}, [("sort", "not an order")]),
    ],
)
def test_places_and_numbers_that_cannot_be_read_are_named(
    query: dict[str, str], named: list[tuple[str, str]]
) -> None:
    assert [(one.name, one.why) for one in asked(query).query.ignored] == named
