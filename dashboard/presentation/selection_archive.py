"""What an archive of several runs holds: a folder for each run, and one manifest of all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from dashboard.domain.run.marks import Mark
from dashboard.presentation import archive_manifest
from dashboard.presentation.archive_manifest import (
    EVERYTHING,
    ArchivedFile,
    ArchivedOutput,
    ArchivedRun,
    ArchiveEntry,
    file_stem,
)

UNREAD = "The outputs of this run have not been read yet. Open the run once."


class SelectedRun(ArchivedRun, Protocol):
    """What an archive of several runs says of one."""

    @property
    def title(self) -> str: ...
    @property
    def short_id(self) -> str: ...
    @property
    def fetched(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A run's part of the archive; the names of its entries begin with the folder's."""

    run: SelectedRun
    title: str
    entries: Sequence[ArchiveEntry]


def run_folder(
    run: SelectedRun,
    title: str,
    outputs: Sequence[ArchivedOutput],
    kept: Mapping[str, ArchivedFile],
    marks: Mapping[str, Mark],
    taken: set[str],
) -> RunFolder:
    """The folder `<title>-<short id>` of a run; `taken` are the folders so far, and grows."""
    name = file_stem(title, run.short_id)
    if name.casefold() in taken:
        name = file_stem(title, str(run.uuid))
    taken.add(name.casefold())
    found = archive_manifest.entries(outputs, kept, marks, title, run.short_id, nodes=True)
    named = [replace(one, name=f"{name}/{one.name}") if one.name else one for one in found]
    return RunFolder(run, title, named)


def manifest(
    folders: Iterable[RunFolder],
    taken: Sequence[tuple[ArchiveEntry, bool]],
    gone: Iterable[UUID] = (),
) -> dict[str, object]:
    """All runs as in an archive of one, in order; `gone` are IDs that are not in Runboard."""
    ready = {id(entry) for entry, is_taken in taken if is_taken}
    runs = []
    for each in folders:
        files = [
            archive_manifest.line(entry, EVERYTHING, taken=id(entry) in ready)
            for entry in each.entries
        ]
        told = archive_manifest.manifest(each.run, each.title, EVERYTHING, files)
        runs.append(told if each.run.fetched else {**told, "missing": UNREAD})
    return {"runs": runs, "not_in_runboard": [str(run_id) for run_id in gone]}
