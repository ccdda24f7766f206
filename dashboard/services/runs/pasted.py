"""Pasted text: finds the run IDs in it and tracks the runs."""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from dashboard.domain.filters.box import read_box
from dashboard.domain.filters.fields import BATCH, DEPLOYMENT, MACHINE, VERSION, WORKFLOW, read_id
from dashboard.domain.filters.query import LONGEST_WORDS
from dashboard.domain.text.pasted_text import SHOWN_BREAK
from dashboard.domain.text.run_ids import MAX_IDS, Found, find_run_ids
from dashboard.domain.text.search_term import NoTerm, read_term
from dashboard.domain.text.typed_line import Part, parts_of
from dashboard.models import RemovedRun, Run
from dashboard.services import clock

OTHERS = frozenset({WORKFLOW, VERSION, DEPLOYMENT, MACHINE, BATCH})  # filters by other IDs
LONGEST_LINE = 2000  # characters of filters in the box


@dataclass(frozen=True, slots=True)
class PastedRuns:
    """A paste as it was read: run IDs in order, how many were too many, or else a search.

    `search` is empty where the text has IDs and where it is no search: `refused` says why.
    """

    ids: tuple[UUID, ...]
    skipped: int
    search: str
    refused: NoTerm | None = None


@dataclass(frozen=True, slots=True)
class UnseenRuns:
    """Those of several pasted runs that have nothing to show yet, in order."""

    waiting: list[Run]  # not answered yet
    missing: list[Run]  # with a trouble
    untracked: list[UUID]


def unseen_runs(ids: Sequence[UUID]) -> UnseenRuns:
    """Which of these runs have nothing to show yet, by the reason; one query."""
    rows = Run.objects.filter(uuid__in=ids).only("uuid", "status", "trouble")
    stored = {run.uuid: run for run in rows}
    unseen = [stored[run_id] for run_id in ids if run_id in stored and not stored[run_id].seen]
    return UnseenRuns(
        waiting=[run for run in unseen if not run.trouble],
        missing=[run for run in unseen if run.trouble],
        untracked=[run_id for run_id in ids if run_id not in stored],
    )


def track_pasted(text: str, *, tracks: bool = True) -> PastedRuns:
    """Reads a paste and tracks its runs; the text itself is neither stored nor logged.

    Writes, never asks. A single run is left to its page, which fetches it; with
    `tracks=False` (a viewer's paste) nothing is tracked.
    """
    paste = found_in(text)
    if tracks and len(paste.ids) > 1:
        track_all(paste.ids)
    if paste.ids:
        return PastedRuns(paste.ids, paste.skipped, "")
    read = _searched(text)
    return PastedRuns((), 0, "", read) if isinstance(read, NoTerm) else PastedRuns((), 0, read)


def found_in(text: str) -> Found:
    """The run IDs in a text; not those that a filter of one line names or that it leaves out."""
    if not _is_line(text):
        return find_run_ids(text)
    parts = list(parts_of(text))
    if not any(map(_is_no_runs, parts)):
        return find_run_ids(text)
    return find_run_ids(" ".join(part.written for part in parts if not _is_no_runs(part)))


def _is_no_runs(part: Part) -> bool:
    """Whether a part is another's ID, as `workflow:<ID>`, or a run's that is left out."""
    left_out = part.left_out and not part.name and read_id(part.text, part.quoted) is not None
    return left_out or part.name.lower() in OTHERS


def search_in(text: str) -> str:
    """A text as a search, empty where it is none."""
    read = _searched(text)
    return "" if isinstance(read, NoTerm) else read


def _searched(text: str) -> str | NoTerm:
    """Filters may be longer together than words."""
    filters = _is_line(text) and read_box(text).pairs
    return read_term(text, LONGEST_LINE if filters else LONGEST_WORDS)


def _is_line(text: str) -> bool:
    """Whether a text may have been typed."""
    line = text.strip()
    return len(line) <= LONGEST_LINE and len(line.splitlines()) == 1 and SHOWN_BREAK not in line


def track_all(ids: Iterable[UUID], *, even_if_removed: bool = True) -> int:
    """Makes a due row for each run that is not known yet; returns how many are new.

    Writes, never asks. Automatic tracking passes `even_if_removed=False`, so that
    runs that were removed here stay removed.
    """
    wanted = list(dict.fromkeys(ids))
    known = set(Run.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
    if not even_if_removed:
        known |= RemovedRun.among(wanted)
    now = clock.synchronized_now()
    new = [
        Run(uuid=run_id, first_seen_at=now, sorted_at=now, next_refresh_at=now)
        for run_id in wanted
        if run_id not in known
    ]
    with transaction.atomic():
        Run.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def pack(ids: Sequence[UUID]) -> str:
    """Run IDs as text for a query string, 22 characters each."""
    return ".".join(base64.urlsafe_b64encode(i.bytes).rstrip(b"=").decode() for i in ids)


def unpack(packed: str, most: int = MAX_IDS) -> list[UUID]:
    """The first run IDs of a packed list; unreadable parts are left out."""
    ids = []
    for part in packed.split(".", most)[:most]:
        try:
            ids.append(UUID(bytes=base64.urlsafe_b64decode(part + "==")))
        except (ValueError, binascii.Error):
            continue
    return ids


def beyond(packed: str) -> int:
    """How many parts of a packed list `unpack` does not come to."""
    return max(0, packed.count(".") + 1 - MAX_IDS)


def ids_in(text: str) -> tuple[UUID, ...]:
    """The run IDs in a text, without tracking them."""
    return find_run_ids(text).ids
