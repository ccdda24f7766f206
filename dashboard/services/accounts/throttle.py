"""Slows down whoever guesses; counted in the database, so that every process knows."""

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
    """Counts a try before it is judged; how long to wait instead of judging it (0: go on).

    `name` is what is tried (an account, or the page's own word), `address` where
    from. A try during the wait is not counted: the wait would never end.
    """
    keys = _keys(name, address)
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


def worked(name: str, address: str) -> None:
    """The try was right: the count from there is over, and the wider ones did not guess."""
    here, *wider = _keys(name, address)
    SignInTry.objects.filter(key=here).delete()
    with transaction.atomic():
        rows = SignInTry.objects.select_for_update().filter(key__in=wider).order_by("key")
        for row in rows:
            row.tries, row.wait_until = max(0, row.tries - 1), None
            row.save()


def forget(now: datetime) -> int:
    """Removes counts that are over; how many went."""
    return SignInTry.objects.filter(last_at__lt=now - FORGOTTEN).delete()[0]


def _keys(name: str, address: str) -> dict[str, int]:
    """The counts of a try, each with its free tries; what is stored tells neither name.

    The last is of guesses at one account from wherever, so that many addresses
    help nobody; it slows signing in alone, and ends no session.
    """
    address, name = _network(address), name.casefold()
    return {
        _digest(f"account {name} {address}"): FREE,
        _digest(f"address {address}"): FREE_OF_ADDRESS,
        _digest(f"account {name}"): FREE_OF_ACCOUNT,
    }


def _network(address: str) -> str:
    """One host has all of an IPv6 /64 to itself: its addresses count as one."""
    try:
        found = ip_address(address)
        if found.version == 4:
            return address
        return str(found.ipv4_mapped or ip_network((found.packed, 64), strict=False))
    except ValueError:
        return address


def _digest(text: str) -> str:
    return salted_hmac(
        "runboard.throttle", text, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()
