"""Stored logs that an earlier release read: cleaned, and read again for the run's error."""

import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from dashboard.domain.logs.masking import mask_lines
from dashboard.domain.logs.stored_log import LOG_READER_VERSION, lines_of
from dashboard.models import Run, RunLog
from dashboard.services.runs import search_index
from dashboard.services.runs.logs import as_text, error_of

log = logging.getLogger(__name__)
BATCH = 50
"""Logs read in a row; some milliseconds each, a second for the longest."""


def reread_older(stop: Callable[[], bool] = lambda: False) -> int:
    """Reads up to `BATCH` logs that an older reader read, newest first; returns how many.

    Writes and asks ComfyDeploy nothing. What is no longer stored of a log (deliveries of
    webhooks with their addresses) is removed from its text.
    """
    older = RunLog.objects.filter(reader_version__lt=LOG_READER_VERSION)
    keys = list(older.order_by("-pk").values_list("pk", flat=True)[:BATCH])
    for done, pk in enumerate(keys):
        if stop():
            return done
        _reread(pk)
    if keys:
        log.info("%s stored logs were read again for their runs' errors.", len(keys))
    return len(keys)


def _reread(pk: int) -> None:
    stored = RunLog.objects.select_related("run").filter(pk=pk).first()
    if stored is None:
        return
    sent = lines_of(stored.body)
    lines = mask_lines(sent)
    body, error = as_text(lines), error_of(stored.run, lines)
    changed = bool(stored.body) and (body, error) != (stored.body, stored.run.log_error)
    with transaction.atomic():
        # The run first, as everywhere, so that no two wait for each other.
        run = Run.objects.select_for_update().filter(pk=pk)
        if not run.values_list("pk", flat=True).first():
            return  # removed meanwhile
        unread = RunLog.objects.filter(pk=pk, reader_version=stored.reader_version)
        written = unread.filter(fetched_at=stored.fetched_at).update(
            body=body,
            lines=len(lines),
            cut=stored.cut or len(lines) < len(sent),
            reader_version=LOG_READER_VERSION,
        )
        if written and changed:
            stored.run.log_error = error
            columns = {"log_error": error, **stored.run.error_columns()}
            run.update(**columns, extras_version=F("extras_version") + 1)
            search_index.index_runs([pk])
