"""Takes whatever was pasted: finds the run IDs in it and has them watched."""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from dashboard.domain.text.run_ids import MAX_IDS, find_run_ids
from dashboard.models import RemovedRun, Run
from dashboard.services import clock


@dataclass(frozen=True, slots=True)
class PastedRuns:
    """What was understood of a paste: run IDs in order, how many were too many, or a search."""

    ids: tuple[UUID, ...]
    skipped: int
    search: str


def track_pasted(text: str, *, tracks: bool = True) -> PastedRuns:
    """Reads a paste and tracks its runs; the text itself is neither stored nor logged.

    One run is not tracked but opened. For who may only look, none is tracked.
    """
    found = find_run_ids(text)
    if tracks and len(found.ids) > 1:
        track_all(found.ids)
    return PastedRuns(found.ids, found.skipped, found.search)


def track_all(ids: Iterable[UUID], *, again: bool = True) -> int:
    """Makes each run that is not known yet due for the watcher; the number of new ones.

    What tracks by itself says `again=False`: runs that were removed here stay away.
    """
    wanted = list(dict.fromkeys(ids))
    known = set(Run.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
    if not again:
        known |= RemovedRun.among(wanted)
    now = clock.checked()
    new = [
        Run(uuid=run_id, first_seen_at=now, sorted_at=now, next_refresh_at=now)
        for run_id in wanted
        if run_id not in known
    ]
    with transaction.atomic():
        Run.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def pack(ids: Sequence[UUID]) -> str:
    """Run IDs for a query string, 22 characters each."""
    return ".".join(base64.urlsafe_b64encode(i.bytes).rstrip(b"=").decode() for i in ids)


def unpack(packed: str) -> list[UUID]:
    """The run IDs of a packed list; what cannot be read is left out."""
    ids = []
    for part in packed.split(".")[:MAX_IDS]:
        try:
            ids.append(UUID(bytes=base64.urlsafe_b64decode(part + "==")))
        except (ValueError, binascii.Error):
            continue
    return ids


def ids_in(text: str) -> tuple[UUID, ...]:
    """The run IDs in a text, without tracking them."""
    return find_run_ids(text).ids
