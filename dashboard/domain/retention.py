"""Which runs stay: the limits of age, number and storage."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetentionLimits:
    """What may stay: runs younger than `days`, the newest `runs`, `size` bytes; None: no limit."""

    days: float | None = None
    runs: int | None = None
    size: int | None = None

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return (self.days, self.runs, self.size) != (None, None, None)
