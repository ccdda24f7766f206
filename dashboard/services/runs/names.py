"""Names of workflows, versions, deployments and machines: asked once, kept, refreshed daily."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from dashboard.domain.listing import DEPLOYMENT, MACHINE, VERSION, WORKFLOW
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Follow, Name, Run
from dashboard.services import clock
from dashboard.services.comfydeploy.api_requests import get_body
from dashboard.services.jitter import jittered
from dashboard.upstream.directory import name_path, read_name
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
COLUMNS = {
    WORKFLOW: "workflow_id",
    VERSION: "workflow_version_id",
    MACHINE: "machine_id",
    DEPLOYMENT: "deployment_id",
}
FIELDS = frozenset(COLUMNS.values())
DAY, SOON = timedelta(days=1), timedelta(minutes=5)
# What a name can be done without: not for our key, gone, or not told.
WITHOUT = frozenset(
    {Trouble.FORBIDDEN, Trouble.NOT_FOUND, Trouble.SERVER_ERROR, Trouble.BAD_ANSWER}
)


def note(runs: Sequence[Run]) -> None:
    """Has the names of runs' things asked for, once each, and takes those that are known."""
    if not runs:
        return
    # In one order everywhere, so that two processes never wait for each other's rows.
    want(sorted({thing for run in runs for thing in _things(run)}), clock.now())
    texts = _texts(runs)
    for run in runs:
        text = texts.get((WORKFLOW, run.workflow_id or ""), "")
        if text != run.workflow_name:
            run.workflow_name = text
            Run.objects.filter(pk=run.pk).update(workflow_name=text)


def _things(run: Run) -> list[tuple[str, str]]:
    ids = ((kind, getattr(run, column)) for kind, column in COLUMNS.items())
    return [(kind, upstream_id) for kind, upstream_id in ids if upstream_id]


def want(things: Iterable[tuple[str, str]], now: datetime) -> None:
    """Makes a row, due now, for each (kind, ID) that has none."""
    Name.objects.bulk_create(
        [Name(kind=kind, upstream_id=upstream_id, next_at=now) for kind, upstream_id in things],
        ignore_conflicts=True,
    )


def want_all(now: datetime) -> None:
    """The same for every run that is stored: those from before names were kept."""
    for kind, column in COLUMNS.items():
        ids = Run.objects.filter(**{f"{column}__isnull": False}).values_list(column, flat=True)
        want(((kind, upstream_id) for upstream_id in ids.distinct() if upstream_id), now)


def forget_unused() -> int:
    """Removes the names of what no run and nothing followed has any more; how many went."""
    gone = 0
    for kind, column in COLUMNS.items():
        used = Run.objects.filter(**{f"{column}__isnull": False}).values(column)
        followed = [
            str(each) for each in Follow.objects.filter(kind=kind).values_list("target", flat=True)
        ]
        unused = Name.objects.filter(kind=kind).exclude(upstream_id__in=used)
        gone += unused.exclude(upstream_id__in=followed).delete()[0]
    return gone


def resolve(name: Name, now: datetime) -> None:
    """Asks for one name and keeps it; a name that was known stays when it can't be had."""
    name.asked_at, before = now, name.text
    try:
        text = read_name(name.kind, get_body(name_path(name.kind, name.upstream_id)))
    except UpstreamError as error:
        wait = DAY if error.trouble in WITHOUT else SOON
        seconds = max(wait.total_seconds(), error.retry_after or 0.0)
        name.next_at = now + timedelta(seconds=jittered(seconds))
        log.info("No name for %s %s: %s", name.kind, name.upstream_id[:8], error)
    else:
        name.text = text
        # A version never changes its number.
        again = now + timedelta(seconds=jittered(DAY.total_seconds()))
        name.next_at = None if name.kind == VERSION else again
    # The row may have been dropped meanwhile, with the last run that has the thing.
    columns = {"text": name.text, "asked_at": name.asked_at, "next_at": name.next_at}
    Name.objects.filter(pk=name.pk).update(**columns)
    if name.text:
        _apply(name, new=name.text != before)


def _apply(name: Name, *, new: bool) -> None:
    """Puts a new name on the runs; what is kept rendered of them is drawn anew."""
    runs = Run.objects.filter(**{COLUMNS[name.kind]: name.upstream_id})
    if name.kind == WORKFLOW:
        runs.exclude(workflow_name=name.text).update(
            workflow_name=name.text, extras_version=F("extras_version") + 1
        )
    elif new:
        runs.update(extras_version=F("extras_version") + 1)


def of_run(run: Run) -> dict[str, str]:
    """The names of one run's things, by kind; what is not known is left out."""
    texts = _texts([run])
    found = {
        kind: texts.get((kind, getattr(run, column) or "")) for kind, column in COLUMNS.items()
    }
    return {kind: text for kind, text in found.items() if text}


def _texts(runs: Sequence[Run]) -> dict[tuple[str, str], str]:
    ids = {upstream_id for run in runs for _, upstream_id in _things(run)}
    rows = Name.objects.filter(upstream_id__in=ids).exclude(text="")
    return {(row.kind, row.upstream_id): row.text for row in rows}


def workflows_called(search: str) -> QuerySet[Name, str]:
    """The IDs of the workflows of whose name a word begins so."""
    begins = Q(text__istartswith=search)
    for gap in (" ", "-", "_", "/"):
        begins |= Q(text__icontains=f"{gap}{search}")
    return Name.objects.filter(begins, kind=WORKFLOW).values_list("upstream_id", flat=True)
