"""Feeds a demo: asks the simulator for its newest run IDs and takes them like a paste."""

import logging
import threading
from uuid import UUID

import requests
from django.db import DatabaseError, close_old_connections

from dashboard.models import Run
from dashboard.services.runs import pasted

log = logging.getLogger(__name__)
EVERY = 3.0
MAX_RUNS = 300


def feed(port: int, stopping: threading.Event) -> None:
    """Until `stopping`; a simulator that does not answer yet is asked again."""
    pause = 0.2
    while not stopping.wait(pause):
        try:
            answer = requests.get(f"http://127.0.0.1:{port}/demo/newest", timeout=5)
            take([UUID(run_id) for run_id in answer.json()["run_ids"]])
            pause = EVERY
        except (requests.RequestException, ValueError, KeyError):
            pause = min(EVERY, pause * 2)
        except DatabaseError as error:
            log.warning("The demo's database does not take runs: %s", error)
            close_old_connections()


def take(ids: list[UUID]) -> None:
    """Tracks new runs, the newest first in line; past 300 the oldest that is not listed goes."""
    known = set(Run.objects.values_list("uuid", flat=True))
    fresh = [run_id for run_id in ids if run_id not in known]
    if not fresh:
        return
    pasted.track_all(fresh)
    over = max(0, len(known) + len(fresh) - MAX_RUNS)
    unlisted = Run.objects.exclude(uuid__in=ids).order_by("sorted_at").values_list("pk", flat=True)
    Run.objects.filter(pk__in=list(unlisted[:over])).delete()
