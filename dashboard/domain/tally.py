"""How many runs there were, and how many of them failed or started cold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of runs: `failed` holds those that timed out too, `started` those whose start
    is known to be cold or warm."""

    runs: int = 0
    failed: int = 0
    cold: int = 0
    started: int = 0
