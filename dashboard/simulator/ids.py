"""Run IDs that encode their run, so that a restarted simulator still knows its runs.

A run ID holds the scenario's code (8 bits), the start in milliseconds (42 bits)
and the seed (32 bits), masked with a checksum of 40 bits that follows them. It looks
like any version 4 UUID, and the checksum tells it from a UUID made elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dashboard.simulator.scenarios import SCENARIOS, Scenario, by_code
from dashboard.simulator.seeded_random import EPOCH, MILLISECOND, digest

CODE_BITS, START_BITS, SEED_BITS, CHECK_BITS = 8, 42, 32, 40
PAYLOAD_BITS = CODE_BITS + START_BITS + SEED_BITS


@dataclass(frozen=True, slots=True)
class Ticket:
    """The decoded content of a run ID."""

    scenario: Scenario
    start: datetime
    seed: int


def encode(scenario: str, start: datetime, seed: int = 0) -> UUID:
    """The ID of a run; cuts `start` to milliseconds.

    Raises ValueError for a start outside 42 bits or a seed outside 32 bits.
    """
    moment = (start - EPOCH) // MILLISECOND
    if not 0 <= moment < 1 << START_BITS:
        raise ValueError(f"A run cannot start at {start}.")
    if not 0 <= seed < 1 << SEED_BITS:
        raise ValueError(f"A seed has {SEED_BITS} bits: {seed}")
    payload = (SCENARIOS[scenario].code << START_BITS | moment) << SEED_BITS | seed
    check = _check(payload)
    return _spread(((payload ^ _mask(check)) << CHECK_BITS) | check)


def decode(run_id: UUID) -> Ticket | None:
    """The decoded ID, or None for a UUID that the simulator did not make."""
    gathered = _gather(run_id)
    if gathered is None:
        return None
    check = gathered & ((1 << CHECK_BITS) - 1)
    payload = (gathered >> CHECK_BITS) ^ _mask(check)
    scenario = by_code(payload >> (START_BITS + SEED_BITS))
    if _check(payload) != check or scenario is None:
        return None
    moment = (payload >> SEED_BITS) & ((1 << START_BITS) - 1)
    return Ticket(scenario, EPOCH + moment * MILLISECOND, payload & ((1 << SEED_BITS) - 1))


def _check(payload: int) -> int:
    return int.from_bytes(digest("check", payload, size=CHECK_BITS // 8))


def _mask(check: int) -> int:
    return int.from_bytes(digest("veil", check)) >> (128 - PAYLOAD_BITS)


def _spread(bits: int) -> UUID:
    """The UUID with these 122 bits around its version and variant bits."""
    high, middle, low = bits >> 74, (bits >> 62) & 0xFFF, bits & ((1 << 62) - 1)
    return UUID(int=high << 80 | 0x4 << 76 | middle << 64 | 0b10 << 62 | low)


def _gather(run_id: UUID) -> int | None:
    if run_id.version != 4:
        return None
    high, middle = run_id.int >> 80, (run_id.int >> 64) & 0xFFF
    return high << 74 | middle << 62 | run_id.int & ((1 << 62) - 1)
