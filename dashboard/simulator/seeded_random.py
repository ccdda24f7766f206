"""Random numbers seeded by names: the same names give the same numbers on every machine."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from random import Random
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def digest(*names: object, size: int = 16) -> bytes:
    """A hash of the names, `size` bytes long."""
    return blake2b("\x1f".join(map(str, names)).encode(), digest_size=size).digest()


def number(*names: object) -> int:
    """A 64-bit number that depends on the names alone."""
    return int.from_bytes(digest(*names, size=8))


def seeded_random(*names: object) -> Random:
    """A random generator seeded by the names."""
    return Random(number(*names))  # noqa: S311  nothing here is a secret


def stable_uuid(*names: object) -> UUID:
    """A UUID that depends on the names alone and looks like version 4."""
    return UUID(bytes=digest(*names), version=4)
