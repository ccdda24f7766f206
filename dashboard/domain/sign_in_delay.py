"""How long to wait after failed attempts to sign in."""

from datetime import timedelta

FREE, FREE_OF_ADDRESS, FREE_OF_ACCOUNT = 5, 20, 100
"""Attempts without a wait: for an account from one address, for an address, for an account."""
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
LONGEST_OF_ACCOUNT = timedelta(minutes=1)
"""Shorter, because guesses from many addresses delay the account's owner as well."""
FORGOTTEN = timedelta(hours=1)
"""After this long without an attempt the count starts again."""


def wait_after(tries: int, free: int) -> timedelta:
    """The wait after this many failures: none at first, then doubling from 30 s to 15 min."""
    if tries < free:
        return timedelta()
    longest = LONGEST_OF_ACCOUNT if free == FREE_OF_ACCOUNT else LONGEST
    doubled: timedelta = FIRST * 2 ** min(tries - free, 10)
    return min(longest, doubled)


def in_words(wait: timedelta) -> str:
    """`30 seconds`, `2 minutes`: rounded up, never too short."""
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    if seconds < 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{-(-seconds // 60)} minutes"
