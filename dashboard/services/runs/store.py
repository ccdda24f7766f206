"""Stores answers: the runs' columns, what changed, their outputs."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, DateTimeField, Value, When

from dashboard.domain.run.changes import diff
from dashboard.domain.run.facts import Output as OutputFacts
from dashboard.domain.run.facts import RunFacts
from dashboard.models import Output, Payload, Run, Snapshot
from dashboard.models.bulk_update import update_rows
from dashboard.models.fields import dump
from dashboard.models.run import EXTRAS
from dashboard.presentation.run import inputs as reading
from dashboard.services.files import file_queue
from dashboard.services.runs import logs, names
from dashboard.upstream.errors import UpstreamError
from dashboard.upstream.reader import READER_VERSION

OUTPUT_COLUMNS = (
    *("kind", "key", "filename", "url", "text", "node_id", "node_class", "output_id"),
    *("unsafe", "created_at", "expires_at"),
)
SIGNED_COLUMNS = ("url", "expires_at")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
AFTER_NUDGE = timedelta(seconds=2)
LINK_LEFT = timedelta(minutes=30)
HEARD = (
    *("observed_at", "asked_at", "failures", "trouble", "trouble_since"),
    *("next_refresh_at", "claim_token", "claimed_until"),
)
STORED = tuple(
    field.attname
    for field in Run._meta.concrete_fields
    if field.attname not in {"id", "uuid", "first_seen_at", "looked_at", *EXTRAS}
)


NextAt = Callable[[Run, datetime], datetime | None]
NOBODY = (None, None)


class ClaimLost(Exception):
    """Somebody else refreshed the run meanwhile; what we brought is dropped."""


def answer_digest(body: bytes, cold_after: float) -> str:
    """Tells whether an answer would be read as the one before: same bytes, same reader."""
    return blake2b(body + f"{READER_VERSION} {cold_after:g}".encode(), digest_size=20).hexdigest()


@dataclass(eq=False, slots=True)
class Answer:
    """What came back about one claimed run: facts, the same as before (None), or an error."""

    run: Run
    token: UUID
    at: datetime
    facts: RunFacts | None = None
    digest: str = ""
    error: UpstreamError | None = None
    changed: bool = False  # told by `record_all`


def store_answer(
    run: Run, token: UUID, facts: RunFacts, now: datetime, next_at: Any, *, digest: str = ""
) -> bool:
    """Writes one answer under its claim; True when anything shown has changed.

    Raises ClaimLost when the claim is no longer ours.
    """
    answer = Answer(run, token, now, facts, digest)
    if store_answers([answer], lambda run, _: next_at(run)):
        raise ClaimLost(str(run.uuid))
    return answer.changed


def store_answers(answers: Sequence[Answer], next_at: NextAt) -> list[Answer]:
    """Writes answers under their claims, all or nothing; gives those that were not written.

    Those have lost their claim, or, where there are several, their row is in
    somebody's hands just now: alone, an answer waits for its row.
    """
    with transaction.atomic():
        held = _held(answers)
        mine = [answer for answer in answers if held.get(answer.run.pk, NOBODY)[0] == answer.token]
        news = _read_news(mine)
        rows = []
        for answer in mine:
            columns = news[answer.run.pk].columns() if answer.facts else {}
            nudged_at = held[answer.run.pk][1]
            rows.append((answer.run.pk, columns | _heard(answer, next_at, nudged_at)))
        update_rows(Run, rows)
        _write_news(list(news.values()))
    names.note([new.run for new in news.values() if names.FIELDS & new.changes.keys()])
    return [answer for answer in answers if answer not in mine]


def _held(answers: Sequence[Answer]) -> dict[int, tuple[UUID | None, datetime | None]]:
    """Who holds each row and when it was last hinted at; locked where the database can."""
    rows = Run.objects.filter(pk__in=[answer.run.pk for answer in answers])
    if connection.features.has_select_for_update_skip_locked:
        # Several rows are never waited for: that is how two processes would block each other.
        rows = rows.select_for_update(skip_locked=len(answers) > 1)
    return {pk: (token, at) for pk, token, at in rows.values_list("pk", "claim_token", "nudged_at")}


def _read_news(answers: Sequence[Answer]) -> dict[int, "_Change"]:
    read = [answer for answer in answers if answer.facts]
    seen = [answer.run.pk for answer in read if answer.run.seen]
    bodies = Payload.objects.filter(pk__in=seen).values_list("pk", "body") if seen else ()
    states = {pk: json.loads(body) for pk, body in bodies}
    return {answer.run.pk: _Change(answer, states.get(answer.run.pk, {})) for answer in read}


class _Change:
    """What a read answer changes, against what is stored."""

    def __init__(self, answer: Answer, state: dict[str, Any]) -> None:
        assert answer.facts is not None
        run, facts, now = answer.run, answer.facts, answer.at
        self.run, self.facts, self.now = run, facts, now
        self._loaded = _columns(run)
        self.changes, self.dropped = diff(state, facts.state)
        self.outputs = _OutputChanges(run, facts.outputs, now)
        before = (run.status, run.ended_at)
        self.changed = bool(self.changes or self.dropped or before[0] is None)
        answer.changed = self.changed or self.outputs.any
        run.answer_digest = answer.digest
        _take(run, facts, now)
        run.links_end_at = self.outputs.first_end
        run.version += answer.changed
        run.outputs_version += self.outputs.any
        run.snapshot_count += self.changed
        self.log_at = logs.due_from(run, before, now)

    def columns(self) -> dict[str, Any]:
        """The columns that differ from what was loaded."""
        loaded = self._loaded
        return {name: value for name, value in _columns(self.run).items() if loaded[name] != value}

    def payload(self) -> Payload:
        body = dump(dict(self.facts.state))
        return Payload(run=self.run, body=body, reader_version=READER_VERSION, observed_at=self.now)

    def snapshot(self) -> Snapshot:
        snapshot = Snapshot(
            run=self.run,
            observed_at=self.now,
            status=self.facts.status,
            progress=self.facts.progress,
            live_status=self.facts.live_status,
        )
        snapshot.changes, snapshot.dropped = self.changes, self.dropped
        return snapshot


def _take(run: Run, facts: RunFacts, now: datetime) -> None:
    run.take(facts, now)
    run.values = [_plain(value) for value in facts.values]
    run.error = _plain(facts.error) if facts.error else None
    run.prompt = (reading.prompt_of(facts.inputs) or "")[:200]
    run.picture_url = next((o.url for o in facts.outputs if o.kind == "image" and o.url), None)
    run.output_count = len(facts.outputs)


def _write_news(news: Sequence[_Change]) -> None:
    changed = [new for new in news if new.changed]
    if changed:
        Payload.objects.bulk_create(
            [new.payload() for new in changed],
            update_conflicts=True,
            unique_fields=["run"],
            update_fields=["body", "reader_version", "observed_at"],
        )
        Snapshot.objects.bulk_create([new.snapshot() for new in changed])
    for new in news:
        if new.log_at:
            logs.schedule(new.run, new.log_at)
        new.outputs.write(new.run, new.now)
    ended = [new for new in news if new.outputs.any or "status" in new.changes]
    if ended:
        file_queue.enqueue([new.run for new in ended], ended[0].now)


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _heard(answer: Answer, next_at: NextAt, nudged_at: datetime | None) -> dict[str, Any]:
    """The columns that every good answer writes, and when it is asked for again."""
    run = answer.run
    run.observed_at = run.asked_at = answer.at
    run.failures, run.trouble, run.trouble_since = 0, None, None
    run.next_refresh_at = next_at(run, answer.at)
    if nudged_at is not None and nudged_at > (run.nudged_at or LONG_AGO):
        run.next_refresh_at = answer.at + AFTER_NUDGE
    run.claim_token = run.claimed_until = None
    return {name: getattr(run, name) for name in HEARD}


def unless_nudged(run: Run, now: datetime) -> Case:
    """The next refresh, soon where a hint came while the answer was under way."""
    hinted = When(nudged_at__gt=run.nudged_at or LONG_AGO, then=Value(now + AFTER_NUDGE))
    return Case(hinted, default=Value(run.next_refresh_at), output_field=DateTimeField())


def _columns(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in STORED}


class _OutputChanges:
    """Which output rows are new, changed or gone; a new signature alone changes only the link."""

    def __init__(self, run: Run, sent: tuple[OutputFacts, ...], now: datetime) -> None:
        rows = run.outputs.all() if run.output_count else []
        stored = {row.identity: row for row in rows}
        self.sent = sent
        self.new: list[tuple[int, OutputFacts]] = []
        self.changed: list[Output] = []
        self.signed: list[Output] = []
        self.renewed = False
        for position, fact in enumerate(sent):
            row = stored.pop(fact.identity, None)
            if row is None:
                self.new.append((position, fact))
            elif _differs(row, position, fact):
                self.changed.append(_update(row, position, fact))
            elif row.url != fact.url:
                self.renewed = self.renewed or _ends_soon(row, now)
                self.signed.append(_update(row, position, fact))
        self.gone = [row.pk for row in stored.values()]
        # Links are signed anew on every answer: pages need the new ones when the old ones end.
        self.any = bool(self.new or self.changed or self.gone or self.renewed)
        ends = [fact.expires_at for fact in sent if fact.expires_at]
        self.first_end = min(ends) if ends else None

    def write(self, run: Run, now: datetime) -> None:
        if not (self.any or self.signed):
            return
        Output.objects.filter(pk__in=self.gone).delete()
        Output.objects.bulk_update(
            [*self.changed, *self.signed], ["position", *OUTPUT_COLUMNS], batch_size=100
        )
        if self.signed:
            file_queue.retry_renewed_links(run, [row.identity for row in self.signed], now)
        Output.objects.bulk_create(
            [
                _update(Output(run=run, identity=fact.identity, first_seen_at=now), position, fact)
                for position, fact in self.new
            ]
        )


def _ends_soon(row: Output, now: datetime) -> bool:
    return row.expires_at is None or row.expires_at - now < LINK_LEFT


def _differs(row: Output, position: int, fact: OutputFacts) -> bool:
    return row.position != position or any(
        getattr(row, name) != getattr(fact, name)
        for name in OUTPUT_COLUMNS
        if name not in SIGNED_COLUMNS
    )


def _update(row: Output, position: int, fact: OutputFacts) -> Output:
    row.position = position
    for name in OUTPUT_COLUMNS:
        setattr(row, name, getattr(fact, name))
    return row
