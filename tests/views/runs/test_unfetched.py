"""A past run that only a list has told of: all that is known, and nothing that is not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Gate, Run
from dashboard.services.comfydeploy import gate
from dashboard.services.runs import usual
from dashboard.services.runs.visibility import observe
from dashboard.simulator import Simulator
from tests.builders import answer, body, listed
from tests.markup import one_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    """A run of a day ago, while requests are stopped."""
    now = timezone.now()
    Gate.objects.create(
        reason="unreachable", since=now, until=now + timedelta(minutes=5), strikes=5
    )
    gate.forget()
    return listed(created=now - timedelta(days=1))


def page_of(client: Client, run: Run) -> str:
    return one_line(client.get(run.get_absolute_url()).content.decode())


def test_its_page_shows_what_the_list_told_and_why_there_is_no_more(
    ana: Client, run: Run, upstream: Simulator
) -> None:
    page = page_of(ana, run)
    assert "Cold start took" in page
    assert 'data-trouble="unreachable"' in page and "No answer yet" in page
    assert "Outputs are not read yet." in page and "Inputs are not read yet." in page
    assert "Finished without outputs" not in page and "No inputs" not in page
    assert "from ComfyDeploy</span>" not in page  # no fields were sent
    assert not upstream.requests


def test_its_parts_are_absent(ana: Client, run: Run) -> None:
    address = run.get_absolute_url()
    assert "has not answered for this run yet" in ana.get(f"{address}raw/").content.decode()
    for part in ("values/raw/all/", "values/inputs/0/", "values/fields/0/"):
        assert ana.get(f"{address}{part}").status_code == 404, part
    assert ana.get(f"{address}outputs/").status_code == 200
    assert usual.group_of(run, observe(run, timezone.now()).visibility) is None


def test_its_json_says_that_outputs_and_inputs_are_not_known(ana: Client, run: Run) -> None:
    told = ana.get(f"/runs/{run.uuid}.json").json()
    assert (told["status"], told["finished"]) == ("success", True)
    assert told["outputs"] is told["values"] is told["inputs"] is None
    assert told["freshness"]["observed_at"] is None
    assert told["snapshots"] == 0


def test_the_list_does_not_say_that_it_has_no_files(ana: Client, run: Run) -> None:
    assert "no files" not in ana.get("/").content.decode()


def test_the_page_is_whole_once_it_is_fetched(ana: Client, run: Run, upstream: Simulator) -> None:
    page_of(ana, run)
    Gate.objects.all().delete()
    gate.forget()
    upstream.script(run.uuid, [body(answer(run.uuid, created=run.created_at))])
    page = page_of(ana, run)
    assert "not read yet" not in page and "a cat" in page
    assert "Finished without outputs" in page
    assert len(upstream.requests_for(run.uuid)) == 1
