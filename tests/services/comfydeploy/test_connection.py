"""What every page says while no data comes, against a real server that stops."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from dashboard.models import DirectoryList, Follow, Gate, Run
from dashboard.services.comfydeploy import connection, gate
from dashboard.services.runs import discovery, fetch, follow, names, run_lists
from dashboard.simulator import Simulator
from tests.builders import running, store

pytestmark = pytest.mark.django_db
REJECTED = (401, {}, '{"detail":"Revoked token"}')
LIMITED = (429, {"retry-after": "17"}, "{}")


def word() -> str | None:
    gate.forget()
    found = connection.current_trouble(timezone.now())
    return found.word if found else None


def test_nothing_is_said_while_answers_come(upstream: Simulator) -> None:
    store(running())
    connection.try_now()
    assert word() is None


def test_the_first_request_that_finds_no_way_is_told(upstream: Simulator) -> None:
    run = store(running(), timezone.now() - timedelta(minutes=1))
    upstream.down()
    fetch.refresh_on_demand(run)
    assert word() == "unreachable"
    upstream.up()
    connection.try_now()
    assert word() is None


def test_a_list_that_finds_no_way_is_told(upstream: Simulator) -> None:
    one, _ = follow.add("workflow", uuid4(), timezone.now())
    upstream.down()
    run_lists.track_new_runs(one, timezone.now())
    assert word() == "unreachable"
    found = connection.current_trouble(timezone.now())
    assert found and found.retry_at == Follow.objects.get().next_at


def test_a_list_of_the_workspace_that_finds_no_way_is_told(upstream: Simulator) -> None:
    row = DirectoryList.objects.create(name="workflows", next_at=timezone.now())
    upstream.down()
    discovery.refresh(row, timezone.now())
    assert word() == "unreachable"


@pytest.mark.parametrize(("sent", "said"), [(REJECTED, "key-rejected"), (LIMITED, "rate-limited")])
def test_a_name_tells_what_concerns_every_request(
    upstream: Simulator, sent: object, said: str
) -> None:
    store(running())
    name = names.Name.objects.first()
    assert name
    upstream.script_path(names.name_path(name.kind, name.upstream_id), [sent])
    names.refresh(name, timezone.now())
    assert word() == said


def test_what_is_about_one_run_is_not_told(upstream: Simulator) -> None:
    run = store(running(), timezone.now() - timedelta(minutes=1))
    upstream.script(run.uuid, [(500, {}, "Internal Server Error")])
    fetch.refresh_on_demand(run)
    assert Run.objects.get().trouble == "server-error"
    assert word() is None


def test_trying_now_sends_nothing_while_a_limit_runs(upstream: Simulator) -> None:
    now = timezone.now()
    Gate.objects.create(
        reason="rate-limited",
        since=now,
        until=now + timedelta(seconds=60),
        key=gate.shared_state.key_digest(),
    )
    before = len(upstream.requests)
    connection.try_now()
    assert len(upstream.requests) == before
