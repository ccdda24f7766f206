"""Waiting for what other processes do, for as long as a busy machine may take."""

import time
from collections.abc import Callable

PATIENCE = 180.0  # seconds; what has not come about by then never will
SLOW_TEST = 600  # seconds that a slow test may take before it counts as hung


def until(true: Callable[[], object], every: float = 0.1) -> None:
    """Returns as soon as something is true."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(every)
