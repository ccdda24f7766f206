"""Names of workflows, versions, deployments and machines: requested, stored, refreshed daily."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from dashboard.domain.listing import DEPLOYMENT, MACHINE, VERSION, WORKFLOW
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Follow, Name, Run, RunQuerySet
from dashboard.services import clock
from dashboard.services.comfydeploy.api_requests import get_body
from dashboard.services.jitter import jittered
from dashboard.services.runs import directory, reindexing, search_index, starters, versions
from dashboard.upstream.directory import name_path, read_name
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
COLUMNS = {
    WORKFLOW: "workflow_id",
    VERSION: "workflow_version_id",
    MACHINE: "machine_id",
    DEPLOYMENT: "deployment_id",
}
FIELDS = frozenset({*COLUMNS.values(), "user_id"})
INDEXED_AT_ONCE = 200  # runs of a workflow that has another name
DAY, SOON = timedelta(days=1), timedelta(minutes=5)
# Troubles of one name (not for our key, gone, not given): it is asked for again in a day.
ABOUT_ONE_NAME = frozenset(
    {Trouble.FORBIDDEN, Trouble.NOT_FOUND, Trouble.SERVER_ERROR, Trouble.BAD_ANSWER}
)


def name_runs(runs: Sequence[Run]) -> None:
    """Plans requests for runs' unknown names and puts the known ones on the runs. Writes only.

    Who started them is planned with them.
    """
    with transaction.atomic():
        named = sorted(name_new_runs(runs), key=lambda run: run.pk)
        for run in named:
            Run.objects.filter(pk=run.pk).update(workflow_name=run.workflow_name)
        search_index.index_runs([run.pk for run in named])


def name_new_runs(runs: Sequence[Run]) -> list[Run]:
    """The same for objects that are not stored yet; returns those whose name is new."""
    if not runs:
        return []
    # Sorted, so that two processes never wait for each other's rows.
    now = clock.now()
    schedule(sorted({key for run in runs for key in _name_keys(run)}), now)
    starters.schedule((run.user_id for run in runs), now)
    texts = _texts(runs)
    named = []
    for run in runs:
        text = texts.get((WORKFLOW, run.workflow_id or ""), "")
        if text != run.workflow_name:
            run.workflow_name = text
            named.append(run)
    return named


def _name_keys(run: Run) -> list[tuple[str, str]]:
    """(kind, ID) of what a run has a name for."""
    ids = ((kind, getattr(run, column)) for kind, column in COLUMNS.items())
    return [(kind, upstream_id) for kind, upstream_id in ids if upstream_id]


def schedule(keys: Iterable[tuple[str, str]], now: datetime) -> None:
    """Makes a row, due now, for each (kind, ID) that has none, named where a list has its name.

    Writes only. What no list has yet has the lists asked for anew.
    """
    wanted = list(dict.fromkeys(keys))
    ids = [upstream_id for _, upstream_id in wanted]
    known = set(Name.objects.filter(upstream_id__in=ids).values_list("kind", "upstream_id"))
    new = [key for key in wanted if key not in known]
    if not new:
        return
    texts = directory.texts(new, now)
    Name.objects.bulk_create(
        [
            Name(kind=key[0], upstream_id=key[1], text=texts.get(key, ""), next_at=now)
            for key in new
        ],
        ignore_conflicts=True,
    )
    directory.request({key[0] for key in new if key not in texts}, now)


def schedule_all(now: datetime) -> None:
    """The same for every stored run, some of which are older than this table. Writes only."""
    for kind, column in COLUMNS.items():
        runs = Run.objects.filter(**{f"{column}__isnull": False}).exclude(**{column: ""})
        named = Name.objects.filter(kind=kind).values("upstream_id")
        unnamed = runs.exclude(**{f"{column}__in": named}).values_list(column, flat=True)
        schedule(((kind, upstream_id) for upstream_id in unnamed.distinct() if upstream_id), now)


def delete_unused() -> int:
    """Deletes the names that no run and no follow refers to; returns how many. Writes only."""
    deleted = 0
    for kind, column in COLUMNS.items():
        used = Run.objects.filter(**{f"{column}__isnull": False}).values(column)
        followed = [
            str(each) for each in Follow.objects.filter(kind=kind).values_list("target", flat=True)
        ]
        unused = Name.objects.filter(kind=kind).exclude(upstream_id__in=used)
        deleted += unused.exclude(upstream_id__in=followed).delete()[0]
    return deleted


def refresh(name: Name, now: datetime) -> None:
    """Stores one name, from the lists or else by asking; on an upstream error the known one stays.

    Asks and writes; raises nothing of upstream.
    """
    key = (name.kind, name.upstream_id)
    listed = directory.texts([key], now).get(key)
    if listed:
        _store(name, listed, now)
        return
    name.asked_at = now
    try:
        body = get_body(name_path(name.kind, name.upstream_id))
        text = read_name(name.kind, body)
    except UpstreamError as error:
        wait = DAY if error.trouble in ABOUT_ONE_NAME else SOON
        seconds = max(wait.total_seconds(), error.retry_after or 0.0)
        name.next_at = now + timedelta(seconds=jittered(seconds))
        log.info("No name for %s %s: %s.", name.kind, name.upstream_id[:8], error.trouble)
        # The row may have been deleted meanwhile, with the last run that refers to it.
        Name.objects.filter(pk=name.pk).update(asked_at=now, next_at=name.next_at)
    else:
        if name.kind == VERSION:
            _store_version(name.upstream_id, body, now)
        _store(name, text, now)


@transaction.atomic
def _store_version(version_id: str, body: bytes, now: datetime) -> None:
    """Keeps a version; its runs are found by what their nodes are called in it."""
    runs = Run.objects.filter(workflow_version_id=version_id)
    runs.lock()
    versions.store(version_id, body, now)
    if versions.titles_by_version([version_id]):
        _index(runs)


def take(kind: str, texts: Mapping[str, str], now: datetime) -> None:
    """Stores what a list calls these IDs, where runs or follows refer to them. Writes only."""
    for name in Name.objects.filter(kind=kind, upstream_id__in=texts).order_by("upstream_id"):
        text = texts[name.upstream_id]
        if text and text != name.text:
            _store(name, text, now)


def _store(name: Name, text: str, now: datetime) -> None:
    """Stores a name and plans its next refresh: in a day, but a version's number never changes."""
    before, name.text = name.text, text
    again = now + timedelta(seconds=jittered(DAY.total_seconds()))
    name.next_at = None if name.kind == VERSION else again
    columns = {"text": text, "asked_at": name.asked_at, "next_at": name.next_at}
    Name.objects.filter(pk=name.pk).update(**columns)
    _apply_to_runs(name, new=text != before)


def _apply_to_runs(name: Name, *, new: bool) -> None:
    """Puts a new name on the runs and raises their version, so that they are rendered again."""
    runs = Run.objects.filter(**{COLUMNS[name.kind]: name.upstream_id})
    others = runs.exclude(workflow_name=name.text)
    if not new and not (name.kind == WORKFLOW and others.exists()):
        return
    with transaction.atomic():
        runs.lock()
        if name.kind == WORKFLOW:
            others.update(workflow_name=name.text, extras_version=F("extras_version") + 1)
            _index(runs)
        else:
            runs.update(extras_version=F("extras_version") + 1)


def _index(runs: RunQuerySet) -> None:
    """Has a workflow's runs found by its new name: the newest at once, the rest soon."""
    newest = list(runs.newest().values_list("pk", flat=True)[: INDEXED_AT_ONCE + 1])
    if len(newest) > INDEXED_AT_ONCE:
        reindexing.request(runs)
    search_index.index_runs(newest[:INDEXED_AT_ONCE])


def of_run(run: Run) -> dict[str, str]:
    """The known names of one run's workflow, version, machine and deployment, by kind."""
    texts = _texts([run])
    names = {
        kind: texts.get((kind, getattr(run, column) or "")) for kind, column in COLUMNS.items()
    }
    return {kind: text for kind, text in names.items() if text}


def _texts(runs: Sequence[Run]) -> dict[tuple[str, str], str]:
    ids = {upstream_id for run in runs for _, upstream_id in _name_keys(run)}
    rows = Name.objects.filter(upstream_id__in=ids).exclude(text="")
    return {(row.kind, row.upstream_id): row.text for row in rows}
