"""What a run's archive holds: readable names, and a manifest of the run."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Protocol
from uuid import UUID

from dashboard.domain.json_types import JsonValue
from dashboard.domain.media.stored_files import (
    ENDING,
    FileReason,
    name_in_link,
    safe_name,
    safe_part,
)
from dashboard.domain.media.strip_metadata import can_strip
from dashboard.domain.run.facts import PHASES, Timed
from dashboard.domain.run.marks import NO_MARK, Mark
from dashboard.domain.sharing import ALL_SCOPES, INPUTS, NAMES, PICKS, TIMES
from dashboard.domain.text.json_text import read_json
from dashboard.presentation.run.file_text import REASONS, WITHHELD

MANIFEST = "manifest.json"
EVERYTHING = frozenset(ALL_SCOPES)
STAMPS = ("created_at", "queued_at", "started_at", "ended_at")
IDS = ("workflow_id", "workflow_version_id", "machine_id")
LONGEST_TITLE, LONGEST_NODE = 48, 24  # letters
BETWEEN = re.compile(r"[\s-]+")


class ArchivedOutput(Protocol):
    """What an archive says of an output."""

    @property
    def identity(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def filename(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def text(self) -> str | None: ...
    @property
    def node_id(self) -> str | None: ...


class ArchivedFile(Protocol):
    """What an archive says of a stored file."""

    @property
    def name(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...
    @property
    def length(self) -> int: ...
    @property
    def sha256(self) -> str: ...


class ArchivedRun(Timed, Protocol):
    """What an archive says of its run."""

    @property
    def uuid(self) -> UUID | None: ...
    @property
    def gpu(self) -> str | None: ...
    @property
    def inputs(self) -> JsonValue: ...


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """One output in the archive; `name` is empty where there is no file or text of it."""

    output: ArchivedOutput
    kept: ArchivedFile | None  # our own copy
    name: str = ""
    mark: Mark = NO_MARK


def archive_name(title: str, short_id: str) -> str:
    """`lighthouse-flux-7c1f03aa.zip`; without the ID where it is empty."""
    return f"{file_stem(title, short_id)}.zip"


def entries(
    outputs: Collection[ArchivedOutput],
    kept: Mapping[str, ArchivedFile],
    marks: Mapping[str, Mark],
    title: str,
    short_id: str,
    *,
    nodes: bool,
) -> list[ArchiveEntry]:
    """The outputs in their order, named `<title>-<short id>-<node>-<n>.<ending>`.

    `n` counts all outputs, so that names sort as the page shows them; the node
    is left out unless `nodes`. `kept` and `marks` are by the outputs' identities.
    """
    digits = max(2, len(str(len(outputs))))
    found = []
    for number, output in enumerate(outputs, start=1):
        copy = kept.get(output.identity)
        copy = None if copy is None or copy.reason else copy
        node = BETWEEN.sub("-", safe_part(output.node_id or "", LONGEST_NODE)) if nodes else ""
        stem = "-".join(filter(None, (file_stem(title, short_id), node)))
        there = copy is not None or output.text is not None
        name = f"{stem}-{number:0{digits}}{_ending(output)}" if there else ""
        found.append(ArchiveEntry(output, copy, name, marks.get(output.identity, NO_MARK)))
    return found


def file_stem(title: str, short_id: str) -> str:
    """`lighthouse-flux-7c1f03aa`, safe as a part of a file's name."""
    plain = BETWEEN.sub("-", safe_part(title, LONGEST_TITLE)) or "run"
    return f"{plain}-{short_id}" if short_id else plain


def _ending(output: ArchivedOutput) -> str:
    if output.text is not None and not output.url:
        return ".json" if read_json(output.text) is not None else ".txt"
    name = output.filename or name_in_link(output.url or "")
    ending = PurePosixPath(safe_name(name)).suffix.lower()
    return ending if ENDING.fullmatch(ending) else ""


def manifest(
    run: ArchivedRun, title: str, scopes: Collection[str], files: list[dict[str, object]]
) -> dict[str, object]:
    """The run and its files as JSON; times in seconds, null is "not known".

    `scopes` are those of `domain/sharing.py`: what they do not allow is left out.
    """
    found: dict[str, object] = {"title": title, "status": run.status, "finished": run.finished}
    if NAMES in scopes:
        found |= {"id": str(run.uuid), **{name: getattr(run, name) for name in IDS}}
    if TIMES in scopes:
        found["durations"] = {phase: getattr(run, phase) for phase in PHASES}
        found["timestamps"] = {name: _iso(getattr(run, name)) for name in STAMPS}
        found |= {"start_kind": run.start_kind, "gpu": run.gpu}
    if INPUTS in scopes:
        found["inputs"] = run.inputs
    return found | {"files": files}


def line(entry: ArchiveEntry, scopes: Collection[str], *, taken: bool) -> dict[str, object]:
    """What the manifest says of one output; where it is not in the archive, why."""
    output, kept = entry.output, entry.kept
    found: dict[str, object] = {"name": entry.name if taken else None, "kind": output.kind}
    if NAMES in scopes:
        names = ("filename", "node_id", "key")
        found |= {name: getattr(output, name) for name in names}
    if PICKS in scopes:
        found |= {"choice": entry.mark.choice or None, "rating": entry.mark.rating or None}
    if taken and kept is not None:
        found |= {"type": kept.type, "width": kept.width, "height": kept.height}
        if INPUTS in scopes:  # else it was cleaned, and is another file
            found |= {"bytes": kept.length, "sha256": kept.sha256}
    return found if taken else found | {"missing": _why(entry, scopes)}


def _why(entry: ArchiveEntry, scopes: Collection[str]) -> str:
    if entry.kept is not None and INPUTS not in scopes and not can_strip(entry.kept.type):
        return WITHHELD
    if entry.kept is not None or entry.output.text is not None:
        return REASONS[FileReason.COPY_LOST]
    return "This file is not stored in Runboard."


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
