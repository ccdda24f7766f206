"""The runs that the table is measured over, and the table."""

import json
import statistics
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import Run
from dashboard.sessions import SessionStore
from tests.bench.musts import must
from tests.bench.server import Server

LARGE, SMALL = 100_000, 1_000
SAMPLE = Path(__file__).parent.parent / "samples" / "payloads" / "08_success_warm_image.json"
"""A finished run with one image."""


def prepare() -> dict[str, str]:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    run_id = store_sample()
    fill(LARGE)
    return {"cookie": sign_in(), "run": f"/runs/{run_id}/"}


def store_sample() -> UUID:
    from dashboard.services.runs.claims import claim
    from dashboard.services.runs.fetch import track_run
    from dashboard.upstream.reader import read_run
    from tests.builders import store_answer

    payload = json.loads(SAMPLE.read_text())
    run = track_run(UUID(payload["id"]))
    now = timezone.now()
    token = claim(run, now, even_if_not_due=True)
    assert token is not None
    facts = read_run(SAMPLE.read_bytes(), run.uuid)
    store_answer(run, token, facts, now)
    return run.uuid


def fill(count: int) -> None:
    now = timezone.now() - timedelta(minutes=1)
    rows = (
        Run(
            uuid=uuid4(),
            status="success",
            finished=True,
            progress=1.0,
            version=1,
            created_at=now - timedelta(seconds=n),
            sorted_at=now - timedelta(seconds=n),
            first_seen_at=now,
            observed_at=now,
            queue_wait=1.2,
            cold_start=0.6 + n % 40,
            before_run=1.8 + n % 40,
            run=8.8,
            total=10.6 + n % 40,
            gpu="A10G",
            start_kind="cold" if n % 40 > 4 else "warm",
            origin="api",
        )
        for n in range(count)
    )
    Run.objects.bulk_create(rows, batch_size=500)


def sign_in() -> str:
    user = get_user_model().objects.create_user(f"bench-{uuid4()}")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "dashboard.access.RoleBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


def small_database(folder: Path) -> str:
    """The same accounts and sample with the newest thousand runs alone."""
    path = folder / "small.sqlite3"
    connection.cursor().execute(f"VACUUM INTO '{path}'")
    import sqlite3

    with sqlite3.connect(path) as copy:
        copy.execute(
            "DELETE FROM dashboard_run WHERE id NOT IN "
            "(SELECT id FROM dashboard_run ORDER BY sorted_at DESC LIMIT ?)",
            (SMALL,),
        )
    return f"sqlite:///{path}"


def queries(path: str, cookie: str) -> int:
    from django.test import Client

    client = Client(headers={"cookie": cookie, "host": "127.0.0.1"})
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def report(
    prepared: dict[str, str],
    hello: Server,
    large: Server,
    small: Server,
    requests: int,
    rounds: int,
) -> None:
    cookie = {"Cookie": prepared["cookie"]}
    page, share = prepared["run"], requests // rounds
    tag = poll_tag(large, page, cookie)
    rows = [
        ("hello", hello, "/", {}),
        ("the page of a finished run", large, page, cookie),
        ("the list, 50 of 100,000 runs", large, "/", cookie),
        ("the list, 50 of 1,000 runs", small, "/", cookie),
        ("the unchanged poll", large, f"{page}live/", {**cookie, "HX-PTag": tag}),
    ]
    costs = {
        name: statistics.median(server.cost(path, share, headers) for _ in range(rounds))
        for name, server, path, headers in rows
    }
    unit = costs["hello"]
    print(f"\nCPU of all server processes, {requests} requests a view, 2 workers, signed in")
    print(f"{'view':32}{'ms CPU':>8}{'x hello':>9}")
    most = {"the page of a finished run": 20, "the list, 50 of 100,000 runs": 40}
    for name, cost in costs.items():
        told = must(name, cost / unit, most[name], " x hello") if name in most else ""
        print(f"{name:32}{cost:8.2f}{cost / unit:9.1f}  {told}")
    ratio = costs["the list, 50 of 100,000 runs"] / costs["the list, 50 of 1,000 runs"]
    name = "list of 100,000 / list of 1,000"
    print(f"{name}: {ratio:.2f} ({must(name, ratio, 1.5)})")
    name, found = "queries of the page of a finished run", queries(page, prepared["cookie"])
    print(f"{name}: {found} ({must(name, found, 6)})")


def poll_tag(server: Server, page: str, cookie: dict[str, str]) -> str:
    from urllib.request import Request, urlopen

    request = Request(f"http://127.0.0.1:{server.port}{page}live/", headers=cookie)
    with urlopen(request) as response:
        return response.headers["HX-PTag"]
