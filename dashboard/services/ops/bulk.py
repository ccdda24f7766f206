"""Actions on several runs: frozen when asked for, done in parts, and undone within an hour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from time import monotonic, sleep
from uuid import UUID

from django.db import transaction

from dashboard.domain.text.labels import STAR, TAG, TITLE, LabelRejected, read
from dashboard.domain.text.run_ids import MAX_IDS
from dashboard.models import BulkAction, BulkItem, BulkState, Run, RunQuerySet
from dashboard.services.accounts import audit
from dashboard.services.accounts.actor import Actor, account_of
from dashboard.services.clock import claim_moment
from dashboard.services.leases import lease
from dashboard.services.ops import retention
from dashboard.services.runs import bulk_labels
from dashboard.services.runs.bulk_labels import UNSTAR, Change

REMOVE = "remove"
KINDS = (TAG, TITLE, STAR, UNSTAR, REMOVE)
MAX_RUNS = 10_000
AT_ONCE = 200
"""Runs in one transaction: about a tenth of a second, so that writers hardly wait."""
TURN, PAUSE = 1.0, 0.02
"""Seconds: how long one lease is worked on, and between its parts, so that others can write."""
UNDO_FOR = timedelta(hours=1)
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Counted:
    """All runs of a list as they were counted: how many, and the newest row that there was.

    `keys` is the same for the same runs alone; `ids` are those of few, in the list's order.
    """

    number: int
    upto: int
    keys: str
    ids: Sequence[UUID] = ()


def count(chosen: RunQuerySet) -> Counted:
    """The runs of a list, counted to one more than an action takes."""
    newest = Run.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    found = _there(chosen, newest)
    few = [run_id for _, run_id in found] if len(found) <= MAX_IDS else []
    return Counted(len(found), newest, _digest(found), few)


def matching(chosen: RunQuerySet, counted: Counted, *, exactly: bool = False) -> list[UUID]:
    """The newest of a list's runs that were there when they were counted.

    One more than an action takes, where there are more. Raises ValueError where `exactly`
    those are asked for that were counted, and others fit the filter by now.
    """
    found = _there(chosen, counted.upto)
    if exactly and len(found) != counted.number:
        fit = "1 run matches" if len(found) == 1 else f"{len(found):,} runs match"
        raise ValueError(f"Now {fit}. Select them again.")
    if exactly and _digest(found) != counted.keys:
        raise ValueError("Other runs match by now. Select them again.")
    return [run_id for _, run_id in found]


def _there(chosen: RunQuerySet, upto: int) -> list[tuple[int, UUID]]:
    # In the list's order: without one SQLite finds few starred runs by reading all rows.
    there = chosen.filter(pk__lte=upto).newest()
    return list(there.values_list("pk", "uuid")[: MAX_RUNS + 1])


def _digest(found: Iterable[tuple[int, UUID]]) -> str:
    """The same for the same runs alone, in whatever order."""
    keys = ",".join(map(str, sorted(pk for pk, _ in found)))
    return blake2b(keys.encode(), digest_size=16).hexdigest()


def newest_of(by: Actor, now: datetime) -> BulkAction | None:
    """The last action of this account that goes on, or can still be undone."""
    account = account_of(by)
    own = BulkAction.objects.filter(by=account, at__gt=now - UNDO_FOR)
    last = own.order_by("-at", "-pk").first() if account else None
    return last if last and (last.running or may_undo(last, by, now, any_author=False)) else None


def start(kind: str, text: str, ids: Iterable[UUID], by: Actor, now: datetime) -> BulkAction:
    """Freezes the runs of an action; up to AT_ONCE are done at once, more by `advance`.

    The first MAX_RUNS are taken. Raises LabelRejected for a text that is no label, and
    ValueError for an unknown kind and for no runs.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no action.")
    text = _read(kind, text)
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise ValueError("No runs are selected.")
    with transaction.atomic():
        action = _freeze(kind, text, wanted, by, now)
        if action.total <= AT_ONCE:
            _advance(action.pk, now)
    if kind == REMOVE and action.total <= AT_ONCE:
        retention.remove_files()
    action.refresh_from_db()
    return action


def _read(kind: str, text: str) -> str:
    if kind not in (TAG, TITLE):
        return ""
    text = read(kind, text)
    if kind == TAG and not text:
        raise LabelRejected("Enter a tag.")
    return text


def _freeze(kind: str, text: str, ids: Sequence[UUID], by: Actor, now: datetime) -> BulkAction:
    taken = ids[:MAX_RUNS]
    action = BulkAction.objects.create(
        kind=kind,
        text=text,
        by=account_of(by),
        at=now,
        total=len(taken),
        bounded=len(ids) > len(taken),
        next_at=now,
    )
    items = [BulkItem(action=action, run_uuid=run_id) for run_id in taken]
    BulkItem.objects.bulk_create(items, batch_size=1000)
    return action


def lease_due(limit: int, now: datetime) -> list[BulkAction]:
    """Leases actions whose next part may be done."""
    return lease(BulkAction.objects.all(), "next_at", limit, now)


def work(action: BulkAction, now: datetime) -> None:
    """Does parts of a leased action until its turn is over or nothing is left."""
    until = monotonic() + TURN
    while _do_part(action, now) and monotonic() < until:
        sleep(PAUSE)
    _give_back(action, now)


def advance(action: BulkAction, now: datetime) -> None:
    """Does the next AT_ONCE runs of an action, in one transaction; harmless if there are none."""
    _do_part(action, now)
    _give_back(action, now)


def _do_part(action: BulkAction, now: datetime) -> bool:
    """Does the next part of an action; whether there is another."""
    with transaction.atomic():
        more = _advance(action.pk, now)
    if action.kind == REMOVE:
        retention.remove_files()
    return more


def _give_back(action: BulkAction, now: datetime) -> None:
    """Ends the lease of an action of which something is left."""
    left = BulkAction.objects.filter(pk=action.pk, next_at__isnull=False)
    left.update(next_at=claim_moment(now))


def advance_if_due(action: BulkAction, now: datetime) -> None:
    """The same for one action, unless somebody else has leased it."""
    for leased in lease(BulkAction.objects.filter(pk=action.pk), "next_at", 1, now):
        advance(leased, now)


def may_undo(action: BulkAction, by: Actor, now: datetime, *, any_author: bool) -> bool:
    """Whether this account may still undo an action: its own, or with `any_author` anybody's."""
    if action.kind == REMOVE or action.state != BulkState.DONE or now >= action.at + UNDO_FOR:
        return False
    account = account_of(by)
    return any_author or (account is not None and action.by_id == account.pk)


def undo(action: BulkAction, by: Actor, now: datetime, *, any_author: bool) -> bool:
    """Restores what was before, where it may be undone; False where it may not.

    Runs stay that were changed since, or for which a later action asked for the same.
    """
    with transaction.atomic():
        locked = BulkAction.objects.select_for_update().filter(pk=action.pk).first()
        if locked is None or not may_undo(locked, by, now, any_author=any_author):
            return False
        locked.state, locked.done, locked.gone, locked.next_at = BulkState.UNDOING, 0, 0, now
        locked.save()
        if locked.total <= AT_ONCE:
            _advance(locked.pk, now)
    return True


def delete_old(now: datetime) -> None:
    """Deletes actions after a week, with what was before."""
    BulkAction.objects.filter(at__lt=now - KEPT_FOR).delete()


def _advance(pk: int, now: datetime) -> bool:
    """Does the next part of an action; whether there is another."""
    # The action's row first: of two that do the same action, one waits and takes the next part.
    action = BulkAction.objects.select_for_update().filter(pk=pk).first()
    if action is None or not action.running:
        return False
    undoing = action.state == BulkState.UNDOING
    heirs = _standing_after(action) if undoing else []
    items = list(action.items.filter(applied=undoing).order_by("pk")[:AT_ONCE])
    found = _locked(item.run_uuid for item in items)
    action.gone += len(items) - len(found)
    if undoing:
        action.moved += _undo(action, items, found, heirs)
    elif action.kind == REMOVE:
        _remove(action, found)
    else:
        _label(action, items, found, now)
    for item in items:
        item.applied = not undoing
    BulkItem.objects.bulk_update(items, ["applied", "change"])
    action.done += len(items)
    if action.done >= action.total:
        action.state = BulkState.UNDONE if undoing else BulkState.DONE
        action.next_at = None
    action.save()
    return action.running


def _locked(ids: Iterable[UUID]) -> dict[UUID, int]:
    runs = Run.objects.select_for_update().filter(uuid__in=list(ids)).order_by("pk")
    return dict(runs.values_list("uuid", "pk"))


def _label(
    action: BulkAction, items: Sequence[BulkItem], found: Mapping[UUID, int], now: datetime
) -> None:
    changes = bulk_labels.change(action.kind, action.text, found.values(), action.by, now)
    action.full += changes.full
    for item in items:
        made = changes.made.get(found.get(item.run_uuid, 0))
        item.change = [made.before, made.after] if made else None


def _standing_after(action: BulkAction) -> list[BulkAction]:
    """The later actions that asked for the same and stand, the next one first.

    They are locked, before any run as everywhere: what is left to one that is undone at the
    same time would be lost.
    """
    states = (BulkState.DOING, BulkState.DONE)
    later = BulkAction.objects.filter(pk__gt=action.pk, kind=action.kind, state__in=states)
    standing = later.select_for_update().order_by("pk")
    return [one for one in standing if bulk_labels.same_text(one.kind, one.text, action.text)]


def _undo(
    action: BulkAction,
    items: Sequence[BulkItem],
    found: Mapping[UUID, int],
    heirs: Sequence[BulkAction],
) -> int:
    """Restores what was before; returns how many runs stay as they are.

    Those stay for which a later action asked for the same: with it what was before goes.
    """
    made = {
        item.run_uuid: Change(*item.change)
        for item in items
        if item.change and item.run_uuid in found
    }
    wanted = _left_to(heirs, made)
    back = {found[run_id]: one for run_id, one in made.items() if run_id not in wanted}
    moved = bulk_labels.restore(action.kind, action.text, back)
    return len(made) - len(back) + moved


def _left_to(heirs: Sequence[BulkAction], made: Mapping[UUID, Change]) -> set[UUID]:
    """The runs that later actions asked for too; the next of these may undo the change now."""
    later = BulkItem.objects.filter(action__in=heirs, applied=True, run_uuid__in=list(made))
    next_of: dict[UUID, BulkItem] = {}
    for item in later.order_by("action", "pk"):
        next_of.setdefault(item.run_uuid, item)
    inherited = [item for item in next_of.values() if item.change is None]
    for item in inherited:
        change = made[item.run_uuid]
        item.change = [change.before, change.after]
    BulkItem.objects.bulk_update(inherited, ["change"])
    return set(next_of)


def _remove(action: BulkAction, found: Mapping[UUID, int]) -> None:
    runs = Run.objects.defer("inputs", "values", "error", "log_error").in_bulk(found.values())
    retention.remove(list(runs))
    for run in runs.values():
        audit.note(action.by, "run.deleted", run.uuid, title=run.title)
