"""Repeatable chance: numbers that depend on names alone, the same on every machine."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from random import Random
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def digest(*names: object, size: int = 16) -> bytes:
    return blake2b("\x1f".join(map(str, names)).encode(), digest_size=size).digest()


def number(*names: object) -> int:
    """64 bits that these names stand for."""
    return int.from_bytes(digest(*names, size=8))


def seeded_random(*names: object) -> Random:
    return Random(number(*names))  # noqa: S311  nothing here is a secret


def stable_uuid(*names: object) -> UUID:
    """A UUID that looks like one of version 4."""
    return UUID(bytes=digest(*names), version=4)
