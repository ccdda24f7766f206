"""Random additions to waits, so that requests that begin together do not stay together."""

import random
from collections.abc import Callable


def jittered(wait: float, draw: Callable[[], float] = random.random) -> float:
    """The wait in seconds, lengthened by up to a tenth."""
    return wait * (1 + draw() / 10)
