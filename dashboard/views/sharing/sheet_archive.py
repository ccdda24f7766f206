"""The outputs of a sheet in one download: a folder a run."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain, islice

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from dashboard.domain.sharing import INPUTS, NAMES, RedactedRun, redacted_view
from dashboard.models import Run, Share
from dashboard.presentation import archive_manifest
from dashboard.presentation.archive_manifest import ArchiveEntry
from dashboard.presentation.sharing.sheet_group import sheet_title
from dashboard.services.files import archive
from dashboard.services.runs import picks
from dashboard.services.sharing import sheets
from dashboard.views.responses import attachment

Taken = list[tuple[ArchiveEntry, bool]]


def archive_response(request: HttpRequest, sheet: Share) -> HttpResponseBase:
    """The zip; its manifest tells of each run what is ticked. 404 where there is no file."""
    runs = sheets.runs_at(sheet)
    shown = {position: redacted_view(run, sheet.scopes) for position, run in runs.items()}
    folders = _folders(shown)
    entries = {position: _entries(run, folders[position], sheet) for position, run in runs.items()}
    if not any(entry.name for each in entries.values() for entry in each):
        raise Http404

    def manifest(taken: Taken) -> object:
        rest = iter(taken)
        told = []
        for position, own in entries.items():  # the stream takes them in this order
            files = list(islice(rest, len(own)))
            told.append(_told(shown[position], position, folders[position], files, sheet))
        return {"title": sheet.title, "runs": told}

    headers = attachment(archive_manifest.archive_name(sheet.title, ""))
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip", headers=headers)
    every = chain.from_iterable(entries.values())
    blocks = archive.stream(every, manifest, sheet.made_at, clean=INPUTS not in sheet.scopes)
    return StreamingHttpResponse(blocks, content_type="application/zip", headers=headers)


def _folders(shown: Mapping[int, RedactedRun]) -> dict[int, str]:
    """A folder's name for each run, by position: `03-a-lighthouse-at-dusk`."""
    digits = max(2, len(str(len(shown))))
    return {
        position: f"{number:0{digits}}-{archive_manifest.file_stem(sheet_title(run, position), '')}"
        for number, (position, run) in enumerate(shown.items(), start=1)
    }


def _entries(run: Run, folder: str, sheet: Share) -> list[ArchiveEntry]:
    kept = {each.identity: each for each in run.stored_files.all()}
    marks = picks.of_run(run)  # told where they are ticked
    found = archive_manifest.entries(
        list(run.outputs.all()), kept, marks, folder, "", nodes=NAMES in sheet.scopes
    )
    return [replace(each, name=f"{folder}/{each.name}") if each.name else each for each in found]


def _told(
    run: RedactedRun, position: int, folder: str, taken: Taken, sheet: Share
) -> dict[str, object]:
    files = [archive_manifest.line(entry, sheet.scopes, taken=ready) for entry, ready in taken]
    title = sheet_title(run, position)
    return {"folder": folder} | archive_manifest.manifest(run, title, sheet.scopes, files)
