"""Following: new runs come by themselves, old ones are asked for once, and watchers share it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from dashboard.models import Follow, Name, Removed, Run
from dashboard.services import follow
from dashboard.services.chores import Chores
from dashboard.services.leases import lease
from dashboard.simulator import Simulator
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db
WORKFLOW = UUID("5b2f84a8-4daf-47da-b9ec-d7ef160e3103")
RUNS = f"/v2/workflow/{WORKFLOW}/runs"


def row(run_id: UUID | None = None, **given: Any) -> dict[str, Any]:
    return {
        "id": str(run_id or uuid4()),
        "status": "running",
        "created_at": "2026-11-23T09:14:07.318Z",
        "deployment_id": "63c03a2e-0ba1-44e3-b022-da154bad45f3",
        "duration": None,
        **given,
    }


def followed(kind: str = "workflow", **given: Any) -> Follow:
    row, _ = follow.add(kind, WORKFLOW, timezone.now())
    Follow.objects.filter(pk=row.pk).update(**given)
    row.refresh_from_db()
    return row


def test_new_runs_are_tracked_once(upstream: Simulator) -> None:
    rows = [row() for _ in range(3)]
    upstream.script_path(RUNS, [rows, rows, [row(), *rows]])
    one = followed()
    assert [follow.look(one, timezone.now()) for _ in range(3)] == [3, 0, 1]
    assert Run.objects.count() == 4
    assert all(run.next_refresh_at for run in Run.objects.all())
    assert {run.deployment_id for run in Run.objects.all()} == {rows[0]["deployment_id"]}
    one.refresh_from_db()
    assert one.answered_at and one.trouble is None
    assert Name.objects.filter(kind="deployment", upstream_id=rows[0]["deployment_id"]).exists()


def test_it_is_listed_every_30_seconds(upstream: Simulator) -> None:
    upstream.script_path(RUNS, [[]])
    one, now = followed(), timezone.now()
    follow.look(one, now)
    one.refresh_from_db()
    assert timedelta(seconds=30) <= one.next_at - now <= timedelta(seconds=33)


def test_a_full_page_of_new_runs_leads_to_the_next_one_but_not_the_first_time(
    upstream: Simulator,
) -> None:
    pages = [[row() for _ in range(follow.PAGE)] for _ in range(3)]
    upstream.script_path(RUNS, [pages[2], pages[0], pages[1], pages[2]])
    one = followed()
    assert follow.look(one, timezone.now()) == follow.PAGE
    one.refresh_from_db()
    assert follow.look(one, timezone.now()) == 2 * follow.PAGE
    offsets = [request.path.rpartition("offset=")[2] for request in upstream.requests_at(RUNS)]
    assert offsets == ["0", "0", "50", "100"]


def test_a_live_run_that_has_moved_is_looked_at(upstream: Simulator) -> None:
    moved, still = store(running()), store(running())
    later = timezone.now() + timedelta(hours=1)
    Run.objects.update(next_refresh_at=later)
    upstream.script_path(RUNS, [[row(moved.uuid, status="success"), row(still.uuid)]])
    follow.look(followed(), timezone.now())
    moved.refresh_from_db()
    still.refresh_from_db()
    assert moved.next_refresh_at and moved.next_refresh_at < later
    assert still.next_refresh_at == later


@pytest.mark.parametrize(
    ("status", "headers", "trouble", "at_least"),
    [
        (404, {}, "not-found", 30),
        (403, {}, "forbidden", 30),
        (500, {}, "server-error", 30),
        (429, {"retry-after": "77"}, "rate-limited", 77),
    ],
)
def test_trouble_is_kept_with_the_follow(
    upstream: Simulator, status: int, headers: dict[str, str], trouble: str, at_least: int
) -> None:
    upstream.script_path(RUNS, [(status, headers, b"no")])
    one, now = followed(), timezone.now()
    assert follow.look(one, now) == 0
    one.refresh_from_db()
    assert (one.trouble, one.failures) == (trouble, 1)
    assert one.next_at >= now + timedelta(seconds=at_least)
    one.failures = 30
    follow.look(one, now)
    one.refresh_from_db()
    assert one.next_at <= now + timedelta(seconds=max(follow.LONGEST, at_least))


def test_several_watchers_ask_once(upstream: Simulator) -> None:
    upstream.script_path(RUNS, [[]])
    one = followed()
    taken = [lease(Follow.objects.all(), "next_at", 4, timezone.now()) for _ in range(3)]
    assert [len(rows) for rows in taken] == [1, 0, 0]
    one.refresh_from_db()
    assert timedelta(seconds=50) < one.next_at - timezone.now() <= timedelta(seconds=60)
    Follow.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    died = lease(Follow.objects.all(), "next_at", 4, timezone.now())
    assert len(died) == 1, "what a killed watcher held comes back"


def test_a_watchers_chores_follow_and_name(upstream: Simulator) -> None:
    upstream.script_path(RUNS, [[row()]])
    upstream.script_path(f"/workflow/{WORKFLOW}", [{"name": "lighthouse-flux"}])
    followed()
    chores, now = Chores(), timezone.now()
    jobs = chores.due(16, now)
    assert len(jobs) == 2
    assert chores.due(16, now) == []
    for job in jobs:
        job()
    assert Run.objects.count() == 1
    assert Name.objects.get(kind="workflow").text == "lighthouse-flux"
    assert chores.due(0, now + timedelta(minutes=5)) == []


def test_a_list_has_its_turn_while_refreshes_take_all_that_may_be_asked(
    upstream: Simulator, settings: Any
) -> None:
    settings.UPSTREAM_RATE = 0.5
    store(answer())  # with names to ask for
    followed()
    chores, now = Chores(), timezone.now()
    assert len(chores.due(4, now, short=True)) == 1
    Follow.objects.update(next_at=now)
    assert chores.due(4, now + timedelta(seconds=3), short=True) == [], "half of the rate"
    assert len(chores.due(4, now + timedelta(seconds=4), short=True)) == 1
    assert len(chores.due(4, now + timedelta(seconds=8), short=True)) == 0, "names wait"
    assert len(chores.due(4, now + timedelta(seconds=9))) == 1


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        (str(WORKFLOW), "workflow", ("workflow", WORKFLOW)),
        (f"  {WORKFLOW.hex.upper()} ", "deployment", ("deployment", WORKFLOW)),
        (f"https://app.x/workflows/{WORKFLOW}/requests", "deployment", ("workflow", WORKFLOW)),
        (f"https://app.x/deployments/{WORKFLOW}", "workflow", ("deployment", WORKFLOW)),
        (f"{WORKFLOW}", "nonsense", ("workflow", WORKFLOW)),
        ("nothing", "workflow", None),
    ],
)
def test_what_to_follow_is_read_from_an_id_or_a_link(
    text: str, kind: str, found: tuple[str, UUID] | None
) -> None:
    assert follow.read_target(text, kind) == found


def test_the_simulators_own_lists_are_followed(settings: Any) -> None:
    from dashboard.simulator.cast import WORKFLOWS
    from dashboard.simulator.directory import deployment_id

    with Simulator(port=0, key="test-key") as simulator:
        settings.COMFYDEPLOY_API_URL = simulator.url
        ids = {"workflow": WORKFLOWS[0].id, "deployment": deployment_id(WORKFLOWS[0])}
        for kind, target in ids.items():
            one, _ = follow.add(kind, UUID(target), timezone.now())
            follow.look(one, timezone.now())
            one.refresh_from_db()
            assert one.trouble is None
        assert Run.objects.exists()


def test_a_list_of_removed_runs_alone_is_not_read_to_its_end(upstream: Simulator) -> None:
    rows = [row() for _ in range(follow.PAGE)]
    upstream.script_path(RUNS, [rows])
    one = followed(answered_at=timezone.now())
    Removed.objects.bulk_create(Removed(uuid=r["id"], at=timezone.now()) for r in rows)
    assert follow.look(one, timezone.now()) == 0
    assert len(upstream.requests_at(RUNS)) == 1
