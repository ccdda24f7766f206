"""The log fold of a live run: what it shows while the run goes on, and after its end."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.domain.logs.live_lines import LiveLines
from dashboard.models import LiveLog, Run, RunLog
from dashboard.models.live_log import LiveState
from dashboard.services.comfydeploy import shared_state
from dashboard.services.runs import live_logs
from dashboard.simulator import Simulator
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db
BAR = " 50%|█████     | 10/20 [00:05<00:05, 2.00it/s]"


@pytest.fixture(autouse=True)
def _watched() -> None:
    shared_state.write_heartbeat(timezone.now())


def fold(client: Client, run: Run, **headers: str) -> str:
    found = client.get(f"/runs/{run.uuid}/log/", headers={"hx-request": "true", **headers})
    assert found.status_code in (200, 304), found.status_code
    return str(found.content.decode())


def read(run: Run, *texts: str, left_out: int = 0) -> None:
    """A watcher reads the log of a run that is looked at, so far these lines."""
    now, lines = timezone.now(), LiveLines()
    live_logs.want(run, now)
    live_logs.take("a", 8, now)
    lines.add((None, text) for text in texts)
    lines.left_out = left_out
    live_logs.write("a", run.pk, lines, now)


def test_an_opened_fold_wants_the_log_and_asks_again(ana: Client) -> None:
    run = store(running())
    first = fold(ana, run)
    assert "first lines" in first and 'hx-trigger="every 2s"' in first
    assert LiveLog.objects.get().wanted_until > timezone.now()
    read(run, "got prompt", "<b>bold</b>", left_out=1200)
    text = fold(ana, run)
    assert "got prompt" in text and "&lt;b&gt;bold" in text
    assert "1,202 lines, last 2 shown" in text and 'hx-trigger="every 2s"' in text


def test_what_has_not_changed_is_not_sent_again(ana: Client) -> None:
    run = store(running())
    read(run, "got prompt")
    found = ana.get(f"/runs/{run.uuid}/log/")
    tag = found.headers["HX-PTag"]
    again = ana.get(f"/runs/{run.uuid}/log/", headers={"hx-ptag": tag})
    assert again.status_code == 304
    read(run, "got prompt", "more")
    assert "more" in fold(ana, run, **{"hx-ptag": tag})


def test_the_running_node_has_its_steps(ana: Client) -> None:
    run = store(running())
    read(run, "got prompt", BAR)
    told = fold(ana, run).replace("\u202f", " ")
    assert '<span id="steps" hx-swap-oob="innerHTML">' in told
    assert "10/20, 0.5 s a step, about 5 s left" in told
    assert 'id="steps"' in ana.get(f"/runs/{run.uuid}/").content.decode()
    read(run, BAR, "Prompt executed in 3.00 seconds")
    assert "a step" not in fold(ana, run)


@pytest.mark.parametrize("state", [LiveState.ABSENT, LiveState.BROKEN, LiveState.ENDED])
def test_a_log_that_is_not_to_be_had(ana: Client, state: LiveState) -> None:
    run = store(running())
    fold(ana, run)
    LiveLog.objects.update(state=state, next_at=timezone.now() + timedelta(minutes=5))
    text = fold(ana, run)
    assert "available after the run ends" in text and "live log isn’t available" in text


def test_without_a_watcher_nothing_is_wanted(ana: Client) -> None:
    run = store(running())
    later = timezone.now() + timedelta(minutes=1)
    shared_state.write_heartbeat(later - timedelta(hours=1))
    assert "live log isn’t available" in fold(ana, run)
    assert not LiveLog.objects.exists()


def test_at_the_end_the_lines_stay_until_the_archive_has_come(
    ana: Client, upstream: Simulator
) -> None:
    run = store(running())
    read(run, "got prompt")
    store(answer(run.uuid))
    text = fold(ana, run)
    assert "got prompt" in text and "whole log follows" in text
    assert 'hx-trigger="every 10s"' in text and "hx-swap-oob" not in text
    RunLog.objects.create(run=run, body="the whole log", lines=1, fetched_at=timezone.now())
    text = fold(ana, run)
    assert "the whole log" in text and "Download" in text
    assert "got prompt" not in text and "every" not in text


def test_what_was_never_archived_stays_for_a_day(ana: Client, upstream: Simulator) -> None:
    run = store(running())
    read(run, "got prompt")
    store(answer(run.uuid, status="cancelled"))
    RunLog.objects.create(run=run, fetched_at=timezone.now())
    text = fold(ana, run)
    assert "got prompt" in text and "read while it was live" in text and "every" not in text
    LiveLog.objects.all().delete()
    assert "ComfyDeploy has no log for this run" in fold(ana, run)


def test_after_the_end_it_is_said_how_far_the_archive_has_come(
    ana: Client, upstream: Simulator
) -> None:
    run = store(running())
    read(run, "got prompt")
    store(answer(run.uuid, status="cancelled"))
    assert "follows within a minute" in fold(ana, run)
    Run.objects.update(log_tries=1)
    text = fold(ana, run)
    assert "no log of this run yet" in text and "within a minute" not in text
    RunLog.objects.create(run=run, trouble="forbidden", fetched_at=timezone.now())
    text = fold(ana, run)
    assert "didn’t return the log" in text and "has no log" not in text and "every" not in text


def test_an_ended_run_without_a_live_log_has_none_made(ana: Client, upstream: Simulator) -> None:
    run = store(answer())
    assert "Loading the log" in fold(ana, run)
    assert not LiveLog.objects.exists()


def test_secrets_are_masked(ana: Client) -> None:
    run = store(running())
    read(run, "api_key=sk-abcdefghijklmnop0123456789")
    assert "api_key=•••" in fold(ana, run)
