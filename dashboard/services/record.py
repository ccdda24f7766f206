"""Stores one answer: the run's columns, what changed, its outputs."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, DateTimeField, Value, When

from dashboard.domain import inputs as reading
from dashboard.domain.changes import diff
from dashboard.domain.facts import Output as OutputFacts
from dashboard.domain.facts import RunFacts
from dashboard.models import Output, Payload, Run, Snapshot
from dashboard.models.fields import dump
from dashboard.models.run import BESIDE
from dashboard.services import logs, names
from dashboard.upstream.reader import READER_VERSION

OUTPUT_COLUMNS = (
    *("kind", "key", "filename", "url", "text", "node_id", "node_class", "output_id"),
    *("unsafe", "created_at", "expires_at"),
)
SIGNED_COLUMNS = ("url", "expires_at")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
AFTER_HINT = timedelta(seconds=2)
LINK_LEFT = timedelta(minutes=30)
HEARD = (
    *("observed_at", "asked_at", "failures", "trouble", "trouble_since"),
    *("next_refresh_at", "claim_token", "claimed_until"),
)
STORED = tuple(
    field.attname
    for field in Run._meta.concrete_fields
    if field.attname not in {"id", "uuid", "first_seen_at", "looked_at", "starred", *BESIDE}
)


class ClaimLost(Exception):
    """Somebody else refreshed the run meanwhile; what we brought is dropped."""


def answer_digest(body: bytes, cold_after: float) -> str:
    """Tells whether an answer would be read as the one before: same bytes, same reader."""
    return blake2b(body + f"{READER_VERSION} {cold_after:g}".encode(), digest_size=20).hexdigest()


def record_unchanged(run: Run, token: UUID, now: datetime, next_at: Any) -> None:
    """Notes that the same answer came again: one UPDATE. Raises ClaimLost."""
    _heard(run, now, next_at)
    columns = {name: getattr(run, name) for name in HEARD}
    columns["next_refresh_at"] = unless_hinted(run, now)
    if not Run.objects.filter(pk=run.pk, claim_token=token).update(**columns):
        raise ClaimLost(str(run.uuid))


def record(
    run: Run, token: UUID, facts: RunFacts, now: datetime, next_at: Any, *, digest: str = ""
) -> bool:
    """Writes an answer under the claim; True when anything shown has changed.

    Raises ClaimLost when the claim is no longer ours. Everything is written or
    nothing is.
    """
    loaded = _columns(run)
    run.answer_digest = digest
    changes, dropped = diff(Payload.state_of(run) if run.seen else {}, facts.state)
    outputs = _OutputChanges(run, facts.outputs, now)
    before = (run.status, run.ended_at)
    run.take(facts, now)
    run.values = [_plain(value) for value in facts.values]
    run.error = _plain(facts.error) if facts.error else None
    run.prompt = (reading.prompt_of(facts.inputs) or "")[:200]
    run.picture_url = next((o.url for o in facts.outputs if o.kind == "image" and o.url), None)
    run.output_count = len(facts.outputs)
    changed = bool(changes or dropped or before[0] is None)
    log_at = logs.due_from(run, before, now)
    with transaction.atomic():
        _write_run(run, token, now, next_at, loaded, changed=changed, outputs=outputs)
        if changed:
            _write_snapshot(run, facts, changes, dropped, now)
        if names.FIELDS & changes.keys():
            names.note(run, now)
        if log_at:
            logs.schedule(run, log_at)
        outputs.write(run, now)
    return changed or outputs.any


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _write_run(
    run: Run,
    token: UUID,
    now: datetime,
    next_at: Any,
    loaded: dict[str, Any],
    *,
    changed: bool,
    outputs: "_OutputChanges",
) -> None:
    _heard(run, now, next_at)
    run.links_end_at = outputs.first_end
    run.version += changed or outputs.any
    run.outputs_version += outputs.any
    run.snapshot_count += changed
    # Only what differs: naming every column would cost more than all the rest.
    columns = {name: value for name, value in _columns(run).items() if loaded[name] != value}
    columns |= {name: getattr(run, name) for name in HEARD}
    columns["next_refresh_at"] = unless_hinted(run, now)
    if not Run.objects.filter(pk=run.pk, claim_token=token).update(**columns):
        raise ClaimLost(str(run.uuid))


def unless_hinted(run: Run, now: datetime) -> Case:
    """The next refresh, soon where a hint came while the answer was under way."""
    hinted = When(hinted_at__gt=run.hinted_at or LONG_AGO, then=Value(now + AFTER_HINT))
    return Case(hinted, default=Value(run.next_refresh_at), output_field=DateTimeField())


def _columns(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in STORED}


def _heard(run: Run, now: datetime, next_at: Any) -> None:
    run.observed_at = run.asked_at = now
    run.failures, run.trouble, run.trouble_since = 0, None, None
    run.next_refresh_at = next_at(run)
    run.claim_token = run.claimed_until = None


def _write_snapshot(
    run: Run, facts: RunFacts, changes: dict[str, Any], dropped: list[str], now: datetime
) -> None:
    values = {
        "body": dump(dict(facts.state)),
        "reader_version": READER_VERSION,
        "observed_at": now,
    }
    if not Payload.objects.filter(pk=run.pk).update(**values):
        Payload(run=run, **values).save(force_insert=True)
    snapshot = Snapshot(
        run=run,
        observed_at=now,
        status=facts.status,
        progress=facts.progress,
        live_status=facts.live_status,
    )
    snapshot.changes, snapshot.dropped = changes, dropped
    snapshot.save(force_insert=True)


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
