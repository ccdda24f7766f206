"""The audit page: the newest first, by person and action, a page at a time."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.services.accounts import audit
from tests.builders import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva(db: None) -> Client:
    client = Client()
    client.force_login(person("eva", "admin"))
    return client


def subjects(page: str) -> list[str]:
    return re.findall(r'<span class="mono">(s-\d+)</span>', page)


def test_pages_run_from_the_newest_to_the_oldest_without_gaps(eva: Client) -> None:
    for n in range(120):
        audit.note("ana", "share.made", f"s-{n}")
    found, path = [], "/audit/"
    while path:
        page = eva.get(path).content.decode()
        found += subjects(page)
        more = re.search(r'href="([^"]*before=[^"]*)">Older', page)
        path = more[1].replace("&amp;", "&") if more else ""
    assert found == [f"s-{n}" for n in reversed(range(120))]


def test_it_is_filtered_by_person_and_action(eva: Client) -> None:
    audit.note("ana", "share.made", "s-1")
    audit.note("ana", "share.revoked", "s-2")
    audit.note("ben", "share.made", "s-3")
    assert subjects(eva.get("/audit/?who=ana").content.decode()) == ["s-2", "s-1"]
    assert subjects(eva.get("/audit/?did=share.made").content.decode()) == ["s-3", "s-1"]
    assert subjects(eva.get("/audit/?who=ana&did=share.made").content.decode()) == ["s-1"]
    assert "No matching entries" in eva.get("/audit/?who=nobody").content.decode()
    assert subjects(eva.get("/audit/?did=nonsense&before=x").content.decode())[0] == "s-3"


def test_its_queries_do_not_grow(eva: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            eva.get("/audit/")
        return len(asked)

    audit.note("ana", "share.made")
    few = queries()
    for n in range(60):
        audit.note(f"ana{n}", "signed-in")
    assert queries() == few


def test_names_and_subjects_of_others_are_text(eva: Client) -> None:
    audit.note("<b>ana</b>", "share.made", "<script>", title="<i>")
    page = eva.get("/audit/").content.decode()
    assert "<b>ana" not in page and "<script>" not in page.partition("<main")[2]
