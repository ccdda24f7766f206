"""Following: new runs come by themselves, old ones are asked for once, and watchers share it."""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from dashboard.domain.polling.listing_pace import MOST, interval
from dashboard.models import Follow, Gate, Name, RemovedRun, Run, Workflow
from dashboard.services.comfydeploy import gate, shared_state
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.services.leases import lease
from dashboard.services.runs import follow, pasted, run_lists
from dashboard.simulator import Simulator
from tests.builders import answer, running, stamp, store

pytestmark = pytest.mark.django_db
WORKFLOW = UUID("5b2f84a8-4daf-47da-b9ec-d7ef160e3103")
RUNS = f"/v2/workflow/{WORKFLOW}/runs"


def row(run_id: UUID | None = None, **given: Any) -> dict[str, Any]:
    return {
        "id": str(run_id or uuid4()),
        "status": "running",
        "created_at": stamp(timezone.now()),
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
    assert [run_lists.track_new_runs(one, timezone.now()) for _ in range(3)] == [3, 0, 1]
    assert Run.objects.count() == 4
    assert all(run.next_refresh_at for run in Run.objects.all())
    assert {run.deployment_id for run in Run.objects.all()} == {rows[0]["deployment_id"]}
    one.refresh_from_db()
    assert one.answered_at and one.trouble is None
    assert Name.objects.filter(kind="deployment", upstream_id=rows[0]["deployment_id"]).exists()


@pytest.mark.parametrize(
    ("newest", "every"), [(60, 15), (7200, 60), (50_000, 120), (200_000, 300), (None, 600)]
)
def test_it_is_listed_at_the_pace_of_its_newest_run(
    upstream: Simulator, newest: float | None, every: float
) -> None:
    now = timezone.now()
    created = newest and [row(created_at=stamp(now - timedelta(seconds=newest)))]
    future = row(created_at="2199-01-01T00:00:00Z")
    upstream.script_path(RUNS, [[future, *(created or [])]])
    one = followed()
    run_lists.track_new_runs(one, now)
    one.refresh_from_db()
    assert one.every == every
    assert every / 1.1 <= (one.next_at - now).total_seconds() <= every
    assert (one.newest_at is None) == (newest is None)


def test_many_lists_share_one_request_a_second(upstream: Simulator) -> None:
    now = timezone.now()
    upstream.script_path(RUNS, [[row(created_at=stamp(now))]])
    one = followed()
    lists = [Follow(kind="workflow", target=uuid4(), since=now, next_at=now) for _ in range(499)]
    for number, each in enumerate(lists):
        each.newest_at = now - timedelta(minutes=number % 90)
        each.left_out_at = now if number % 5 == 0 else None
    Follow.objects.bulk_create(lists)
    run_lists.forget()
    run_lists.track_new_runs(one, now)
    one.refresh_from_db()
    active = [each.newest_at for each in lists if not each.left_out_at]
    wanted = sum(1 / interval((now - at).total_seconds()) for at in active if at) + 1 / 600
    assert one.every == pytest.approx(15 * wanted / MOST)


def test_many_lists_that_fail_share_it_too(upstream: Simulator) -> None:
    upstream.script_path(RUNS, [(403, {}, b"no")])
    one, now = followed(), timezone.now()
    Follow.objects.bulk_create(
        Follow(kind="workflow", target=uuid4(), since=now, next_at=now) for _ in range(499)
    )
    run_lists.forget()
    run_lists.track_new_runs(one, now)
    one.refresh_from_db()
    assert (one.next_at - now).total_seconds() >= 500 / MOST


def test_what_was_deleted_is_not_asked_for(upstream: Simulator) -> None:
    one, now = followed(), timezone.now()
    Workflow.objects.create(pk=WORKFLOW, seen_at=now, deleted_at=now)
    assert run_lists.track_new_runs(one, now) == 0
    one.refresh_from_db()
    assert offsets(upstream) == [] and one.next_at >= now + timedelta(hours=1)


def test_a_full_page_of_new_runs_leads_to_the_next_one_but_not_the_first_time(
    upstream: Simulator,
) -> None:
    pages = [[row() for _ in range(run_lists.PAGE_SIZE)] for _ in range(3)]
    upstream.script_path(RUNS, [pages[2], pages[0], pages[1], pages[2]])
    one = followed()
    assert run_lists.track_new_runs(one, timezone.now()) == run_lists.PAGE_SIZE
    one.refresh_from_db()
    assert run_lists.track_new_runs(one, timezone.now()) == 2 * run_lists.PAGE_SIZE
    assert offsets(upstream) == [0, 0, 50, 100]


def test_a_live_run_that_has_moved_is_looked_at(upstream: Simulator) -> None:
    moved, still = store(running()), store(running())
    later = timezone.now() + timedelta(hours=1)
    Run.objects.update(next_refresh_at=later)
    upstream.script_path(RUNS, [[row(moved.uuid, status="success"), row(still.uuid)]])
    run_lists.track_new_runs(followed(), timezone.now())
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
    assert run_lists.track_new_runs(one, now) == 0
    one.refresh_from_db()
    assert (one.trouble, one.failures) == (trouble, 1)
    assert one.next_at >= now + timedelta(seconds=at_least)
    one.failures = 30
    run_lists.track_new_runs(one, now)
    one.refresh_from_db()
    assert one.next_at <= now + 1.1 * timedelta(seconds=max(run_lists.LONGEST_WAIT, at_least))


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


def test_the_simulators_own_lists_are_followed(settings: Any) -> None:
    from dashboard.simulator.directory import deployment_id
    from dashboard.simulator.workflows import WORKFLOWS

    with Simulator(port=0, key="test-key") as simulator:
        settings.COMFYDEPLOY_API_URL = simulator.url
        ids = {"workflow": WORKFLOWS[0].id, "deployment": deployment_id(WORKFLOWS[0])}
        for kind, target in ids.items():
            one, _ = follow.add(kind, UUID(target), timezone.now())
            run_lists.track_new_runs(one, timezone.now())
            one.refresh_from_db()
            assert one.trouble is None
        assert Run.objects.exists()


def test_a_list_of_removed_runs_alone_is_not_read_to_its_end(upstream: Simulator) -> None:
    rows = [row() for _ in range(run_lists.PAGE_SIZE)]
    upstream.script_path(RUNS, [rows])
    one = followed(answered_at=timezone.now())
    RemovedRun.objects.bulk_create(RemovedRun(uuid=r["id"], at=timezone.now()) for r in rows)
    assert run_lists.track_new_runs(one, timezone.now()) == 0
    assert len(upstream.requests_at(RUNS)) == 1


def rows_from(moment: datetime, count: int = run_lists.PAGE_SIZE) -> list[dict[str, Any]]:
    """A page, newest first, of runs that were created a second apart before that moment."""
    return [row(created_at=stamp(moment - timedelta(seconds=n))) for n in range(count)]


def offsets(upstream: Simulator) -> list[int]:
    return [int(each.path.rpartition("offset=")[2]) for each in upstream.requests_at(RUNS)]


@pytest.mark.parametrize(
    "odd", [{"id": None}, {"created_at": "2020-01-01T00:00:00Z"}], ids=["no ID", "old date"]
)
def test_an_odd_row_does_not_hide_the_backlog_behind_it(
    upstream: Simulator, odd: dict[str, Any]
) -> None:
    now = timezone.now()
    pages = [rows_from(now), rows_from(now - timedelta(minutes=5), 20)]
    pages[0][3] |= odd
    upstream.script_path(RUNS, pages)
    run_lists.track_new_runs(followed(answered_at=now - timedelta(hours=2)), now)
    assert offsets(upstream) == [0, 50]
    assert {each["id"] for each in pages[1]} <= set(map(str, known_ids()))


def known_ids() -> set[UUID]:
    return set(Run.objects.values_list("uuid", flat=True))


@pytest.mark.parametrize("known", ["opened", "removed"])
def test_one_run_that_is_known_does_not_hide_the_backlog_behind_it(
    upstream: Simulator, known: str
) -> None:
    now = timezone.now()
    pages = [rows_from(now), rows_from(now - timedelta(minutes=5))]
    pages.append(rows_from(now - timedelta(hours=3)))
    upstream.script_path(RUNS, pages)
    if known == "opened":
        pasted.track_all([UUID(pages[0][7]["id"])])
    else:
        RemovedRun.note([UUID(pages[0][7]["id"])], now)
    one = followed(answered_at=now - timedelta(hours=2))
    assert run_lists.track_new_runs(one, now) == 3 * run_lists.PAGE_SIZE - 1
    assert offsets(upstream) == [0, 50, 100]
    one.refresh_from_db()
    assert one.behind_since is None


def test_after_a_pause_a_page_of_known_runs_alone_hides_nothing_either(
    upstream: Simulator,
) -> None:
    now = timezone.now()
    pages = [rows_from(now), rows_from(now - timedelta(hours=1), 20)]
    upstream.script_path(RUNS, pages)
    pasted.track_all(UUID(each["id"]) for each in pages[0])
    assert run_lists.track_new_runs(followed(answered_at=now - timedelta(hours=2)), now) == 20


def test_a_backlog_past_the_cap_is_gone_on_with_next_time(
    upstream: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    now = timezone.now()
    pages = [rows_from(now - timedelta(minutes=n)) for n in range(7)]
    pages.append(rows_from(now - timedelta(hours=3)))
    newest = [row(), *pages[0][:-1]]
    # Between the two times one run more has come, which moves all the others on by one.
    upstream.script_path(RUNS, [*pages[:5], newest, pages[1], *pages[5:]])
    one = followed(answered_at=now - timedelta(hours=2))
    assert run_lists.track_new_runs(one, now) == 5 * run_lists.PAGE_SIZE
    assert "going on next time" in caplog.text
    one.refresh_from_db()
    assert (one.behind_since, one.behind_page) == (now - timedelta(hours=2), 5)
    assert run_lists.track_new_runs(one, now + timedelta(seconds=30)) == 3 * run_lists.PAGE_SIZE + 1
    assert offsets(upstream) == [0, 50, 100, 150, 200, 0, 50, 250, 300, 350]
    one.refresh_from_db()
    assert (one.behind_since, one.behind_page) == (None, 0)


def test_further_pages_wait_for_tokens_and_end_where_asking_is_stopped(
    upstream: Simulator, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPSTREAM_RATE = 4
    now = timezone.now()
    pages = [rows_from(now - timedelta(minutes=n)) for n in range(3)]
    upstream.script_path(RUNS, [*pages, rows_from(now - timedelta(hours=3))])
    token_bucket().take(8)
    one = followed(answered_at=now - timedelta(hours=2))
    began = time.monotonic()
    run_lists.track_new_runs(one, now)
    assert time.monotonic() - began >= 0.9, "the first is owed for, then three wait"
    assert offsets(upstream) == [0, 50, 100, 150]
    monkeypatch.setattr(run_lists, "LISTING_TIME", 0.0)
    upstream.script_path(RUNS, [rows_from(now)])
    token_bucket().take(8)
    run_lists.track_new_runs(one, now)
    assert offsets(upstream) == [0, 50, 100, 150, 0]
    one.refresh_from_db()
    assert one.behind_page == 1


def test_no_further_page_is_asked_for_where_a_limit_is_met_meanwhile(upstream: Simulator) -> None:
    now = timezone.now()
    upstream.script_path(RUNS, [rows_from(now)])
    one = followed(answered_at=now - timedelta(hours=2))
    limit = {"reason": "rate-limited", "since": now, "until": now + timedelta(minutes=1)}
    Gate.objects.create(**limit, key=shared_state.key_digest())
    gate.read_state()
    assert run_lists.track_new_runs(one, now) == run_lists.PAGE_SIZE
    assert offsets(upstream) == [0]
    one.refresh_from_db()
    assert (one.behind_since, one.behind_page) == (now - timedelta(hours=2), 1)


def test_an_older_page_that_fails_takes_no_newer_run_with_it(upstream: Simulator) -> None:
    now = timezone.now()
    upstream.script_path(RUNS, [rows_from(now), (500, {}, {"detail": "too deep"})])
    one = followed(answered_at=now - timedelta(hours=2))
    assert run_lists.track_new_runs(one, now) == run_lists.PAGE_SIZE
    one.refresh_from_db()
    assert one.trouble is None and one.behind_since is not None


@pytest.mark.parametrize("ours", ["timeout", "success", "failed", "cancelled"])
@pytest.mark.parametrize("listed", ["timeout", "success", "running", None])
def test_a_run_that_a_list_knows_otherwise_is_due_now(
    upstream: Simulator, ours: str, listed: str | None
) -> None:
    ended = None if ours == "timeout" else stamp(timezone.now())
    run = store(answer(status=ours, ended_at=ended), timezone.now() - timedelta(minutes=9))
    later = timezone.now() + timedelta(minutes=50)
    Run.objects.update(next_refresh_at=later)
    upstream.script_path(RUNS, [[row(run.uuid, status=listed)]])
    run_lists.track_new_runs(followed(), timezone.now())
    run.refresh_from_db()
    assert (run.next_refresh_at != later) == (listed not in (None, ours))
