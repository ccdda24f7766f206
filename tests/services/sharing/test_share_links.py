"""Share links: one token each, of which only the digest is kept."""

from datetime import timedelta

import pytest
from django.db import connection

from dashboard.models import AuditEntry, Share
from dashboard.services import clock
from dashboard.services.ops import retention
from dashboard.services.sharing import share_links
from tests.builders import answer, person, store

pytestmark = pytest.mark.django_db


def made(**given):  # type: ignore[no-untyped-def]
    values = {"scopes": {"outputs"}, "title": "", "life": "7", "now": clock.now(), **given}
    by = values.pop("by", None) or person()
    run = values.pop("run", None) or store(answer())
    return share_links.make(run, by, **values)


def test_a_token_is_long_random_and_nowhere_in_the_database() -> None:
    link, token = made()
    assert len(token) >= 22
    assert share_links.find(token) == link
    rows = " ".join(str(row) for row in Share.objects.values_list())
    rows += " ".join(str(row) for row in AuditEntry.objects.values_list())
    assert token not in rows
    assert len({made(run=link.run, by=link.made_by)[1] for _ in range(50)}) == 50


def test_it_is_looked_up_by_digest(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    link, token = made()
    with django_assert_num_queries(1) as asked:
        assert share_links.find(token) == link
    sql = asked.captured_queries[0]["sql"]
    assert link.digest in sql
    assert token not in sql
    assert connection.introspection.get_constraints  # an index serves it: the column is unique
    assert Share._meta.get_field("digest").unique
    assert share_links.find(link.digest) is None, "the digest itself opens nothing"


@pytest.mark.parametrize("token", ["", "x", "\0", "a" * 5000, "é"])
def test_what_is_no_token_finds_nothing(token: str) -> None:
    made()
    assert share_links.find(token) is None


def test_it_ends_by_its_time_and_by_revoking() -> None:
    now = clock.now()
    link, _ = made(now=now, life="1")
    assert link.is_open(now + timedelta(hours=23))
    assert not link.is_open(now + timedelta(hours=24))
    eva = person("eva", "admin")
    share_links.revoke(link, eva, now)
    share_links.revoke(link, link.made_by, now + timedelta(hours=1))
    link.refresh_from_db()
    assert not link.is_open(now)
    assert (link.revoked_by, link.revoked_at) == (eva, now), "the first word counts"
    assert list(AuditEntry.objects.filter(action="share.revoked").values_list("name")) == [("eva",)]


def test_a_link_without_end_stays() -> None:
    link, _ = made(life="never")
    assert link.is_open(clock.now() + timedelta(days=3650))


def test_views_are_counted() -> None:
    link, _ = made()
    now = clock.now()
    share_links.count_view(link, now)
    share_links.count_view(link, now)
    link.refresh_from_db()
    assert (link.views, link.seen_at) == (2, now)


def test_an_author_who_goes_leaves_the_link() -> None:
    ana = person()
    link, token = made(by=ana)
    ana.delete()
    assert share_links.find(token) == link


def test_a_removed_run_takes_its_links_along() -> None:
    link, token = made()
    retention.delete_run(link.run)
    assert share_links.find(token) is None
