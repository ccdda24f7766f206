"""Who started runs: asked for once, kept, refreshed daily, done without where it can't be had."""

import io
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image

from dashboard.domain.listing import ListedRun
from dashboard.models import Run, UpstreamUser
from dashboard.presentation.run.starter import Starter
from dashboard.services.ops import retention
from dashboard.services.runs import board, listed, starters
from dashboard.services.worker.side_jobs import SideJobs
from dashboard.simulator import Simulator
from dashboard.simulator.people import KNOWN, WITHOUT_PICTURE
from dashboard.simulator.workflows import PEOPLE
from dashboard.upstream.reader import facts_of
from tests.builders import answer, store
from tests.wire import Wire
from tests.wire import answer as sent

pytestmark = pytest.mark.django_db
ALICE = "/user/user_alice"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def local(upstream: Simulator, settings: Any) -> Simulator:
    """The simulator, whose pictures may be fetched too."""
    settings.LOCAL_FILES_ORIGIN = upstream.url.removesuffix("/api")
    return upstream


def alice() -> UpstreamUser:
    return UpstreamUser.objects.get(pk="user_alice")


def known(**given: Any) -> UpstreamUser:
    store(answer())
    UpstreamUser.objects.update(**given)
    return alice()


def wait_of(user: UpstreamUser, now: datetime) -> timedelta:
    user.refresh_from_db()
    assert user.next_at is not None
    return user.next_at - now


def test_whoever_starts_runs_is_asked_for_once() -> None:
    for _ in range(2):
        store(answer())
    store(answer(user_id=None))
    store(answer(user_id=".."))
    store(answer(user_id=""))
    assert [user.pk for user in UpstreamUser.objects.all()] == ["user_alice"]


def test_a_run_from_a_list_alone_has_its_starter_too() -> None:
    run_id = uuid4()
    facts = facts_of({**answer(run_id), "outputs": None}, run_id, "success", 5.0)
    listed.take([ListedRun(run_id, "success", facts=facts)], timezone.now())
    assert UpstreamUser.objects.exists()


def test_a_run_that_was_stored_before_is_scheduled_when_a_watcher_starts() -> None:
    store(answer())
    UpstreamUser.objects.all().delete()
    starters.schedule_all(timezone.now())
    assert alice().next_at is not None


@pytest.mark.parametrize("user_id", KNOWN)
def test_name_and_picture_come_from_comfydeploy(local: Simulator, user_id: str) -> None:
    store(answer(user_id=user_id))
    now = timezone.now()
    user = UpstreamUser.objects.get()
    starters.refresh(user, now)
    assert DAY <= wait_of(user, now) <= 1.1 * DAY
    assert user.name == f"{KNOWN[user_id].first_name} {KNOWN[user_id].last_name}"
    assert bool(user.picture_digest) == bool(KNOWN[user_id].look) == (user_id != WITHOUT_PICTURE)
    if user.picture_digest:
        found = starters.picture_of(user.picture_digest)
        assert found is not None
        assert Image.open(io.BytesIO(found)).size == (96, 96)
    told = Starter(user_id, user.name, user.picture_digest)
    assert starters.starters_of([user_id, None]) == {user_id: told}


def test_the_watcher_asks_for_people_last_and_one_a_second(local: Simulator) -> None:
    board.choose(False, timezone.now())
    for user_id in PEOPLE[:2]:
        store(answer(user_id=user_id, workflow_id=None, machine_id=None, workflow_version_id=None))
    side_jobs, now = SideJobs(), timezone.now()
    kinds: list[str] = []
    for second in range(3):
        jobs = side_jobs.due(16, now + timedelta(seconds=second))
        kinds += [type(job.row).__name__ for job in jobs]
        for job in jobs:
            job()
    people = [kind for kind in kinds[4:] if kind == "UpstreamUser"]
    assert (len(people), set(kinds[:4])) == (2, {"DirectoryList"})
    assert UpstreamUser.objects.exclude(name="").count() == 2


@pytest.mark.parametrize(
    ("status", "waits"),
    [
        (500, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]),
        (404, [1440] * 3),
        (403, [1440] * 3),
    ],
)
def test_failures_are_asked_about_later_and_later(
    upstream: Simulator, status: int, waits: list[int]
) -> None:
    user, now = known(name="Mira", picture="UklGRg==", picture_digest="0f" * 8), timezone.now()
    upstream.script_path(ALICE, [(status, {}, b"Internal Server Error")])
    for minutes in waits:
        starters.refresh(user, now)
        assert minutes * MINUTE <= wait_of(user, now) <= 1.1 * minutes * MINUTE
        assert (user.name, user.picture_digest) == ("Mira", "0f" * 8), "what was known stays"
    upstream.script_path(ALICE, [{"first_name": "Ada"}])
    starters.refresh(user, now)
    assert wait_of(user, now) >= DAY and (user.name, user.failures) == ("Ada", 0)


def test_a_limit_is_waited_out(upstream: Simulator) -> None:
    user, now = known(), timezone.now()
    upstream.script_path(ALICE, [(429, {"retry-after": "900"}, b"")])
    starters.refresh(user, now)
    assert 15 * MINUTE <= wait_of(user, now) <= 16.5 * MINUTE


def test_of_somebody_who_is_gone_all_that_was_known_stays(upstream: Simulator) -> None:
    user, now = known(name="Mira", picture="UklGRg==", picture_digest="0f" * 8), timezone.now()
    nobody = dict.fromkeys(("image_url", "username", "first_name", "last_name"))
    upstream.script_path(ALICE, [{"user_id": "user_alice", **nobody}])
    starters.refresh(user, now)
    assert wait_of(user, now) >= DAY
    assert (user.name, user.picture_digest, user.failures) == ("Mira", "0f" * 8, 0)


def test_a_picture_that_was_taken_down_goes(upstream: Simulator) -> None:
    user = known(name="Mira", picture="UklGRg==", picture_digest="0f" * 8)
    upstream.script_path(ALICE, [{"username": "mira", "image_url": None}])
    starters.refresh(user, timezone.now())
    user.refresh_from_db()
    assert (user.name, user.picture, user.picture_digest) == ("mira", "", "")


@pytest.mark.parametrize(
    ("reply", "minutes"),
    [(sent(b"<svg/>"), 1440), (sent(b"", "404 Not Found"), 1440), (sent(b"", "503 X"), 5)],
)
def test_without_its_picture_a_name_is_stored_and_the_old_picture_stays(
    upstream: Simulator, settings: Any, reply: bytes, minutes: int
) -> None:
    user, now = known(name="Mira", picture="UklGRg==", picture_digest="0f" * 8), timezone.now()
    with Wire(reply) as wire:
        settings.LOCAL_FILES_ORIGIN = wire.url.removesuffix("/api")
        link = f"{settings.LOCAL_FILES_ORIGIN}/a.png"
        upstream.script_path(ALICE, [{"username": "ada", "image_url": link}])
        starters.refresh(user, now)
        assert len(wire.requests) == 1
        assert "authorization" not in wire.requests[0].lower()
    assert minutes * MINUTE <= wait_of(user, now) <= 1.1 * minutes * MINUTE
    assert (user.name, user.picture_digest, user.failures) == ("ada", "0f" * 8, 1)


def test_a_row_that_was_deleted_while_it_was_asked_for_stays_deleted(upstream: Simulator) -> None:
    user = known()
    UpstreamUser.objects.all().delete()
    upstream.script_path(ALICE, [{"username": "ada"}])
    starters.refresh(user, timezone.now())
    assert not UpstreamUser.objects.exists()


def test_users_go_with_their_last_run() -> None:
    kept, gone = store(answer()), store(answer(user_id="user_gone"))
    store(answer(user_id=None))
    Run.objects.filter(pk=gone.pk).delete()
    retention.carry_out(retention.Plan([], []))
    assert [user.pk for user in UpstreamUser.objects.all()] == [kept.user_id]


def test_with_people_off_nobody_is_asked_for_and_nobody_is_kept(
    local: Simulator, settings: Any
) -> None:
    user = known(name="Mira", picture="UklGRg==", picture_digest="0f" * 8)
    settings.PEOPLE = False
    starters.refresh(user, timezone.now())
    assert starters.starters_of(["user_alice"]) == {}
    assert starters.picture_of("0f" * 8) is None
    store(answer(user_id="user_new"))
    assert not UpstreamUser.objects.filter(pk="user_new").exists()
    starters.delete_unused()
    assert not UpstreamUser.objects.exists()
    UpstreamUser.objects.create(id="user_alice", next_at=timezone.now())
    side_jobs, now = SideJobs(), timezone.now()
    jobs = [job for n in range(9) for job in side_jobs.due(16, now + timedelta(seconds=n))]
    assert not [job for job in jobs if isinstance(job.row, UpstreamUser)]
    assert not UpstreamUser.objects.exists(), "what was stored before is deleted"
    assert not upstream_requests(local)


def upstream_requests(simulator: Simulator) -> list[str]:
    return [one.path for one in simulator.requests if one.path.startswith("/api/user/")]
