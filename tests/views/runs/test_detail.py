"""The words of a run's page: moments in the reader's own zone, and ways on."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Run
from dashboard.services.runs import labels
from tests.builders import NOON, answer, running, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db


def page_of(client: Client, run: Run) -> str:
    return client.get(f"/runs/{run.uuid}/").content.decode()


def test_an_end_that_is_estimated_is_a_moment(ana: Client) -> None:
    run = store(answer(ended_at=None, run_duration=None, duration=None))
    warned = re.findall(r'<p class="warned">.*?</p>', page_of(ana, run), re.DOTALL)
    moment = r'estimated before <time datetime="2026-11-23T12:00:44[^"]*" data-time="full"'
    assert any(re.search(moment, one) for one in warned)


def test_since_when_a_run_is_not_seen_is_a_moment_in_the_legend(ana: Client) -> None:
    now = timezone.now()
    run = store(running(created=now - timedelta(seconds=90)), now - timedelta(seconds=40))
    Run.objects.filter(pk=run.pk).update(trouble="unreachable", next_refresh_at=now)
    legend = re.search(r'<ul class="bar-legend".*?</ul>', one_line(page_of(ana, run)))
    assert legend and "No updates since" in legend[0]
    assert re.search(r'No updates since</span><span class="value"><time datetime="', legend[0])


def test_when_a_tag_was_added_is_a_moment(ana: Client) -> None:
    run = store(answer())
    labels.add_tag(run, "hero", None)
    tag = re.search(r'<li class="tag-chip">.*?</li>', page_of(ana, run), re.DOTALL)
    assert tag and re.search(r", added <time datetime=", tag[0])
    assert not re.search(r'title="[^"]*\d{4}', tag[0])


@pytest.mark.parametrize(("status", "told"), [("success", True), ("failed", False)])
def test_a_run_without_files_leads_to_its_log(ana: Client, status: str, told: bool) -> None:
    outputs = ana.get(f"/runs/{store(answer(status=status, created=NOON)).uuid}/outputs/")
    link = '<a href="#log">Open log</a>'
    assert (f"Finished without outputs. {link}" in
            one_line(outputs.content.decode())) is told  # fmt: skip


def test_an_assumed_timeout_is_told_once(ana: Client) -> None:
    run = store(answer(status="timeout", ended_at=None, run_duration=None, duration=None))
    page = page_of(ana, run)
    assert page.count("assumes a timeout") == 1
    assert page.count("The run stopped sending updates</h2>") == 1
