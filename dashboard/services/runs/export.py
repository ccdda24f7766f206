"""The runs of a list as lines of a CSV file, piece by piece: any number at constant memory."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from django.db.models import IntegerField, TextField
from django.db.models.functions import Cast

from dashboard.domain.filters.fields import DEPLOYMENT, MACHINE, VERSION, WORKFLOW
from dashboard.domain.filters.sorts import Key
from dashboard.models import Deployment, Name, Run, UpstreamUser
from dashboard.models.keys import key_list
from dashboard.models.run import shown_error
from dashboard.presentation.csv_cells import (
    dollars_cell,
    lines,
    quoted,
    seconds_cell,
    text_cell,
    time_cell,
)
from dashboard.presentation.format import cut
from dashboard.services.runs import labels
from dashboard.services.runs.belonging import as_uuid

LONGEST_ERROR = 500  # characters
COST = "cost (USD)"
TIMES = ("created", "queued", "started", "ended")
SECONDS = ("queue_wait", "gpu_wait", "boot", "cold_start", "before_run", "run", "total")
NAMED = (WORKFLOW, VERSION, DEPLOYMENT, MACHINE)
TOLD = ("error", "list_error", "log_error")  # what the shown error is made of
STORED = ("uuid", *(f"{name}_at" for name in TIMES), *TOLD)
COLUMNS = (
    *("id", "label", "workflow_name", "status", "start_kind", *SECONDS, "cost_micros"),
    *("gpu", "origin"),
    *("workflow_id", "workflow_version_id", "deployment_id", "machine_id"),
    *("batch_id", "user_id", "prompt", "output_count", *STORED, "starred"),
)
IDS = {
    WORKFLOW: "workflow_id",
    VERSION: "workflow_version_id",
    DEPLOYMENT: "deployment_id",
    MACHINE: "machine_id",
}


Column = tuple[Any, ...]  # the values of one column, a run each


def written(
    pieces: Iterable[Sequence[Key]], zone: tzinfo, origin: str, *, people: bool, costs: bool
) -> Iterator[str]:
    """The header, then the lines of each of these pieces; `origin` is what addresses begin with.

    Who started runs, and what they cost, is in it where the reader is to see it.

    Reads a piece at a time, so that no long read holds the database.
    """
    yield lines([quoted(name)] for name in header(zone, people=people, costs=costs))
    rows = Run.objects.values_list(*map(_read, COLUMNS))
    for piece in pieces:
        keys = [key.pk for key in piece]
        found = {row[0]: row for row in rows.filter(pk__in=key_list(keys))}
        if found:
            runs = zip(*(found[pk] for pk in keys if pk in found), strict=True)
            columns = dict(zip(COLUMNS, runs, strict=True))
            yield lines(_cells(columns, zone, origin, people=people, costs=costs))


def _read(column: str) -> str | Cast:
    """What a column is read as: most as they are stored, for no value is made that is not used."""
    if column in STORED:
        return Cast(column, TextField())
    return Cast(column, IntegerField()) if column == "starred" else column


def header(zone: tzinfo, *, people: bool, costs: bool) -> list[str]:
    """The names of the columns; those of times name their zone, those of durations their unit."""
    return [
        *("id", "url", "title", "status", "start"),
        *(f"{name} ({zone})" for name in TIMES),
        *(f"{name} (s)" for name in SECONDS),
        *((COST,) if costs else ()),
        *("gpu", "origin"),
        *(part for name in NAMED for part in (name, f"{name}_id")),
        *("environment", "batch_id"),
        *(("by", "by_id") if people else ()),
        *("prompt", "tags", "starred", "outputs", "error"),
    ]


def _cells(
    of: Mapping[str, Column], zone: tzinfo, origin: str, *, people: bool, costs: bool
) -> Iterator[Iterable[str]]:
    """The cells of the runs, a column at a time: nothing is asked or looked up once a run."""
    uuids, tags = [_uuid(text) for text in of["uuid"]], labels.tags_of(of["id"])
    yield uuids
    yield [f"{origin}/runs/{uuid}/" for uuid in uuids]
    named = zip(of["label"], of["workflow_name"], uuids, strict=True)
    yield _texts([label or name or f"Run {uuid[:8]}" for label, name, uuid in named])
    yield _texts(of["status"])
    yield of["start_kind"]
    yield from ([time_cell(at, zone) for at in of[f"{name}_at"]] for name in TIMES)
    yield from (map(seconds_cell, of[name]) for name in SECONDS)
    yield from (map(dollars_cell, of["cost_micros"]),) if costs else ()
    yield from (_texts(of["gpu"]), _texts(of["origin"]))
    yield from _named(of)
    yield _texts(of["batch_id"])
    yield from _starters(of["user_id"]) if people else ()
    yield _texts(of["prompt"])
    yield _texts([", ".join(tags.get(pk, ())) for pk in of["id"]])
    yield ["yes" if starred else "" for starred in of["starred"]]
    yield map(str, of["output_count"])
    yield _errors(zip(of["status"], *(of[name] for name in TOLD), strict=True))


def _uuid(stored: str) -> str:
    """An ID with its hyphens, which SQLite's column does not have."""
    if len(stored) > 32:
        return stored
    return "-".join((stored[:8], stored[8:12], stored[12:16], stored[16:20], stored[20:]))


def _texts(column: Iterable[str | None]) -> list[str]:
    """The cells of texts; the same text is looked at once."""
    column = tuple(column)
    cells = {text: quoted(text_cell(text)) for text in set(column)}
    return [cells[text] for text in column]


def _named(of: Mapping[str, Column]) -> Iterator[list[str]]:
    """What workflow, version, deployment and machine are called, each with its ID; then places."""
    names = names_of(text for column in IDS.values() for text in of[column])
    for name, column in IDS.items():
        yield _texts(names.get((name, one or "")) for one in of[column])
        yield _texts(of[column])
    places = environments_of(of["deployment_id"])
    yield _texts(places.get(one or "") for one in of["deployment_id"])


def names_of(ids: Iterable[str | None]) -> dict[tuple[str, str], str]:
    """What these workflows, versions, deployments and machines are called, in one query."""
    known = Name.objects.filter(upstream_id__in=set(filter(None, ids))).exclude(text="")
    rows = known.values_list("kind", "upstream_id", "text")
    return {(kind, upstream_id): text for kind, upstream_id, text in rows}


def environments_of(deployments: Iterable[str | None]) -> dict[str, str]:
    """The environments of these deployments, by their IDs as texts, in one query."""
    ids = {as_uuid(text) for text in set(deployments)}
    known = Deployment.objects.filter(pk__in=ids - {None}).values_list("pk", "environment")
    return {str(pk): environment for pk, environment in known}


def _starters(users: Column) -> tuple[list[str], list[str]]:
    known = UpstreamUser.objects.filter(pk__in=set(filter(None, users)))
    names = dict(known.values_list("pk", "name"))
    return _texts(names.get(one or "") for one in users), _texts(users)


def _errors(told: Iterable[tuple[str | None, ...]]) -> list[str]:
    """The shown errors, each on one line, cut."""
    told = tuple(told)
    cells = {each: quoted(text_cell(_error(*each))) for each in set(told)}
    return [cells[each] for each in told]


def _error(status: str | None, *stored: str | None) -> str:
    told: list[Any] = [text and json.loads(text) for text in stored]
    error = shown_error(status, *told)
    return cut((error or {}).get("message") or "", LONGEST_ERROR)
