"""The list under the filters of its address: rows, chips, what is left out, and who sees names."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from dashboard.domain.roles import VIEWER
from dashboard.models import Run, UpstreamUser
from dashboard.services.runs import pasted
from tests.builders import answer, element, person, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs(now: datetime) -> list[Run]:
    """A good run, and a failed one of a person, an hour earlier."""
    good = store(answer(created=now), now)
    bad = store(
        answer(created=now - timedelta(hours=1), status="failed", gpu="A10G", user_id="user_a"), now
    )
    UpstreamUser.objects.update_or_create(id="user_a", defaults={"name": "Rosa Santoro"})
    return [good, bad]


def page(client: Client, query: str) -> str:
    return one_line(client.get(f"/?{query}").content.decode())


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("status=failed", "b"),
        ("status=finished", "gb"),
        ("gpu=A10G&start=cold", "b"),
        ("gpu!=A10G", "g"),
        ("by=user_a", "b"),
        ("created=2026-11-23", "gb"),
        ("created=>2026-11-23T11:30Z", "g"),
        ("total=>40", "gb"),
        ("total=>50", ""),
    ],
)
def test_rows_are_those_of_the_filter(ana: Client, runs: list[Run], query: str, shown: str) -> None:
    text = page(ana, query)
    there = [name for name, run in zip("gb", runs, strict=True) if run.get_absolute_url() in text]
    assert "".join(there) == shown


def test_chips_say_it_in_words_and_lead_to_the_list_without_them(
    ana: Client, runs: list[Run]
) -> None:
    text = page(ana, "status=failed&created=today&zone=Europe/Berlin")
    assert "Status failed" in text and "Created today" in text
    kept = quote("Europe/Berlin", safe="")
    assert f"/?created=today&amp;zone={kept}" in text and f"status=failed&amp;zone={kept}" in text


def test_what_cannot_be_read_is_named_and_empties_nothing(ana: Client, runs: list[Run]) -> None:
    text = page(ana, "total=long&zone=Mars&status=failed")
    assert "total “long” (not a range such as &gt;60 or 10..30)" in text
    assert "zone “Mars” (not a time zone)" in text
    assert runs[1].get_absolute_url() in text


def test_a_failed_run_says_why_and_is_found_by_that(ana: Client, now: datetime) -> None:
    told = {"exception_message": "CUDA out of memory", "exception_type": "OutOfMemoryError"}
    run = store(answer(created=now, status="failed", outputs=[element(data=told)]), now)
    assert run.error_cause == "out-of-memory"
    store(answer(created=now), now)
    text = page(ana, "error=out-of-memory")
    assert '<strong class="row-cause">Out of memory</strong>' in text and "1 run" not in text
    assert text.count('class="row"') == 1 and "Error “out of memory”" in text
    assert page(ana, "error!=any").count("row-cause") == 0


def test_people_are_named_to_members_alone(runs: list[Run], ana: Client) -> None:
    assert "Started by Rosa Santoro" in page(ana, "by=user_a")
    viewer = Client()
    viewer.force_login(person("vera", VIEWER))
    text = page(viewer, "by=user_a")
    assert "Rosa" not in text and "“user_a” (for members alone)" in text
    assert all(run.get_absolute_url() in text for run in runs), "nobody learns whose run it is"


def test_pasted_runs_stand_without_filters_of_their_own(ana: Client, runs: list[Run]) -> None:
    ids = pasted.pack([run.uuid for run in runs])
    text = page(ana, f"ids={ids}&status=failed")
    assert all(run.get_absolute_url() in text for run in runs) and "Status failed" not in text


@pytest.mark.parametrize(
    ("label", "workflow", "prompt", "title", "sub"),
    [
        ("Hero", "flux", "a cat", "Hero", ("flux", "a cat")),
        ("", "flux", "a cat", "a cat", ("flux",)),
        ("", "flux", "", "flux", ()),
        ("", "", "a cat", "a cat", ()),
        ("Hero", "", "", "Hero", ()),
        ("flux", "flux", "a cat", "flux", ("a cat",)),
    ],
)
def test_a_row_is_called_by_what_tells_it_from_others(
    label: str, workflow: str, prompt: str, title: str, sub: tuple[str, ...]
) -> None:
    run = Run(label=label, workflow_name=workflow, prompt=prompt)
    assert (run.row_title, run.row_sub) == (title, sub)


def test_without_any_name_it_is_called_by_its_id() -> None:
    run = Run()
    assert run.row_title == f"Run {run.short_id}" and run.row_sub == ()
