"""How well a run is seen at one moment: fresh, stale, lost, or not asked for any more."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Visibility:
    """How well we see a run at one moment; the clock reading of a request, passed down."""

    now: datetime
    observed_at: datetime | None = None  # the last answer about this run
    trouble: str | None = None  # a word of `domain/trouble.py`, while the last try failed
    trouble_since: datetime | None = None
    retry_at: datetime | None = None  # when it is asked again after trouble
    interval: float | None = None  # seconds between looks in force; None = no more looking
    stale: bool = False  # live, and no answer for clearly longer than the interval
    everybody: bool = False  # the trouble stops asking for every run
    keeping: bool = False  # it has ended, and its files are being copied
    given_up: bool = False  # it is asked for no more, although it has not ended
    storage: str | None = None  # why what is seen cannot be stored, in a sentence
    shared: tuple[int, float] | None = None  # live runs and the requests a second they share

    @property
    def lost(self) -> bool:
        """Whether what is shown may no longer be how the run is."""
        return self.trouble is not None or self.stale
