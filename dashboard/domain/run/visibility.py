"""How well a run is seen at one moment: fresh, stale, lost or stopped."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Visibility:
    """How well a run is seen at the moment of one page or poll; `now` is its clock reading."""

    now: datetime
    observed_at: datetime | None = None  # the last answer about this run
    trouble: str | None = None  # a `Trouble`, while the last request failed
    trouble_since: datetime | None = None
    retry_at: datetime | None = None  # of the next request after trouble
    interval: float | None = None  # seconds between refreshes; None = no more of them
    stale: bool = False  # live, and no answer for clearly longer than the interval
    everybody: bool = False  # the trouble stops requests for every run
    keeping: bool = False  # it has ended, and its files are being copied
    given_up: bool = False  # it is not refreshed any more, although it has not ended
    storage: str | None = None  # why nothing can be stored, in a sentence
    shared: tuple[int, float] | None = None  # live runs and the requests a second they share

    @property
    def lost(self) -> bool:
        """Whether what is shown may be out of date."""
        return self.trouble is not None or self.stale
