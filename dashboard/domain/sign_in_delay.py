"""How long whoever failed to sign in has to wait."""

from datetime import timedelta

FREE, FREE_OF_ADDRESS, FREE_OF_ACCOUNT = 5, 20, 100
"""Tries without waiting: for an account from one address, for an address, for an account."""
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
LONGEST_OF_ACCOUNT = timedelta(minutes=1)
"""Whoever guesses from everywhere slows its owner too, and must not keep them out."""
FORGOTTEN = timedelta(hours=1)
"""After so long without a try the count begins anew."""


def wait_after(tries: int, free: int) -> timedelta:
    """The wait after this many failed tries: none at first, then doubling from 30 s to 15 min."""
    if tries < free:
        return timedelta()
    longest = LONGEST_OF_ACCOUNT if free == FREE_OF_ACCOUNT else LONGEST
    return min(longest, FIRST * 2 ** min(tries - free, 10))


def in_words(wait: timedelta) -> str:
    """`30 seconds`, `2 minutes`: rounded up, so that nobody comes too early."""
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    if seconds < 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{-(-seconds // 60)} minutes"
