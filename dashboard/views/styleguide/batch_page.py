"""Patterns of the page of a batch: under way with failures, and waiting."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from dashboard.domain.run.batch import Progress
from dashboard.http import Context
from dashboard.presentation.run.batch import batch_text
from dashboard.presentation.run.tiles import tile
from dashboard.styleguide import payloads
from dashboard.styleguide.drawing import Pattern, Patterns, main_of
from dashboard.styleguide.runs import run_of
from dashboard.views.runs.batch_parts import Cell, Failed

PAGE, BATCH = "runs/batch/page.html", UUID(int=1)
PICTURE = "https://example.com/picture.png"
HALF = Progress(20, 14, 11, 2, 1, 3, 3, 44.9, 12.3)
WAITING = Progress(20, 0, 0, 0, 0, 20, 0, None, None)


def batches(request: HttpRequest, now: datetime) -> Patterns:
    run, facts = run_of(payloads.outputs(now, PICTURE), now)
    found: Context = {
        "output_count": len(facts.outputs),
        "failures": [Failed(run, 7, "KSampler ran out of GPU memory")],
        "cells": [
            Cell(1, run.uuid, tile(replace(each, url=None), None, "")) for each in facts.outputs
        ],
    }
    parts: tuple[tuple[str, Progress, Context], ...] = (
        ("half", HALF, found),
        ("waiting", WAITING, {}),
    )
    for name, progress, more in parts:
        context = {"progress": progress, "text": batch_text(progress), "batch_id": BATCH}
        yield Pattern(name, main_of(request, PAGE, **context, **more))
