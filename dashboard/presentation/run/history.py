"""What happened: ComfyDeploy's stamps and our own observations in one order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Protocol

from dashboard.domain.run.facts import Timed
from dashboard.domain.run.outputs import read_outputs
from dashboard.domain.run.progress import percent, read_progress
from dashboard.presentation.folding import fold_line
from dashboard.presentation.format import clock, percent_text, plural, took
from dashboard.presentation.run.headline import node_of
from dashboard.presentation.words import status_words

MAX = 60
LONGEST = 300  # characters of one part of a line
REPORTED, SEEN = "reported", "seen"
_ENDED = ("success", "failed", "timeout", "cancelled")
_STAMPED = {"queued": "queued_at", "started": "started_at"}


class Observation(Protocol):
    """A stored snapshot: what we saw, and when."""

    @property
    def observed_at(self) -> datetime: ...
    @property
    def status(self) -> str: ...
    @property
    def progress(self) -> float | None: ...
    @property
    def live_status(self) -> str | None: ...
    @property
    def changes(self) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line; `source` is reported (ComfyDeploy's own stamp) or seen (by Runboard)."""

    at: datetime
    bold: str
    rest: str
    source: str
    mere_progress: bool = False

    @property
    def clock(self) -> str:
        return clock(self.at, tenths=self.source == REPORTED)


def entries(run: Timed, snapshots: Iterable[Observation]) -> tuple[HistoryEntry, ...]:
    """The run's history, oldest first, at most about 60 lines."""
    found = [*_reported(run), *_seen(run, list(snapshots))]
    found.sort(key=lambda entry: (entry.at, entry.source))
    return tuple(_thinned(found))


def _reported(run: Timed) -> list[HistoryEntry]:
    by = f"from {fold_line(run.origin, LONGEST)}" if run.origin else ""
    queue = f"after {took(run.queue_wait)} in the queue" if run.queue_wait is not None else ""
    start = f"after {took(run.cold_start)}" if run.cold_start is not None else ""
    ran = f"after a {took(run.run)} run" if run.run is not None else ""
    stamps = (
        (run.created_at, "Run created", by),
        (run.queued_at, "GPU assigned", queue),
        (run.started_at, "ComfyUI ready", start),
        (run.ended_at, status_words(run.status).word if run.finished else "Ended", ran),
    )
    return [HistoryEntry(at, bold, rest, REPORTED) for at, bold, rest in stamps if at is not None]


def _seen(run: Timed, snapshots: Sequence[Observation]) -> list[HistoryEntry]:
    found: list[HistoryEntry] = []
    before: Observation | None = None
    stamps: dict[str, object] = {}
    files: dict[str, set[str]] = {}
    for snapshot in snapshots:
        found += [*_observed(run, before, snapshot, stamps), *_outputs(snapshot, files)]
        stamps |= {name: snapshot.changes[name] for name in _watched(snapshot)}
        before = snapshot
    return found


def _watched(snapshot: Observation) -> list[str]:
    return [name for name in ("queued_at", "started_at") if name in snapshot.changes]


def _observed(
    run: Timed, before: Observation | None, now: Observation, stamps: Mapping[str, object]
) -> list[HistoryEntry]:
    at, word = now.observed_at, status_words(now.status).word
    if before is None:
        found = [HistoryEntry(at, "First seen", word, SEEN)]
    elif before.status != now.status:
        found = [] if _has_stamp(run, now.status) else [HistoryEntry(at, word, _doing(now), SEEN)]
    else:
        found = _progressed(before, now)
    again = [name for name in _watched(now) if stamps.get(name)]
    if again:
        # Upstream writes new stamps when a machine tries again.
        found.append(HistoryEntry(at, "Restarted", "ComfyDeploy sent new times", SEEN))
    return found


def _has_stamp(run: Timed, status: str) -> bool:
    if run.finished and status == run.status:
        return run.ended_at is not None
    stamp = _STAMPED.get(status)
    return stamp is not None and getattr(run, stamp) is not None


def _progressed(before: Observation, now: Observation) -> list[HistoryEntry]:
    if now.status in _ENDED or (
        before.progress == now.progress and before.live_status == now.live_status
    ):
        return []
    return [HistoryEntry(now.observed_at, status_words(now.status).word, _doing(now), SEEN, True)]


def _doing(snapshot: Observation) -> str:
    node = fold_line(node_of(snapshot.live_status) or "", LONGEST)
    progress = read_progress(snapshot.progress, snapshot.status)
    share = "" if progress is None else percent_text(percent(progress))
    return " · ".join(part for part in (node, share) if part)


def _outputs(snapshot: Observation, files: dict[str, set[str]]) -> list[HistoryEntry]:
    """What came and went; `files` holds what each element seen so far has."""
    delta = snapshot.changes.get("outputs")
    if not isinstance(delta, Mapping):
        return []
    lists = (delta.get(name) for name in ("gone", "changed", "added"))
    gone, changed, added = (part if isinstance(part, list) else [] for part in lists)
    here = set().union(*files.values())
    for element_id in gone:
        files.pop(element_id, None)
    altered, new = _identities(changed, files), _identities(added, files) - here
    ended = snapshot.status == "success" and "status" not in snapshot.changes
    lines = (
        (len(new), f"{plural(len(new), 'output')} arrived", "after the end" if ended else ""),
        (len(altered), f"{plural(len(altered), 'output')} changed", ""),
        (len(gone), f"{plural(len(gone), 'output')} no longer listed", ""),
    )
    return [HistoryEntry(snapshot.observed_at, bold, rest, SEEN) for n, bold, rest in lines if n]


def _identities(elements: list[object], files: dict[str, set[str]]) -> set[str]:
    """The files and texts of elements, each once, as the outputs of the run's page."""
    found: set[str] = set()
    for element in elements:
        made = {output.identity for output in read_outputs([element]).outputs}
        if isinstance(element, Mapping) and isinstance(element.get("id"), str):
            files[element["id"]] = made
        found |= made
    return found


def _thinned(found: list[HistoryEntry]) -> list[HistoryEntry]:
    """Runs of mere progress lines are thinned until the whole fits."""
    limit = MAX - sum(not entry.mere_progress for entry in found)
    moving = len(found) - sum(not entry.mere_progress for entry in found)
    size = -(-moving // max(limit, 1)) if moving > limit else 1
    result: list[HistoryEntry] = []
    for is_progress, group in groupby(found, key=lambda entry: entry.mere_progress):
        lines = list(group)
        result += lines if not is_progress or size == 1 else _last_of_each(lines, size)
    return result


def _last_of_each(lines: list[HistoryEntry], size: int) -> list[HistoryEntry]:
    return [lines[min(start + size, len(lines)) - 1] for start in range(0, len(lines), size)]
