"""One refresh of one run: ask, store, decide when to ask again."""

import logging
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from uuid import UUID

from django.conf import settings
from django.db import DataError, Error, IntegrityError

from dashboard.domain.polling.schedule import (
    FORBIDDEN,
    NOT_FOUND,
    PollState,
    live_interval,
    next_wait,
)
from dashboard.domain.run import status as statuses
from dashboard.models import Run
from dashboard.services import clock
from dashboard.services.comfydeploy import client, gate, load
from dashboard.services.jitter import jittered
from dashboard.services.runs import logs
from dashboard.services.runs.claims import give_back
from dashboard.services.runs.store import Answer, answer_digest, store_answers, unless_nudged
from dashboard.upstream.errors import BadAnswer, UpstreamError
from dashboard.upstream.reader import read_run

log = logging.getLogger(__name__)
# An answer that we fail at is asked for again ever more slowly, as one that is no answer.
OURS = "Runboard could not take ComfyDeploy's answer."
OF_ONE_ROW = (DataError, IntegrityError)  # anything else is said of the database as a whole
LOG_INTERVAL = 10.0  # while the log of a run that failed may still come
# Many threads at the database at once only make each other wait: SQLite takes one writer.
_writers = threading.BoundedSemaphore(2)


def refresh(run: Run, token: UUID) -> None:
    """Asks ComfyDeploy under a claim and stores the answer, or what went wrong.

    Raises UpstreamError after storing the trouble; what was seen before stays.
    No transaction is open while the answer is awaited.
    """
    answer = request_run(run, token)
    store([answer])
    if answer.error:
        raise answer.error


def request_run(run: Run, token: UUID) -> Answer:
    """What ComfyDeploy says of a claimed run, or why it says nothing; the database has no part."""
    try:
        body = client.client().get_run(run.uuid)
        digest = answer_digest(body, settings.COLD_START_SECONDS)
        same = run.seen and digest == run.answer_digest
        facts = None if same else read_run(body, run.uuid, cold_after=settings.COLD_START_SECONDS)
        return Answer(run, token, clock.now(), facts, digest)
    except UpstreamError as error:
        return Answer(run, token, clock.now(), error=error)
    except Exception:
        log.exception("Reading the answer about run %s failed.", run.short_id)
        return Answer(run, token, clock.now(), error=BadAnswer(OURS))


def store(answers: Sequence[Answer]) -> None:
    """Stores answers, together where that can be; raises when the database takes nothing.

    An answer that can't be stored must not take the others with it.
    """
    waiting = list(answers)
    try:
        _tell_everybody(answers)
        waiting = _store_together(waiting)
        while waiting:
            _store_alone(waiting[0])
            waiting.pop(0)
    except Exception:
        for each in waiting:
            give_back(each.run, each.token)
        raise


def _tell_everybody(answers: Sequence[Answer]) -> None:
    """In the order in which they came; good ones in a row say no more than the last of them."""
    for answer, later in zip_longest(answers, answers[1:]):
        if answer.error or later is None or later.error:
            gate.record_outcome(answer.error, answer.at)


def _store_together(answers: list[Answer]) -> list[Answer]:
    """The good ones at once; gives those that are left to be stored alone."""
    good = [answer for answer in answers if answer.error is None]
    if len(good) < 2:
        return answers
    try:
        left = set(_record(good))
    except Exception as error:
        log.warning("Answers are stored one by one: %s", error)
        for answer in good:
            answer.run.reread()
        return answers
    return [answer for answer in answers if answer.error or answer in left]


def _store_alone(answer: Answer) -> None:
    run = answer.run
    if answer.error:
        _note_trouble(run, answer.token, answer.error, answer.at)
        return
    try:
        lost = _record([answer])
    except Exception as error:
        if isinstance(error, Error) and not isinstance(error, OF_ONE_ROW):
            raise
        log.exception("Storing run %s failed.", run.short_id)
        run.reread()
        _note_trouble(run, answer.token, BadAnswer(OURS), answer.at)
    else:
        if lost:
            log.info("Run %s was refreshed by somebody else meanwhile.", run.short_id)
            run.reread()


def _record(answers: Sequence[Answer]) -> list[Answer]:
    with _writers:
        return store_answers(answers, _next_at)


def _note_trouble(run: Run, token: UUID, error: UpstreamError, now: datetime) -> None:
    run.asked_at = now
    if run.trouble != error.trouble:
        run.trouble_since = now
        if {run.trouble, error.trouble} & {NOT_FOUND, FORBIDDEN}:
            run.failures = 0  # three tries are counted from the first of this kind
    run.failures += 1
    run.trouble = error.trouble
    run.next_refresh_at = _next_at(run, now, retry_after=error.retry_after)
    run.claim_token = run.claimed_until = None
    columns = "asked_at failures trouble trouble_since next_refresh_at claim_token claimed_until"
    Run.objects.filter(pk=run.pk, claim_token=token).update(
        **{name: getattr(run, name) for name in columns.split()}
        | {"next_refresh_at": unless_nudged(run, now)}
    )
    log.warning("Run %s: %s", run.short_id, error)


def poll_state(
    run: Run, now: datetime, *, looked: bool, retry_after: float | None = None
) -> PollState:
    """A run's place in the pace table at one moment."""
    end = run.ended_at or (run.updated_at if run.finished else None)
    return PollState(
        finished=run.finished,
        status=run.status,
        known=run.status in statuses.KNOWN,
        phase_age=_age(run.phase_since, now) or 0.0,
        ended_age=_age(end, now),
        has_end=run.ended_at is not None,
        looked=looked,
        failures=run.failures,
        trouble=run.trouble,
        trouble_age=_age(run.trouble_since, now) or 0.0,
        retry_after=retry_after,
        stretch=1.0 if run.finished else load.current(now).stretch,
    )


def is_looked_at(run: Run, now: datetime) -> bool:
    return run.looked_at is not None and now - run.looked_at < load.LOOKING


def _next_at(run: Run, now: datetime, retry_after: float | None = None) -> datetime | None:
    at = poll_state(run, now, looked=is_looked_at(run, now), retry_after=retry_after)
    wait = next_wait(at)
    return None if wait is None else now + timedelta(seconds=jittered(wait))


def looked_interval(run: Run, now: datetime) -> float | None:
    """Seconds between looks while somebody looks; None when there is nothing to wait for."""
    at = poll_state(run, now, looked=True)
    if run.finished:
        if run.next_refresh_at is not None and _soon(run, now):
            return 2.0
        return LOG_INTERVAL if logs.is_awaited(run, now) else None
    return live_interval(at)


def _soon(run: Run, now: datetime) -> bool:
    return run.next_refresh_at is not None and run.next_refresh_at - now < timedelta(seconds=60)


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max(0.0, (now - since).total_seconds())
