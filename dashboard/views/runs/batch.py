"""The page of a batch: how far it is, what failed, all outputs, its runs."""

from collections.abc import Sequence
from uuid import UUID
from zlib import crc32

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard import __version__
from dashboard.domain.filters.fields import WORKFLOW
from dashboard.domain.media.absent_files import is_put_off
from dashboard.domain.run.batch import Member, Progress, progress_of
from dashboard.http import Context
from dashboard.models import Output, Run, StoredFile
from dashboard.presentation.run.batch import batch_text
from dashboard.presentation.run.failure import failure
from dashboard.presentation.run.phase_bar import page_scale, scale_ticks
from dashboard.presentation.run.tiles import tile
from dashboard.services import clock
from dashboard.services.runs import batches
from dashboard.views.responses import tagged
from dashboard.views.runs.batch_parts import Cell, Failed
from dashboard.views.runs.belonging import batch_list_url, list_url
from dashboard.views.runs.days import Day
from dashboard.views.runs.file_address import file_facts, run_address
from dashboard.views.runs.rows import RowKey, rendered_rows

POLL_SECONDS = 5
MAX_OUTPUTS, MAX_FAILURES, MAX_ROWS = 60, 20, 50


@require_safe
@never_cache
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    members = _members(batch_id)
    return render(request, "runs/batch/page.html", _context(batch_id, members))


@require_safe
@never_cache
def live(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """All of the page that changes; 304 while nothing of it has."""
    members = _members(batch_id)

    def answer() -> HttpResponse:
        return render(request, "runs/batch/_live.html", _context(batch_id, members))

    return tagged(request, _tag(members), answer)


def _members(batch_id: UUID) -> list[Member]:
    members = batches.members_of(batch_id)
    if not members:
        raise Http404
    return members


def _tag(members: Sequence[Member]) -> str:
    """Which runs it has, and how each stands."""
    how = ";".join(f"{each.pk},{each.version},{each.extras_version}" for each in members)
    return f"b{crc32(how.encode()):08x}.{__version__}"


def _context(batch_id: UUID, members: Sequence[Member]) -> Context:
    progress = progress_of(members)
    number = {member.pk: at for at, member in enumerate(members, 1)}
    first = next((each for each in members if each.workflow_id), members[0])
    outputs = sum(each.output_count for each in members)
    return {
        "batch_id": batch_id,
        "progress": progress,
        "text": batch_text(progress),
        "poll": POLL_SECONDS if progress.moves else None,
        "tag": _tag(members),
        "workflow": first.workflow_name or "Show runs",
        "workflow_url": list_url(WORKFLOW, first.workflow_id or ""),
        "list_url": batch_list_url(batch_id),
        "cells": _cells(batch_id, number),
        "output_count": outputs,
        "more_outputs": max(0, outputs - MAX_OUTPUTS),
        **_failures_context(batch_id, progress, number),
        **_rows_context(members),
    }


def _failures_context(batch_id: UUID, progress: Progress, number: dict[int, int]) -> Context:
    runs = batches.failed_runs(batch_id, MAX_FAILURES) if progress.failed else []
    return {
        "failures": [_failed(run, number.get(run.pk, 0)) for run in runs],
        "more_failures": max(0, progress.failed - MAX_FAILURES),
    }


def _failed(run: Run, number: int) -> Failed:
    panel = failure(run, run.shown_error, None)
    return Failed(run, number, panel.title if panel else "")


def _rows_context(members: Sequence[Member]) -> Context:
    """The newest runs as rows of the list; the list has the rest."""
    newest = [each for each in reversed(members) if each.status is not None][:MAX_ROWS]
    now = clock.now()
    keys = [RowKey(m.pk, m.version, m.extras_version, m.sorted_at, m.total) for m in newest]
    scale = page_scale(key.total for key in keys)
    return {
        "days": [Day("", tuple(rendered_rows(keys, scale, now).values()))],
        "ticks": scale_ticks(scale),
        "more_rows": max(0, len(members) - MAX_ROWS),
    }


def _cells(batch_id: UUID, number: dict[int, int]) -> list[Cell]:
    found = batches.outputs_of(batch_id, MAX_OUTPUTS)
    return [_cell(output, file, number) for output, file in found]


def _cell(output: Output, stored: StoredFile | None, number: dict[int, int]) -> Cell:
    run_id = output.run.uuid
    shown = stored and not is_put_off(stored.reason, settings.KEEP_OUTPUTS)
    file = file_facts(stored, output, run_address(run_id)) if stored and shown else None
    drawn = tile(output, file, settings.LOCAL_FILES_ORIGIN)
    return Cell(number.get(output.run_id, 0), run_id, drawn)
