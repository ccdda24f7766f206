"""Who put what on a run, and when, as its page tells it."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.models import Label, Run
from dashboard.presentation.format import iso
from dashboard.services.runs import labels
from tests.builders import answer, store
from tests.views.runs.test_labels import PART, page, put, signed_in

pytestmark = pytest.mark.django_db


def test_a_quiet_line_tells_who_gave_title_star_and_tags_and_when(ana: Client) -> None:
    run, ben = store(answer()), signed_in("ben", "member")
    assert "bylines" not in page(ana, run.get_absolute_url())
    put(ana, run, "title", text="Coast")
    put(ben, run, "star", on="1")
    put(ben, run, "tags", text="hero")
    put(ben, run, "tags", text="sea")
    title, star, _, tag = Label.objects.order_by("pk")
    line = page(ana, run.get_absolute_url()).partition('bylines">')[2].partition("</p>")[0]
    told = [
        (f"{act} by <bdi>{label.author}</bdi>,", f'<time datetime="{iso(label.at)}"')
        for act, label in (("Titled", title), ("starred", star), ("tagged", tag))
    ]
    parts = line.split(" · ")
    assert len(parts) == 3, "whoever tagged twice is named once, with the last time"
    for part, (words, moment) in zip(parts, told, strict=True):
        assert part.startswith(words) and moment in part
    User.objects.get(username="ben").delete()  # by hand alone: Runboard deactivates
    labels.forget()
    line = page(ana, f"{run.get_absolute_url()}tags/").partition('bylines">')[2]
    assert "starred <time" in line and "ben" not in line


def test_the_page_of_a_finished_run_asks_no_more_for_labels(ana: Client) -> None:
    def queries(run: Run) -> int:
        page(ana, run.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            page(ana, run.get_absolute_url())
        return len(captured)

    plain, labelled = store(answer()), store(answer())
    put(ana, labelled, "title", text="Coast")
    put(ana, labelled, "star", on="1")
    put(signed_in("ben", "member"), labelled, "tags", text="hero")
    assert queries(plain) == queries(labelled) <= 6


def test_a_star_has_the_line_drawn_anew(ana: Client) -> None:
    run = store(answer())
    answered = ana.post(f"{run.get_absolute_url()}star/", {"on": "1"}, headers=PART)
    assert "star-changed" in answered["HX-Trigger"]
    shown = page(ana, run.get_absolute_url()).partition('id="tags-part"')[2].partition(">")[0]
    assert "star-changed from:body" in shown
