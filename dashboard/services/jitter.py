"""Waits that are not all the same, so that what began together does not stay together."""

import random
from collections.abc import Callable


def jittered(wait: float, draw: Callable[[], float] = random.random) -> float:
    """The wait, lengthened by up to a tenth."""
    return wait * (1 + draw() / 10)
