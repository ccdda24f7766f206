"""Whether the work of a reader grows as fast as its text does, or faster."""

import time
from collections.abc import Callable

SMALL, TIMES = 15_000, 8
# In proportion it is 8 times the work for 8 times the text, and quadratic 64 times.
MOST = 24


def repeated(unit: str, size: int) -> str:
    return unit * (size // len(unit))


def grows_with_its_text(read: Callable[[str], object], text: Callable[[int], str]) -> bool:
    """Compares the work for two sizes of a text, `text` of how many characters.

    The processor's time of this thread alone counts, the best of a few, so that
    nothing else that the machine does has a part in it.
    """
    small, large = text(SMALL), text(SMALL * TIMES)
    base = max(min(_work(read, small) for _ in range(5)), 1e-5)
    return any(_work(read, large) <= MOST * base for _ in range(3))


def _work(read: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    read(text)
    return time.thread_time() - began
