"""Made-up answers to GET run, in every state that a page shows; pure functions of `now`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

SPACE = UUID("5b0ac6d4-c491-5fbd-b6e1-9791a3596a6a")
Payload = dict[str, object]
AGES = 400 * 86400.0  # s; so long that the reader warns about it
IDS = {
    "workflow_id": str(uuid5(SPACE, "workflow")),
    "workflow_version_id": str(uuid5(SPACE, "version")),
    "deployment_id": str(uuid5(SPACE, "deployment")),
    "machine_id": str(uuid5(SPACE, "machine")),
    "machine_type": "comfy-deploy-serverless",
}
INPUTS = {
    "prompt": "a lighthouse at dusk",
    "seed": 481516234,
    "strength": 0.75,
    "upscale": True,
    "mask": None,
    "image": "https://files.example/lighthouse.png",
    "api_key": "********",
    "sizes": [512, 768, 1024],
    "style": {"grain": 0.2, "tone": "warm"},
}


def ended(
    now: datetime,
    name: str,
    *,
    queue: float | None = 1.4,
    cold: float | None = 31.2,
    run: float | None = 12.3,
    **given: object,
) -> Payload:
    """A run that ended a minute ago, with these phases in seconds; None = not reported."""
    parts = [part for part in (queue, cold, run) if part is not None]
    created = now - timedelta(seconds=60 + sum(parts))
    queued = None if queue is None else created + timedelta(seconds=queue)
    started = None if queued is None or cold is None else queued + timedelta(seconds=cold)
    end = created + timedelta(seconds=sum(parts))
    before = None if queue is None or cold is None else queue + cold
    return {
        "id": str(uuid5(SPACE, name)),
        "status": "success",
        "progress": 1.0,
        "live_status": "Executing SaveImage",
        "created_at": stamp(created),
        "queued_at": stamp(queued),
        "started_at": stamp(started),
        "ended_at": stamp(end),
        "updated_at": stamp(end),
        "duration": sum(parts),
        "cold_start_duration": cold,
        "cold_start_duration_total": before,
        "run_duration": run,
        "gpu": "H100",
        "origin": "api",
        "workflow_inputs": {"prompt": "a lighthouse at dusk", "seed": 481516234},
        "outputs": [],
        **given,
    }


def live(now: datetime, name: str, status: str, **given: object) -> Payload:
    """A run that is in this state now: 4 s in the queue, 9 s of cold start, 20 s of run."""
    spent = {"not-started": 4.0, "queued": 13.0}.get(status, 33.0)
    created = now - timedelta(seconds=spent)
    queued = None if status == "not-started" else created + timedelta(seconds=4)
    up = status not in ("not-started", "queued")
    started = created + timedelta(seconds=13) if up else None
    return {
        **ended(now, name, queue=None, cold=None, run=None),
        "status": status,
        "progress": 0.62 if status == "running" else 0.0,
        "live_status": "Executing KSampler" if up else None,
        "created_at": stamp(created),
        "queued_at": stamp(queued),
        "started_at": stamp(started),
        "updated_at": stamp(now),
        "ended_at": None,
        "duration": None,
        "queue_position": 3 if status == "not-started" else None,
        **given,
    }


LIVE = ("not-started", "queued", "started", "running", "uploading", "paused")
OVER = ("success", "failed", "timeout", "cancelled")


def states(now: datetime) -> Mapping[str, Payload]:
    """A run in every status of ComfyDeploy, and in one that it does not have."""
    found = {status: live(now, status, status) for status in LIVE}
    return found | {status: ended(now, status, status=status) for status in OVER}


def bars(now: datetime) -> Mapping[str, Payload]:
    """A run for every kind of phase bar, by what the bar shows."""
    nothing = {"queue": None, "cold": None, "run": None}
    early = ended(now, "start that never finished", cold=18.9, run=None, status="cancelled")
    never = {"started_at": None, "cold_start_duration": None, "cold_start_duration_total": None}
    return {
        "a cold start": ended(now, "cold"),
        "ComfyUI already up": ended(now, "up", queue=0.6, cold=0.5, run=8.8),
        "waited long": ended(now, "waited", queue=200.0, cold=0.6, run=8.8),
        "slivers, never widened": ended(now, "slivers", queue=0.2, cold=0.4, run=95.0),
        "failed on the way": ended(now, "fell", status="failed", progress=0.78),
        "timed out": ended(now, "late", run=600.0, status="timeout", progress=0.4),
        "assumed to have timed out": ended(
            now, "assumed", run=None, status="timeout", ended_at=None, duration=None
        ),
        "cancelled": ended(now, "stopped", status="cancelled", progress=0.2),
        "a start that never finished": early | never,
        "the end is not reported": ended(now, "open", run=None, ended_at=None, duration=None),
        "queue and start not told apart": ended(now, "merged", cold=None, run=None)
        | {"cold_start_duration_total": 32.6, "run_duration": 12.3, "duration": 44.9},
        "only the total": ended(now, "total", **nothing, duration=41.3),
        "no times at all": ended(now, "none", **nothing, duration=None, ended_at=None,
                                 created_at=None),
        "times out of order": ended(now, "backwards", run_duration=-4.0),
        "in an open session": ended(now, "session", origin="workspace", queue=None, cold=None),
        "failed in an open session": ended(now, "session fell", origin="workspace", queue=None,
                                           cold=None, status="failed"),
    }  # fmt: skip


def warned(now: datetime) -> Mapping[str, Payload]:
    """A run for each warning, by the warning's name."""
    fields = {
        "cold_start": "cold_start_duration",
        "before_run": "cold_start_duration_total",
        "run": "run_duration",
        "total": "duration",
    }
    found = {
        f"{kind}-{phase}": ended(now, f"{kind} {phase}", **{field: seconds})
        for phase, field in fields.items()
        for kind, seconds in (("negative", -4.0), ("absurd", AGES))
    }
    unsafe = {"data": {"images": [file("javascript:alert(1)", "script.png")]}, "node_meta": None}
    return found | {
        "negative-queue_wait": ended(now, "no queue", cold_start_duration_total=1.0),
        "absurd-queue_wait": ended(now, "long queue", cold_start_duration_total=AGES),
        "timestamps-disagree": ended(now, "disagree", run_duration=20.0),
        "timeout-not-final": ended(
            now, "not final", run=None, status="timeout", ended_at=None, duration=None
        ),
        "started-after-end": ended(now, "again", started_at=stamp(now), run_duration=-4.0),
        "unknown-status": live(now, "unknown", "paused"),
        "unsafe-url": ended(now, "unsafe", outputs=[unsafe]),
    }


def outputs(now: datetime, picture: str) -> Payload:
    """A run with one output of every kind; `picture` is the address of a picture that loads."""
    files = {
        "images": [file(picture, "lighthouse_00001_.png")],
        "gifs": [file("https://files.example/storyboard.mp4", "storyboard.mp4")],
        "audio": [file("https://files.example/foghorn.mp3", "foghorn.mp3")],
        "model_file": [file("https://files.example/tower.glb", "tower.glb")],
        "files": [file("https://files.example/workflow.zip", "workflow.zip")],
        "linked": [file("http://files.example/plain.png", "plain.png")],
        "unsafe": [file("javascript:alert(1)", "script.png")],
        "text": ["A lighthouse stands on a rock."],
        "json": ['{"caption": "a lighthouse", "score": 0.93, "tags": ["sea", "dusk"]}'],
        "long": ["A long text that is cut until all of it is asked for. " * 30],
        "animated": [True],
    }
    made = [
        {"data": {key: value}, "node_meta": {"node_id": str(n), "node_class": "SaveImage"}}
        for n, (key, value) in enumerate(files.items(), 9)
    ]
    return ended(now, "outputs", outputs=made)


def file(url: str, name: str) -> dict[str, object]:
    return {"url": url, "filename": name, "type": "output"}


def stamp(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
