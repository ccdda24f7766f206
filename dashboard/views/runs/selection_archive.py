"""All outputs of several runs in one download, and how large it would be."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.text.byte_sizes import size as size_text
from dashboard.presentation import selection_archive
from dashboard.presentation.archive_manifest import ArchiveEntry
from dashboard.services import clock
from dashboard.services.files import archive
from dashboard.services.runs import picks, selected
from dashboard.views.responses import attachment
from dashboard.views.runs.chosen import chosen_runs, takes_all_ids
from dashboard.views.runs.filter_reading import read_filter
from dashboard.views.runs.filters import PLACES

ZIP = "application/zip"


@require_safe
@never_cache
@takes_all_ids
def outputs(request: HttpRequest) -> HttpResponseBase:
    """The runs of `ids`, else the newest of the filter, up to 200; a folder for each."""
    choice, now = read_filter(request), clock.now()
    headers = attachment(f"runs-{now.astimezone(choice.zone):%Y-%m-%d}.zip")
    if request.method == "HEAD":
        return HttpResponse(content_type=ZIP, headers=headers)
    runs = selected.archived(chosen_runs(request, choice))
    if not runs:
        raise Http404
    gone, taken = selected.gone(choice.pasted), set[str]()
    folders = [
        selection_archive.run_folder(
            run,
            run.label or run.workflow_name or "run",
            list(run.outputs.all()),
            {each.identity: each for each in run.stored_files.all()},
            picks.of_run(run),
            taken,
        )
        for run in runs
    ]

    def manifest(ready: list[tuple[ArchiveEntry, bool]]) -> object:
        return selection_archive.manifest(folders, ready, gone)

    entries = (entry for each in folders for entry in each.entries)
    blocks = archive.stream(entries, manifest, now)
    return StreamingHttpResponse(blocks, content_type=ZIP, headers=headers)


@require_safe
@never_cache
@takes_all_ids
def size(request: HttpRequest) -> HttpResponse:
    choice = read_filter(request)
    found = selected.archive_size(chosen_runs(request, choice))
    query = request.GET.copy()
    for name in PLACES:
        query.pop(name, None)
    context = {
        "found": found,
        "size": size_text(found.bytes),
        "more": found.more,
        "query": query.urlencode(),
    }
    return render(request, "runs/list/_selection_size.html", context)
