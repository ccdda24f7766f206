"""Names: asked once, kept, refreshed daily, done without where they can't be had."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from dashboard.models import Name, Run, Workflow
from dashboard.services.runs import names, reindexing, run_search
from dashboard.simulator import Simulator
from tests.builders import answer, store

pytestmark = pytest.mark.django_db


def stored(**given: Any) -> Run:
    run = store(answer(**given))
    run.refresh_from_db()
    return run


def named(kind: str) -> Name:
    return Name.objects.get(kind=kind)


def test_a_runs_things_are_asked_for_once_each(upstream: Simulator) -> None:
    run = stored()
    stored()
    assert {(name.kind, name.upstream_id) for name in Name.objects.all()} == {
        ("workflow", run.workflow_id),
        ("version", run.workflow_version_id),
        ("machine", run.machine_id),
    }


def test_a_name_reaches_the_runs_and_what_is_kept_rendered(upstream: Simulator) -> None:
    run = stored()
    upstream.script_path(f"/workflow/{run.workflow_id}", [{"name": "lighthouse-flux"}])
    names.refresh(named("workflow"), timezone.now())
    before = run.shown_version
    run.refresh_from_db()
    assert run.title == "lighthouse-flux"
    assert run.shown_version != before
    assert stored().title == "lighthouse-flux", "a later run takes the name that is known"
    assert names.of_run(run) == {"workflow": "lighthouse-flux"}


def test_names_are_refreshed_daily_and_versions_never(upstream: Simulator) -> None:
    run = stored()
    upstream.script_path(f"/machine/{run.machine_id}", [{"name": "video-a10g"}])
    upstream.script_path(f"/workflow-version/{run.workflow_version_id}", [{"version": 3}])
    now = timezone.now()
    for kind in ("machine", "version"):
        names.refresh(named(kind), now)
    assert timedelta(days=1) <= named("machine").next_at - now <= timedelta(days=1.1)
    assert named("version").next_at is None
    assert names.of_run(run) == {"machine": "video-a10g", "version": "v3"}


@pytest.mark.parametrize("status", [403, 404, 500])
def test_without_a_name_the_short_id_stays(upstream: Simulator, status: int) -> None:
    run = stored()
    path = f"/workflow/{run.workflow_id}"
    upstream.script_path(path, [(status, {}, b"no")])
    now = timezone.now()
    names.refresh(named("workflow"), now)
    run.refresh_from_db()
    assert run.title == f"Run {run.short_id}"
    assert timedelta(days=1) <= named("workflow").next_at - now <= timedelta(days=1.1)
    upstream.script_path(path, [{"name": "lighthouse-flux"}])
    names.refresh(named("workflow"), now)
    upstream.script_path(path, [(status, {}, b"no")])
    names.refresh(named("workflow"), now)
    run.refresh_from_db()
    assert run.title == "lighthouse-flux", "what was known stays"


def test_a_limit_is_waited_out(upstream: Simulator) -> None:
    run = stored()
    upstream.script_path(f"/workflow/{run.workflow_id}", [(429, {"retry-after": "900"}, b"")])
    now = timezone.now()
    names.refresh(named("workflow"), now)
    assert timedelta(seconds=900) <= named("workflow").next_at - now <= timedelta(seconds=990)


def test_runs_from_before_names_were_kept_are_asked_for(upstream: Simulator) -> None:
    stored()
    Name.objects.all().delete()
    names.schedule_all(timezone.now())
    assert Name.objects.count() == 3


def test_a_name_that_was_dropped_while_it_was_asked_for_stays_dropped(upstream: Simulator) -> None:
    run = stored()
    upstream.script_path(f"/workflow/{run.workflow_id}", [{"name": "lighthouse-flux"}])
    asked = named("workflow")
    Name.objects.all().delete()
    names.refresh(asked, timezone.now())
    assert not Name.objects.exists()


def test_a_refresh_of_the_run_leaves_its_name_alone(upstream: Simulator) -> None:
    run = stored()
    Run.objects.filter(pk=run.pk).update(workflow_name="lighthouse-flux", extras_version=7)
    store(answer(run.uuid, progress=0.93))
    run.refresh_from_db()
    assert (run.workflow_name, run.extras_version) == ("lighthouse-flux", 7)


def test_a_workflow_is_found_by_its_new_name_at_once_and_by_its_old_one_no_more(
    upstream: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(text: str) -> int:
        return run_search.found(Run.objects.all(), text).count()

    monkeypatch.setattr(names, "INDEXED_AT_ONCE", 2)
    for _ in range(3):
        stored(workflow_id="w")
    names.take("workflow", {"w": "Lighthouse-flux 100%"}, timezone.now())
    assert (found("light"), found('"flux 100"'), found("house")) == (2, 2, 0)
    reindexing.index_older()
    assert found("light") == 3
    names.take("workflow", {"w": "Harbour"}, timezone.now())
    reindexing.index_older()
    assert (found("light"), found("harbour")) == (0, 3)


def test_runs_are_found_by_a_name_that_a_list_had_before_it_was_asked_for() -> None:
    now, workflow_id = timezone.now(), uuid4()
    run = stored(workflow_id=str(workflow_id))
    Name.objects.all().delete()
    Workflow.objects.create(uuid=workflow_id, name="harbour", seen_at=now)
    names.schedule_all(now)
    names.refresh(named("workflow"), now)
    assert run_search.found(Run.objects.all(), "harbour").get() == run


def test_names_come_from_the_lists_without_a_request(upstream: Simulator) -> None:
    now, workflow_id = timezone.now(), uuid4()
    Workflow.objects.create(uuid=workflow_id, name="lighthouse-flux", seen_at=now)
    run = stored(workflow_id=str(workflow_id))
    assert run.title == "lighthouse-flux", "at once"
    Workflow.objects.update(name="harbour")
    names.refresh(named("workflow"), now)
    run.refresh_from_db()
    assert run.title == "harbour"
    assert timedelta(days=1) <= named("workflow").next_at - now <= timedelta(days=1.1)
    assert not upstream.requests


def test_a_list_that_was_not_read_for_days_is_not_believed(upstream: Simulator) -> None:
    now, workflow_id = timezone.now(), uuid4()
    Workflow.objects.create(uuid=workflow_id, name="old", seen_at=now - timedelta(days=2))
    upstream.script_path(f"/workflow/{workflow_id}", [{"name": "lighthouse-flux"}])
    run = stored(workflow_id=str(workflow_id))
    names.refresh(named("workflow"), now)
    run.refresh_from_db()
    assert run.title == "lighthouse-flux"


def test_a_list_renames_only_what_is_referred_to() -> None:
    run = stored()
    names.take("workflow", {str(run.workflow_id): "harbour", str(uuid4()): "x"}, timezone.now())
    run.refresh_from_db()
    assert (run.title, Name.objects.filter(kind="workflow").count()) == ("harbour", 1)
    names.take("workflow", {str(run.workflow_id): ""}, timezone.now())
    assert named("workflow").text == "harbour"
