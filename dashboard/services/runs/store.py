"""Stores answers: the runs' columns, a snapshot of what changed, the outputs."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, DateTimeField, Value, When

from dashboard.domain.changed.same_inputs import fingerprint
from dashboard.domain.json_types import JsonObject
from dashboard.domain.run.changes import diff
from dashboard.domain.run.durations import posted_again, without_start
from dashboard.domain.run.facts import Output as OutputFacts
from dashboard.domain.run.facts import RunFacts
from dashboard.models import Output, Payload, Run, Snapshot
from dashboard.models.bulk_update import update_rows
from dashboard.models.fields import dump
from dashboard.models.run import EXTRAS
from dashboard.presentation.run import inputs as reading
from dashboard.services.files import file_queue
from dashboard.services.machines import containers, costs, queue_splits
from dashboard.services.runs import details, logs, names, picks, search_index, slow
from dashboard.upstream.errors import UpstreamError
from dashboard.upstream.reader import READER_VERSION

OUTPUT_COLUMNS = (
    *("kind", "key", "filename", "url", "text", "node_id", "node_class", "output_id"),
    *("unsafe", "created_at", "expires_at"),
)
SIGNED_COLUMNS = ("url", "expires_at")
ON_MACHINE = frozenset({"gpu_event_id", "status"})  # a change of these tells of a container
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
AFTER_NUDGE = timedelta(seconds=2)
LINKS_END_SOON = timedelta(minutes=30)
REFRESH_COLUMNS = (
    *("observed_at", "asked_at", "failures", "trouble", "trouble_since"),
    *("next_refresh_at", "claim_token", "claimed_until"),
)
ANSWER_COLUMNS = tuple(
    field.attname
    for field in Run._meta.concrete_fields
    if field.attname not in {"id", "uuid", "first_seen_at", "looked_at", *EXTRAS}
)

NextRefresh = Callable[[Run, datetime], datetime | None]
UNCLAIMED = (None, None)


def answer_digest(body: bytes, cold_after: float) -> str:
    """A digest that is equal where the reader would read the same: same bytes, same reader."""
    return blake2b(body + f"{READER_VERSION} {cold_after:g}".encode(), digest_size=20).hexdigest()


@dataclass(eq=False, slots=True)
class Answer:
    """The outcome of one request: facts (None: the same as before) or an error."""

    run: Run
    token: UUID
    at: datetime
    facts: RunFacts | None = None
    digest: str = ""
    error: UpstreamError | None = None
    changed: bool = False  # set by `store_answers`: whether anything shown differs


def store_answers(answers: Sequence[Answer], next_refresh: NextRefresh) -> list[Answer]:
    """Stores good answers in one transaction; returns those that were not written.

    Writes, never asks. An answer is not written when its claim is lost or, where
    there are several, when another transaction holds its row; a single answer
    waits for the row.
    """
    with transaction.atomic():
        claims = _lock_rows(answers)
        mine = [
            answer for answer in answers if claims.get(answer.run.pk, UNCLAIMED)[0] == answer.token
        ]
        changes = _changes_of(mine)
        queue_splits.split([each.run for each in changes.values()])
        costs.put([each.run for each in changes.values()])
        slow.mark(each.run for each in changes.values() if each.tells_end)
        rows, searched = [], []
        for answer in mine:
            columns = changes[answer.run.pk].columns() if answer.facts else {}
            if search_index.SEARCHED & columns.keys():
                searched.append(answer.run.pk)
            nudged_at = claims[answer.run.pk][1]
            rows.append((answer.run.pk, columns | _refreshed(answer, next_refresh, nudged_at)))
        update_rows(Run, rows)
        _write_changes(list(changes.values()))
        search_index.index_runs({*searched, *_with_other_files(changes.values())})
    names.name_runs([each.run for each in changes.values() if names.FIELDS & each.changes.keys()])
    on_machines = [each.run for each in changes.values() if ON_MACHINE & each.changes.keys()]
    containers.request(on_machines, answers[0].at)
    details.request(on_machines, answers[0].at)
    return [answer for answer in answers if answer not in mine]


def _lock_rows(answers: Sequence[Answer]) -> dict[int, tuple[UUID | None, datetime | None]]:
    """Each row's claim token and last nudge; the rows are locked where the database can."""
    rows = Run.objects.filter(pk__in=[answer.run.pk for answer in answers])
    if connection.features.has_select_for_update_skip_locked:
        # With several rows, waiting for locked ones could deadlock two processes.
        rows = rows.select_for_update(skip_locked=len(answers) > 1)
    return {pk: (token, at) for pk, token, at in rows.values_list("pk", "claim_token", "nudged_at")}


def _changes_of(answers: Sequence[Answer]) -> dict[int, "_RunChange"]:
    """What the answers with facts change, by the run's key; reads the stored payloads."""
    read = [answer for answer in answers if answer.facts]
    known = [answer.run.pk for answer in read if answer.run.fetched]
    bodies = Payload.objects.filter(pk__in=known).values_list("pk", "body") if known else ()
    states = {pk: json.loads(body) for pk, body in bodies}
    return {answer.run.pk: _RunChange(answer, states.get(answer.run.pk, {})) for answer in read}


class _RunChange:
    """How an answer differs from what is stored; puts the new values on the run object."""

    def __init__(self, answer: Answer, state: JsonObject) -> None:
        assert answer.facts is not None
        run, facts, now = answer.run, answer.facts, answer.at
        facts = without_start(facts) if posted_again(run, facts) else facts
        self.run, self.facts, self.now = run, facts, now
        self._loaded = _column_values(run)
        self.changes, self.dropped = diff(state, facts.state)
        self.outputs = _OutputChanges(run, facts.outputs, now)
        # Whether the run goes on, or its end is new: lists lack what it is compared by.
        self.tells_end = not (facts.finished and run.finished and run.fetched)
        # What a list told of the run counts as no answer: its log is still to be requested.
        before = (run.status, run.ended_at) if run.fetched else (None, None)
        self.changed = bool(self.changes or self.dropped or before[0] is None)
        answer.changed = self.changed or self.outputs.any
        run.answer_digest = answer.digest
        _set_columns(run, facts, now)
        run.links_end_at = self.outputs.first_end
        run.version += answer.changed
        run.outputs_version += self.outputs.any
        run.snapshot_count += self.changed
        self.log_at = logs.due_from(run, before, now)

    def columns(self) -> dict[str, object]:
        """The columns that differ from what was loaded."""
        loaded = self._loaded
        values = _column_values(self.run)
        return {name: value for name, value in values.items() if loaded[name] != value}

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


def _set_columns(run: Run, facts: RunFacts, now: datetime) -> None:
    run.apply_facts(facts, now)
    run.values = [value.stored() for value in facts.values]
    run.error = facts.error.stored() if facts.error else None
    for name, value in run.error_columns().items():
        setattr(run, name, value)
    run.inputs_digest = fingerprint(facts.inputs)
    run.seedless_digest = fingerprint(facts.inputs, seedless=True)
    run.prompt = (reading.prompt_of(facts.inputs) or "")[:200]
    run.picture_url = next((o.url for o in facts.outputs if o.kind == "image" and o.url), None)
    run.output_count = len(facts.outputs)


def _write_changes(changes: Sequence[_RunChange]) -> None:
    changed = [each for each in changes if each.changed]
    if changed:
        Payload.objects.bulk_create(
            [each.payload() for each in changed],
            update_conflicts=True,
            unique_fields=["run"],
            update_fields=["body", "reader_version", "observed_at"],
        )
        Snapshot.objects.bulk_create([each.snapshot() for each in changed])
    for each in changes:
        if each.log_at:
            logs.schedule(each.run, each.log_at)
        each.outputs.write(each.run, each.now)
    with_files = [each for each in changes if each.outputs.any or "status" in each.changes]
    if with_files:
        file_queue.enqueue([each.run for each in with_files], with_files[0].now)


def _with_other_files(changes: Iterable[_RunChange]) -> list[int]:
    """The runs whose outputs have other files than before."""
    return [each.run.pk for each in changes if each.outputs.other_files]


def _refreshed(
    answer: Answer, next_refresh: NextRefresh, nudged_at: datetime | None
) -> dict[str, object]:
    """The columns that every good answer writes, with the next refresh; sets them on the run."""
    run = answer.run
    run.observed_at = run.asked_at = answer.at
    run.failures, run.trouble, run.trouble_since = 0, None, None
    run.next_refresh_at = next_refresh(run, answer.at)
    if nudged_at is not None and nudged_at > (run.nudged_at or LONG_AGO):
        run.next_refresh_at = answer.at + AFTER_NUDGE
    run.claim_token = run.claimed_until = None
    return {name: getattr(run, name) for name in REFRESH_COLUMNS}


def unless_nudged(run: Run, now: datetime) -> Case:
    """The next refresh as planned, or in 2 s where a nudge came during the request."""
    nudged = When(nudged_at__gt=run.nudged_at or LONG_AGO, then=Value(now + AFTER_NUDGE))
    return Case(nudged, default=Value(run.next_refresh_at), output_field=DateTimeField())


def _column_values(run: Run) -> dict[str, object]:
    return {name: getattr(run, name) for name in ANSWER_COLUMNS}


class _OutputChanges:
    """Which output rows are new, changed or gone; a new signature only changes the link."""

    def __init__(self, run: Run, sent: tuple[OutputFacts, ...], now: datetime) -> None:
        rows = run.outputs.all() if run.output_count else []
        stored = {row.identity: row for row in rows}
        self.sent = sent
        self.new: list[tuple[int, OutputFacts]] = []
        self.changed: list[Output] = []
        self.relinked: list[Output] = []  # only the signature of the link is new
        self.links_due = False
        for position, fact in enumerate(sent):
            row = stored.pop(fact.identity, None)
            if row is None:
                self.new.append((position, fact))
            elif _differs(row, position, fact):
                self.changed.append(_fill(row, position, fact))
            elif row.url != fact.url:
                self.links_due = self.links_due or _link_ends_soon(row, now)
                self.relinked.append(_fill(row, position, fact))
        self.gone = [row.pk for row in stored.values()]
        # Every answer has newly signed links: pages need them when the old ones end.
        self.other_files = bool(self.new or self.changed or self.gone)
        self.any = self.other_files or self.links_due
        ends = [fact.expires_at for fact in sent if fact.expires_at]
        self.first_end = min(ends) if ends else None

    def write(self, run: Run, now: datetime) -> None:
        if not (self.any or self.relinked):
            return
        Output.objects.filter(pk__in=self.gone).delete()
        Output.objects.bulk_update(
            [*self.changed, *self.relinked], ["position", *OUTPUT_COLUMNS], batch_size=100
        )
        if self.relinked:
            file_queue.retry_renewed_links(run, [row.identity for row in self.relinked], now)
        Output.objects.bulk_create(
            [
                _fill(Output(run=run, identity=fact.identity, first_seen_at=now), position, fact)
                for position, fact in self.new
            ]
        )
        # Marks stay while an output is away; a run without extras was never marked.
        if self.gone or (self.new and run.extras_version):
            picks.recount(run)


def _link_ends_soon(row: Output, now: datetime) -> bool:
    return row.expires_at is None or row.expires_at - now < LINKS_END_SOON


def _differs(row: Output, position: int, fact: OutputFacts) -> bool:
    return row.position != position or any(
        getattr(row, name) != getattr(fact, name)
        for name in OUTPUT_COLUMNS
        if name not in SIGNED_COLUMNS
    )


def _fill(row: Output, position: int, fact: OutputFacts) -> Output:
    row.position = position
    for name in OUTPUT_COLUMNS:
        setattr(row, name, getattr(fact, name))
    return row
