"""Feeds a demo: requests the simulator's newest run IDs and tracks them like pasted ones."""

import logging
import threading
from uuid import UUID

import requests
from django.db import DatabaseError, close_old_connections

from dashboard.models import Run
from dashboard.services.runs import pasted

log = logging.getLogger(__name__)
EVERY = 3.0  # seconds
MAX_RUNS = 300


def feed(port: int, stopping: threading.Event) -> None:
    """Tracks the simulator's new runs until `stopping`; retries while it does not answer."""
    pause = 0.2
    while not stopping.wait(pause):
        try:
            answer = requests.get(f"http://127.0.0.1:{port}/demo/newest", timeout=5)
            track_newest([UUID(run_id) for run_id in answer.json()["run_ids"]])
            pause = EVERY
        except (requests.RequestException, ValueError, KeyError):
            pause = min(EVERY, pause * 2)
        except DatabaseError as error:
            log.warning("The demo's database does not take runs: %s", error)
            close_old_connections()


def track_newest(ids: list[UUID]) -> None:
    """Tracks the new ones of `ids`; past MAX_RUNS the oldest runs not in `ids` are removed."""
    known = set(Run.objects.values_list("uuid", flat=True))
    new = [run_id for run_id in ids if run_id not in known]
    if not new:
        return
    pasted.track_all(new)
    excess = max(0, len(known) + len(new) - MAX_RUNS)
    unlisted = Run.objects.exclude(uuid__in=ids).order_by("sorted_at").values_list("pk", flat=True)
    Run.objects.filter(pk__in=list(unlisted[:excess])).delete()
