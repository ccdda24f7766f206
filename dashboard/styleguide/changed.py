"""Patterns of what changed since the last good run, and of the same error before."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from dashboard.domain.changed.error_history import AlikeErrors, AlikeRun, GpuSplit
from dashboard.domain.changed.since_good import Changes, RunSide, changes_since
from dashboard.domain.text.redaction import MASK
from dashboard.models import Run
from dashboard.presentation.run.changed_text import changed_text
from dashboard.presentation.run.error_before import error_before
from dashboard.styleguide import payloads
from dashboard.styleguide.drawing import Pattern, Patterns, drawn
from dashboard.styleguide.runs import run_of

GOOD = RunSide(
    gpu="L40S",
    version="v14",
    machine="video",
    machine_version="6",
    inputs={
        "prompt": "slow aerial move over forested hills, morning mist, low sun, film grain",
        "frames": 96,
        "steps": 20,
        "api_key": MASK,
        "fps": 24,
    },
    graph={"30": {"class_type": "VHS_VideoCombine", "inputs": {"frame_rate": 24}}},
)
BAD = replace(
    GOOD,
    gpu="A10G",
    version="v15",
    machine_version=None,
    inputs={
        "prompt": "slow aerial move over layered mountains, morning mist, low sun, film grain",
        "frames": 121,
        "steps": 28,
        "api_key": MASK,
        "fps": 24,
    },
    graph={
        "30": {"class_type": "VHS_VideoCombine", "inputs": {"frame_rate": 30}},
        "31": {"class_type": "ImageSharpen", "inputs": {}},
    },
)
SEEN = replace(GOOD, inputs={"prompt": "a cat"})
LATER = replace(SEEN, inputs={"prompt": "a cat"})
KNOWN = UUID("5c20be71-7c1e-4f42-8b0a-9d1e57a12f6d")


def since_good(now: datetime) -> Patterns:
    """Each state of the panel, and of the one on the same error."""
    failed, _ = run_of(payloads.ended(now, "changed", status="failed"), now)
    done, _ = run_of(payloads.ended(now, "changed slow"), now)
    good = {"uuid": KNOWN, "short_id": str(KNOWN)[:8], "same_deployment": True}
    good["created_at"] = now - timedelta(hours=2)
    yield Pattern("differences", _panel(failed, good, changes_since(GOOD, BAD)))
    other = {**good, "same_deployment": False}
    yield Pattern("of another deployment", _panel(failed, other, changes_since(GOOD, BAD)))
    yield Pattern("a slow run", _panel(done, good, changes_since(GOOD, BAD)))
    yield Pattern("nothing has changed", _panel(failed, good, changes_since(SEEN, LATER)))
    yield Pattern("no good run", _panel(failed, None, None))
    runs = tuple(AlikeRun(UUID(int=n), now - timedelta(hours=40 - 9 * n)) for n in range(4))
    often = AlikeErrors(4, runs[0], runs, GpuSplit("A10G", 4, 98, "L40S"))
    once = AlikeErrors(1, runs[0], runs[:1])
    for name, alike in (("four times", often), ("the first time", once)):
        told = {"error_before": error_before(alike, runs[-1].uuid)}
        yield Pattern(f"this error, {name}", drawn(told, "runs/detail/_error_before.html"))


def _panel(run: Run, good: object, changes: Changes | None) -> str:
    context = {
        "run": run,
        "since": {"good": good},
        "changed": changed_text(changes, {}) if changes else None,
        "has_deployment": True,
        "slow": run.status == "success",
    }
    return drawn(context, "runs/detail/_changed.html")
