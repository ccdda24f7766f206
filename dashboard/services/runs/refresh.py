"""One refresh of a run: request it, store the answer, plan the next refresh."""

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
    wanted_on_opening,
)
from dashboard.domain.run import status as statuses
from dashboard.models import Run
from dashboard.services import clock
from dashboard.services.comfydeploy import client, gate, load
from dashboard.services.jitter import jittered
from dashboard.services.runs import logs
from dashboard.services.runs.claims import release_after_error
from dashboard.services.runs.store import Answer, answer_digest, store_answers, unless_nudged
from dashboard.upstream.errors import BadAnswer, UpstreamError
from dashboard.upstream.reader import read_run

log = logging.getLogger(__name__)
# An answer that Runboard cannot read or store counts as a bad answer: the waits grow.
OWN_FAILURE = "Runboard could not take ComfyDeploy's answer."
ROW_ERRORS = (DataError, IntegrityError)  # any other error concerns the whole database
LOG_INTERVAL = 10.0  # seconds between polls while a failed run's log may still arrive
# More concurrent writers only wait for each other: SQLite has one at a time.
_writers = threading.BoundedSemaphore(2)


def refresh_claimed(run: Run, token: UUID) -> None:
    """Asks ComfyDeploy for a claimed run and stores the answer or the trouble.

    Asks and writes. Raises UpstreamError after storing the trouble; what was seen
    before stays. No transaction is open during the request.
    """
    answer = request_run(run, token)
    store_outcomes([answer])
    if answer.error:
        raise answer.error


def request_run(run: Run, token: UUID) -> Answer:
    """Asks ComfyDeploy for a claimed run; returns the answer or the error. Never writes."""
    try:
        body = client.client().get_run(run.uuid)
        digest = answer_digest(body, settings.COLD_START_SECONDS)
        same = run.fetched and digest == run.answer_digest
        facts = None if same else read_run(body, run.uuid, cold_after=settings.COLD_START_SECONDS)
        return Answer(run, token, clock.now(), facts, digest)
    except UpstreamError as error:
        return Answer(run, token, clock.now(), error=error)
    except Exception:
        log.exception("Reading the answer about run %s failed.", run.short_id)
        return Answer(run, token, clock.now(), error=BadAnswer(OWN_FAILURE))


def store_outcomes(answers: Sequence[Answer]) -> None:
    """Stores answers and errors, good answers in one transaction. Writes, never asks.

    An answer that can't be stored does not affect the others; its run gets a
    `bad-answer` trouble. Raises, and releases the claims, when the database
    takes no writes at all.
    """
    waiting = list(answers)
    try:
        _record_outcomes(answers)
        waiting = _store_batch(waiting)
        while waiting:
            _store_one(waiting[0])
            waiting.pop(0)
    except Exception:
        for each in waiting:
            release_after_error(each.run, each.token)
        raise


def _record_outcomes(answers: Sequence[Answer]) -> None:
    """Reports to the gate in order of arrival; of successive good answers only the last."""
    for answer, later in zip_longest(answers, answers[1:]):
        if answer.error or later is None or later.error:
            gate.record_outcome(answer.error, answer.at)


def _store_batch(answers: list[Answer]) -> list[Answer]:
    """Stores the good ones at once; returns those that are still to be stored one by one."""
    good = [answer for answer in answers if answer.error is None]
    if len(good) < 2:
        return answers
    try:
        left = set(_store_good(good))
    except Exception as error:
        log.warning("Answers are stored one by one: %s", error)
        for answer in good:
            answer.run.reread()
        return answers
    return [answer for answer in answers if answer.error or answer in left]


def _store_one(answer: Answer) -> None:
    run = answer.run
    if answer.error:
        _store_trouble(run, answer.token, answer.error, answer.at)
        return
    try:
        not_stored = _store_good([answer])
    except Exception as error:
        if isinstance(error, Error) and not isinstance(error, ROW_ERRORS):
            raise
        log.exception("Storing run %s failed.", run.short_id)
        run.reread()
        _store_trouble(run, answer.token, BadAnswer(OWN_FAILURE), answer.at)
    else:
        if not_stored:
            log.info("Run %s was refreshed by somebody else meanwhile.", run.short_id)
            run.reread()


def _store_good(answers: Sequence[Answer]) -> list[Answer]:
    """Stores good answers; returns those not stored, as their claims were lost."""
    with _writers:
        return store_answers(answers, _next_refresh)


def _store_trouble(run: Run, token: UUID, error: UpstreamError, now: datetime) -> None:
    run.asked_at = now
    if run.trouble != error.trouble:
        run.trouble_since = now
        if {run.trouble, error.trouble} & {NOT_FOUND, FORBIDDEN}:
            run.failures = 0  # a run is given up after three failures of this kind
    run.failures += 1
    run.trouble = error.trouble
    run.next_refresh_at = _next_refresh(run, now, retry_after=error.retry_after)
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
    """What the schedule needs to know of a run at one moment; may count the live runs."""
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


def wanted_by_a_look(run: Run, now: datetime) -> bool:
    """Whether a look at a finished run asks once more. Neither asks nor writes."""
    at = poll_state(run, now, looked=True)
    return wanted_on_opening(at, _age(run.asked_at, now))


def is_looked_at(run: Run, now: datetime) -> bool:
    """Whether somebody has looked within 30 s."""
    return run.looked_at is not None and now - run.looked_at < load.LOOKED_AT_FOR


def _next_refresh(run: Run, now: datetime, retry_after: float | None = None) -> datetime | None:
    at = poll_state(run, now, looked=is_looked_at(run, now), retry_after=retry_after)
    wait = next_wait(at)
    return None if wait is None else now + timedelta(seconds=jittered(wait))


def looked_interval(run: Run, now: datetime) -> float | None:
    """Seconds between refreshes of a run that is looked at; None if none is expected.

    Neither asks nor writes.
    """
    at = poll_state(run, now, looked=True)
    if run.finished:
        if _refresh_is_near(run, now):
            return 2.0
        return LOG_INTERVAL if logs.is_awaited(run, now) else None
    return live_interval(at)


def _refresh_is_near(run: Run, now: datetime) -> bool:
    return run.next_refresh_at is not None and run.next_refresh_at - now < timedelta(seconds=60)


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max(0.0, (now - since).total_seconds())
