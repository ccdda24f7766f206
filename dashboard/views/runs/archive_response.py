"""All outputs of a run in one download, for members and for a share link's readers."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from dashboard.domain.sharing import INPUTS, NAMES, PICKS, TIMES, RedactedRun
from dashboard.models import Run
from dashboard.presentation import archive_manifest
from dashboard.services.files import archive
from dashboard.services.runs import picks
from dashboard.views.responses import attachment

NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)  # where times are not given; a zip needs one


def archive_response(
    request: HttpRequest, run: Run, shown: Run | RedactedRun, title: str, scopes: Collection[str]
) -> HttpResponseBase:
    """The outputs of `run`; the manifest tells of `shown` what is ticked."""
    named = NAMES in scopes
    short_id = run.short_id if named else ""
    kept = {each.identity: each for each in run.stored_files.all()}
    marks = picks.of_run(run) if PICKS in scopes else {}
    entries = archive_manifest.entries(
        list(run.outputs.all()), kept, marks, title, short_id, nodes=named
    )
    if not any(entry.name for entry in entries):
        raise Http404

    def manifest(taken: list[tuple[archive_manifest.ArchiveEntry, bool]]) -> object:
        files = [archive_manifest.line(entry, scopes, taken=ready) for entry, ready in taken]
        return archive_manifest.manifest(shown, title, scopes, files)

    headers = attachment(archive_manifest.archive_name(title, short_id))
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip", headers=headers)
    made_at = (run.ended_at or run.sorted_at) if TIMES in scopes else NO_TIME
    blocks = archive.stream(entries, manifest, made_at, clean=INPUTS not in scopes)
    return StreamingHttpResponse(blocks, content_type="application/zip", headers=headers)
