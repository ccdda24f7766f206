"""How long something takes, where some of it has not ended yet."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lasted:
    """Seconds that something took; of what goes on or was broken off, what it took so far."""

    seconds: float
    ended: bool = True


def median(lasted: Iterable[Lasted]) -> float | None:
    """The time by which half have ended, in seconds; None where fewer than half are known to.

    What has not ended counts for as long as it was seen: left out, or taken as ended, it would
    make the median too short. Kaplan and Meier, "Nonparametric estimation from incomplete
    observations" (1958).
    """
    ended, seen = Counter[float](), Counter[float]()
    for one in lasted:
        seen[one.seconds] += 1
        ended[one.seconds] += one.ended
    at_risk, lasting = seen.total(), 1.0
    for seconds in sorted(seen):
        lasting *= 1 - ended[seconds] / at_risk
        # A hair above a half is a half: the product of fractions is not exact.
        if lasting <= 0.5 + 1e-9:
            return seconds
        at_risk -= seen[seconds]
    return None
