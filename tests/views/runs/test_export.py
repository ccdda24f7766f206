"""The list as a CSV file."""

import csv
from datetime import datetime, timedelta

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from dashboard.domain.roles import VIEWER
from tests.builders import answer, person, running, store

pytestmark = pytest.mark.django_db


def read(client: Client, query: str = "") -> list[list[str]]:
    response = client.get(f"/runs.csv{query}")
    assert isinstance(response, StreamingHttpResponse) and response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(text.removeprefix("\ufeff").splitlines(keepends=True)))


def test_it_has_the_runs_of_the_filter_and_all_without_one(ana: Client, now: datetime) -> None:
    live = store(running(created=now), now)
    good = store(answer(created=now - timedelta(hours=1)), now)
    bad = store(answer(created=now - timedelta(hours=2), status="failed"), now)
    assert [row[0] for row in read(ana)[1:]] == [str(run.uuid) for run in (live, good, bad)]
    assert [row[0] for row in read(ana, "?status=failed")[1:]] == [str(bad.uuid)]
    assert [row[0] for row in read(ana, "?show=live")[1:]] == [str(live.uuid)]


def test_times_are_of_the_zone_that_the_header_names(ana: Client, now: datetime) -> None:
    store(answer(created=now), now)
    head, row = read(ana, "?zone=Europe/Berlin")
    assert row[head.index("created (Europe/Berlin)")] == "2026-11-23T13:00:00.000+01:00"


def test_lines_quotes_and_formulas_in_a_prompt_stay_one_cell(ana: Client, now: datetime) -> None:
    store(answer(created=now, workflow_inputs={"prompt": '=a "cat",\nred'}), now)
    head, row = read(ana)
    assert row[head.index("prompt")].startswith('\'=a "cat",')


def test_viewers_get_no_people_and_no_costs(ana: Client, now: datetime) -> None:
    store(answer(created=now, user_id="user_a"), now)
    viewer = Client()
    viewer.force_login(person("vera", VIEWER))
    head, row = read(viewer)
    assert "by" not in head and "user_a" not in row
    assert "cost (USD)" not in head and len(read(ana)[0]) == len(head) + 3


def test_the_list_leads_there_with_its_filter(ana: Client, now: datetime) -> None:
    store(answer(created=now, status="failed"), now)
    page = ana.get("/?status=failed&q=cat&starred=1&show=attention").content.decode()
    page += ana.get("/?status=failed").content.decode()
    assert 'href="/runs.csv?status=failed"' in page
