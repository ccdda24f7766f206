"""The query string of the list, read as a filter."""

from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from dashboard.services.runs import pasted
from dashboard.services.runs.run_filter import LONGEST
from dashboard.views.runs.filters import ListFilter, read_filter


def asked(query: dict[str, str]) -> ListFilter:
    request = RequestFactory().get("/", query)
    request.user = AnonymousUser()
    return read_filter(request)


def test_a_filter_is_read_from_the_address() -> None:
    ids = [uuid4(), uuid4()]
    query = {"show": "cold", "q": " cat ", "starred": "1", "tag": "hero", "ids": pasted.pack(ids)}
    read = asked(query)
    assert (read.show, read.q, read.starred, read.tag) == ("cold", "cat", True, "hero")
    assert read.pasted == tuple(ids)
    assert read.untagged_url == "/?show=cold&q=cat&starred=1"


def test_unknown_values_are_ignored_and_tags_bounded() -> None:
    query = {"show": "all of it", "starred": "yes", "tag": "\0" + "x" * 999}
    read = asked(query)
    assert (read.show, read.starred, read.q) == ("", False, "")
    assert read.tag == "x" * LONGEST
    assert asked({}).untagged_url == "/"


def test_the_file_has_the_zone_of_the_list_even_without_a_term() -> None:
    read = asked({"zone": "Europe/Berlin", "show": "cold"})
    assert read.csv_url == "/runs.csv?show=cold&zone=Europe%2FBerlin"
    assert read.untagged_url == "/?show=cold"
