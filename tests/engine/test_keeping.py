"""A watcher that is killed while it copies files: each is whole or absent, and all come later."""

import hashlib
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from dashboard.models import Run, StorageUsage, StoredFile
from tests.patience import until
from tests.services.files.bucket import Bucket, bucket
from tests.stored_files import prepare, put_kept, run_with
from tests.wire import Wire, chunked

__all__ = ["bucket"]  # a fixture
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FILES = 30
PIECE = b"\x00\x01" * 100_000
BODY = PIECE * 4
ROOT = Path(__file__).parent.parent.parent


def slowly(wire: Wire, peer: Any) -> bool:
    """A file that takes about half a second."""
    whole = chunked(*[PIECE] * 4, b"")
    for start in range(0, len(whole), 200_000):
        if wire.over.wait(0.1):
            return False
        peer.sendall(whole[start : start + 200_000])
    return True


@pytest.fixture
def start(tmp_path: Path) -> Any:
    import os
    import subprocess
    import sys

    from tests.engine.test_chores import database_url

    started: list[subprocess.Popen[bytes]] = []

    def watcher(origin: str, **given: str) -> subprocess.Popen[bytes]:
        changed = {
            "DJANGO_SETTINGS_MODULE": "dashboard.settings",
            "COMFYDEPLOY_API_URL": f"{origin}/api",
            "COMFYDEPLOY_API_KEY": "test-key",
            "DATABASE_URL": database_url(),
            "KEEP_OUTPUTS": "all",
            "KEEP_BACKFILL": "all",  # the run is older than the board
            "FILES_FOLDER": str(tmp_path),
            **given,
        }
        command = [sys.executable, "manage.py", "watch"]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **changed})
        started.append(process)
        return process

    yield watcher
    for process in started:
        process.kill()
        process.wait()
    connection.close()


def shelved(folder: Path) -> list[Path]:
    """The files that readers could be given; parts are not among them."""
    return [p for p in folder.rglob("*") if p.is_file() and p.parent.name != "parts"]


def killed_twice(start: Callable[[], Any], folder: Path, check: Callable[[], None]) -> None:
    """Ends watchers amid their copying; what they held is due again at once."""
    for _ in range(2):
        had = StoredFile.objects.filter(reason="").count()
        process = start()
        until(lambda had=had: StoredFile.objects.filter(reason="").count() > had + 2)
        time.sleep(0.25)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert any((folder / "parts").iterdir())
        check()
        StoredFile.objects.filter(token__isnull=False).update(next_at=timezone.now())
    start()
    until(lambda: StoredFile.objects.filter(reason="").count() == FILES)
    digest = hashlib.sha256(BODY).hexdigest()
    assert set(StoredFile.objects.values_list("sha256", flat=True)) == {digest}
    assert StorageUsage.objects.get().bytes == FILES * len(BODY)


def test_a_killed_watchers_files_are_whole_or_absent(
    settings: Any, tmp_path: Path, start: Callable[..., Any]
) -> None:
    def check() -> None:
        assert {path.read_bytes() == BODY for path in shelved(tmp_path)} == {True}
        for kept in StoredFile.objects.filter(reason=""):
            assert (tmp_path / kept.name).stat().st_size == kept.size == len(BODY)

    with Wire(slowly) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run_with(*(f"{origin}/{n}.bin" for n in range(FILES)))
        killed_twice(lambda: start(origin), tmp_path, check)
    assert len(shelved(tmp_path)) == FILES


def settled(bucket: Bucket) -> dict[str, int]:
    """What lies in it once it has taken what was sent: a claim's minute is not waited for here."""
    found: dict[str, int] = {}
    while found != (now := bucket.sizes()):
        found = now
        time.sleep(1)
    return found


def test_a_killed_watchers_files_are_whole_or_absent_in_a_bucket(
    settings: Any, tmp_path: Path, start: Callable[..., Any], bucket: Bucket
) -> None:
    def check() -> None:
        sizes = settled(bucket)
        assert set(sizes.values()) == {len(BODY)}
        kept = {f"runboard/{one.name}" for one in StoredFile.objects.filter(reason="")}
        assert kept and kept <= set(sizes)

    given = {
        "FILES_BUCKET": "shelf/runboard",
        "FILES_BUCKET_URL": bucket.url,
        "FILES_BUCKET_KEY": "shelf-key",
        "FILES_BUCKET_SECRET": "shelf-secret",
    }
    with Wire(slowly) as wire:
        origin = wire.url.removesuffix("/api")
        settings.LOCAL_FILES_ORIGIN = origin
        run_with(*(f"{origin}/{n}.bin" for n in range(FILES)))
        killed_twice(lambda: start(origin, **given), tmp_path, check)
    assert set(bucket.sizes()) == {f"runboard/{one.name}" for one in StoredFile.objects.all()}
    body = bucket.body(f"runboard/{StoredFile.objects.all()[0].name}")
    assert body == BODY


def test_a_removed_runs_files_go_where_nothing_is_kept_any_more(
    settings: Any, tmp_path: Path, start: Callable[..., Any]
) -> None:
    prepare(settings, tmp_path)
    run = run_with("https://bucket.example/a.png")
    StoredFile.objects.all().delete()
    put_kept(run, BODY)
    Run.objects.all().delete()
    start("http://127.0.0.1:9", KEEP_OUTPUTS="none")
    until(lambda: not StoredFile.objects.exists())
    assert shelved(tmp_path) == []
