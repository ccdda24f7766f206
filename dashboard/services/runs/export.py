"""The runs of a filter as rows of a table, page by page: any number of them at constant memory."""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from dashboard.domain.filters.fields import DEPLOYMENT, MACHINE, VERSION, WORKFLOW
from dashboard.domain.run.facts import fuller_error
from dashboard.models import Deployment, Name, RunQuerySet, UpstreamUser
from dashboard.models.run_queryset import FAILED
from dashboard.presentation.csv_cells import seconds_cell, text_cell, time_cell
from dashboard.presentation.format import cut
from dashboard.services.runs import labels
from dashboard.services.runs.belonging import as_uuid

PAGE = 1000
LONGEST_ERROR = 500  # characters
TIMES = ("created", "queued", "started", "ended")
SECONDS = ("queue_wait", "gpu_wait", "boot", "cold_start", "before_run", "run", "total")
NAMED = (WORKFLOW, VERSION, DEPLOYMENT, MACHINE)
COLUMNS = (
    *("pk", "sorted_at", "uuid", "label", "workflow_name", "status", "start_kind"),
    *("created_at", "queued_at", "started_at", "ended_at", *SECONDS),
    *("gpu", "origin", "workflow_id", "workflow_version_id", "deployment_id", "machine_id"),
    *("batch_id", "user_id", "prompt", "starred", "output_count"),
    *("error", "list_error", "log_error"),
)
IDS = {
    WORKFLOW: "workflow_id",
    VERSION: "workflow_version_id",
    DEPLOYMENT: "deployment_id",
    MACHINE: "machine_id",
}


def header(zone: tzinfo, *, people: bool) -> list[str]:
    """The names of the columns; those of times name their zone, those of durations their unit."""
    return [
        *("id", "url", "title", "status", "start"),
        *(f"{name} ({zone})" for name in TIMES),
        *(f"{name} (s)" for name in SECONDS),
        *("gpu", "origin"),
        *(part for name in NAMED for part in (name, f"{name}_id")),
        *("environment", "batch_id"),
        *(("by", "by_id") if people else ()),
        *("prompt", "tags", "starred", "outputs", "error"),
    ]


def rows(chosen: RunQuerySet, zone: tzinfo, origin: str, *, people: bool) -> Iterator[list[str]]:
    """A row for each run, the newest first; `origin` is what its address begins with.

    Reads a thousand runs at a time, so that no long read holds the database.
    """
    after: tuple[datetime, int] | None = None
    while True:
        page = list((chosen.after(*after) if after else chosen).newest().values(*COLUMNS)[:PAGE])
        yield from _rows(page, zone, origin, people=people)
        if len(page) < PAGE:
            return
        after = page[-1]["sorted_at"], page[-1]["pk"]


def _rows(
    page: list[dict[str, Any]], zone: tzinfo, origin: str, *, people: bool
) -> Iterator[list[str]]:
    names = _names(page)
    environments = _environments(page)
    tags = labels.tags_of(run["pk"] for run in page)
    starters = _starters(page) if people else {}
    for run in page:
        told = {name: names.get((name, run[IDS[name]] or ""), "") for name in NAMED}
        cells = [
            str(run["uuid"]),
            f"{origin}/runs/{run['uuid']}/",
            text_cell(run["label"] or run["workflow_name"]),
            text_cell(run["status"]),
            run["start_kind"],
            *(time_cell(run[f"{name}_at"], zone) for name in TIMES),
            *(seconds_cell(run[name]) for name in SECONDS),
            text_cell(run["gpu"]),
            text_cell(run["origin"]),
        ]
        for name in NAMED:
            cells += [text_cell(told[name]), text_cell(run[IDS[name]])]
        cells += [
            text_cell(environments.get(run["deployment_id"] or "")),
            text_cell(run["batch_id"]),
        ]
        if people:
            cells += [text_cell(starters.get(run["user_id"] or "")), text_cell(run["user_id"])]
        yield [
            *cells,
            text_cell(run["prompt"]),
            text_cell(", ".join(tags.get(run["pk"], []))),
            "yes" if run["starred"] else "",
            str(run["output_count"]),
            text_cell(_error(run)),
        ]


def _names(page: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    ids = {run[column] for run in page for column in IDS.values() if run[column]}
    known = Name.objects.filter(upstream_id__in=ids).exclude(text="")
    rows = known.values_list("kind", "upstream_id", "text")
    return {(kind, upstream_id): text for kind, upstream_id, text in rows}


def _environments(page: list[dict[str, Any]]) -> dict[str, str]:
    ids = {found for run in page if (found := as_uuid(run["deployment_id"]))}
    known = Deployment.objects.filter(pk__in=ids).values_list("pk", "environment")
    return {str(pk): environment for pk, environment in known}


def _starters(page: list[dict[str, Any]]) -> dict[str, str]:
    ids = {run["user_id"] for run in page if run["user_id"]}
    return dict(UpstreamUser.objects.filter(pk__in=ids).values_list("pk", "name"))


def _error(run: Mapping[str, Any]) -> str:
    """The shown error on one line, cut."""
    error = run["error"]
    if not error and run["status"] in FAILED:
        error = fuller_error(run["list_error"], run["log_error"])
    return cut((error or {}).get("message") or "", LONGEST_ERROR)
