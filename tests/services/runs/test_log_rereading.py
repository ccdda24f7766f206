"""Stored logs that an earlier release read: cleaned, and read again."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dashboard.domain.logs.stored_log import LOG_READER_VERSION
from dashboard.models import Run, RunLog
from dashboard.services.runs import log_rereading, logs
from dashboard.services.runs.log_rereading import reread_older
from dashboard.simulator import Simulator
from tests.builders import answer, stamp, store
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db
TIME = "2026-11-26T22:19:59.857Z"
HOOK = f'{TIME} {{"type": "webhook", "url": "https://h.example/in?secret=made-up-0123"}}'
IMPORT = f"""{TIME} Traceback (most recent call last):
  File "/comfyui/nodes.py", line 2129, in load_custom_node
    module_spec.loader.exec_module(module)
ModuleNotFoundError: No module named 'insightface'
"""
OOM = f"""{TIME} !!! Exception during processing !!! Allocation on device
{TIME} Traceback (most recent call last):
  File "/comfyui/execution.py", line 327, in execute
    output_data = get_output_data(obj)
torch.OutOfMemoryError: Allocation on device
"""
OLD = f"{IMPORT}{HOOK}\n{TIME} got prompt\n{OOM}{HOOK}\n{TIME} __END__"
WRONG = {"message": "No module named 'insightface'", "cause": "import"}


def stored(body: str, error: dict[str, Any] | None, **columns: Any) -> Run:
    """A failed run whose log was stored and read by an earlier release."""
    now = timezone.now()
    sent = answer(status="failed", created=now - timedelta(seconds=50), ended_at=stamp(now))
    run = store(sent)
    Run.objects.filter(pk=run.pk).update(log_error=error)
    columns = {"lines": len(body.split("\n")), "fetched_at": now, **columns}
    RunLog.objects.create(run=run, body=body, **columns)
    run.refresh_from_db()
    return run


def test_the_error_is_right_and_no_delivery_is_left() -> None:
    run = stored(OLD, WRONG)
    version = run.extras_version
    assert reread_older() == 1
    run.refresh_from_db()
    kept = RunLog.objects.get(pk=run.pk)
    assert run.log_error and run.log_error["exception_type"] == "torch.OutOfMemoryError"
    assert run.log_error["cause"] == "out-of-memory"
    assert run.extras_version == version + 1
    assert not any(word in kept.body for word in ("webhook", "secret", "__END__"))
    assert f"{TIME} got prompt" in kept.body and "insightface" in kept.body
    assert kept.lines == len(kept.body.split("\n"))
    assert kept.reader_version == LOG_READER_VERSION


def test_each_is_read_once_and_what_stays_the_same_is_not_drawn_anew() -> None:
    run = stored(OLD, WRONG)
    reread_older()
    run.refresh_from_db()
    assert reread_older() == 0
    RunLog.objects.update(reader_version=1)
    version, body = run.extras_version, RunLog.objects.get().body
    assert reread_older() == 1
    run.refresh_from_db()
    assert (run.extras_version, RunLog.objects.get().body) == (version, body)


def test_a_log_that_was_only_deliveries_is_empty_and_tells_no_error() -> None:
    run = stored(f"{HOOK}\n{HOOK}", WRONG)
    reread_older()
    run.refresh_from_db()
    kept = RunLog.objects.get()
    assert (kept.body, kept.lines, run.log_error) == ("", 0, None)


def test_a_log_that_was_never_there_is_left_alone() -> None:
    run = stored("", None, trouble="forbidden", lines=0)
    version = run.extras_version
    assert (reread_older(), reread_older()) == (1, 0)
    run.refresh_from_db()
    assert run.extras_version == version
    assert RunLog.objects.get().trouble == "forbidden"


def test_batches_are_bounded_and_end_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_rereading, "BATCH", 2)
    for _ in range(3):
        stored(OLD, WRONG)
    assert reread_older(lambda: True) == 0
    assert [reread_older() for _ in range(3)] == [2, 1, 0]


@pytest.mark.parametrize(
    "path", sorted((SAMPLES / "logs").glob("*-*.json")), ids=lambda path: path.stem
)
def test_what_this_release_stores_is_read_back_the_same(upstream: Simulator, path: Any) -> None:
    run = stored("", None)
    upstream.script_path(f"/v2/clickhouse-run-logs/{run.uuid}", [path.read_bytes()])
    assert logs.refresh(run, timezone.now())
    run.refresh_from_db()
    before = (run.log_error, run.extras_version, RunLog.objects.get().body)
    assert reread_older() == 0
    RunLog.objects.update(reader_version=1)
    reread_older()
    run.refresh_from_db()
    assert (run.log_error, run.extras_version, RunLog.objects.get().body) == before
