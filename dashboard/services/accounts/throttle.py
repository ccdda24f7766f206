"""Slows down guessing at passwords and codes; counted in the database, for all processes."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from dashboard.domain.sign_in_delay import (
    FORGOTTEN,
    FREE,
    FREE_OF_ACCOUNT,
    FREE_OF_ADDRESS,
    wait_after,
)
from dashboard.models import SignInTry


def begin(name: str, address: str, now: datetime) -> timedelta:
    """Counts a try before it is checked; returns how long to wait instead (0: check it).

    `name` is what is tried (an account, or a name that the page gives), `address`
    the client's. A try during the wait is not counted: the wait would never end.
    """
    keys = _counters(name, address)
    SignInTry.objects.bulk_create(
        [SignInTry(key=key, last_at=now) for key in keys], ignore_conflicts=True
    )
    with transaction.atomic():
        rows = list(SignInTry.objects.select_for_update().filter(key__in=keys).order_by("key"))
        waits = [row.wait_until - now for row in rows if row.wait_until and row.wait_until > now]
        if waits:
            return max(waits)
        for row in rows:
            _count(row, keys[row.key], now)
    return timedelta()


def _count(row: SignInTry, free: int, now: datetime) -> None:
    row.tries = 1 if now - row.last_at > FORGOTTEN else row.tries + 1
    wait = wait_after(row.tries, free)
    row.wait_until = now + wait if wait else None
    row.last_at = now
    row.save()


def succeeded(name: str, address: str) -> None:
    """Clears the counter of this name and address after a right try; takes one off the wider."""
    here, *wider = _counters(name, address)
    SignInTry.objects.filter(key=here).delete()
    with transaction.atomic():
        rows = SignInTry.objects.select_for_update().filter(key__in=wider).order_by("key")
        for row in rows:
            row.tries, row.wait_until = max(0, row.tries - 1), None
            row.save()


def delete_old(now: datetime) -> int:
    """Deletes the counters whose tries are forgotten; returns how many."""
    return SignInTry.objects.filter(last_at__lt=now - FORGOTTEN).delete()[0]


def _counters(name: str, address: str) -> dict[str, int]:
    """The counters of a try, each with its free tries; their keys are digests.

    The last counts guesses at one account from any address, so that many addresses
    are no way around the others; it slows signing in alone, and ends no session.
    """
    address, name = _network(address), name.casefold()
    return {
        _digest(f"account {name} {address}"): FREE,
        _digest(f"address {address}"): FREE_OF_ADDRESS,
        _digest(f"account {name}"): FREE_OF_ACCOUNT,
    }


def _network(address: str) -> str:
    """An IPv6 address as its /64, which one host has to itself; any other text unchanged."""
    try:
        parsed = ip_address(address)
        if parsed.version == 4:
            return address
        return str(parsed.ipv4_mapped or ip_network((parsed.packed, 64), strict=False))
    except ValueError:
        return address


def _digest(text: str) -> str:
    """A keyed digest: the table contains neither names nor addresses."""
    return salted_hmac(
        "runboard.throttle", text, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()
