"""The time that Insights are of, and the same length of time before it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Period:
    """From `begin` on and before `end`, moments in UTC, with the days of `zone`.

    `history_from` is when the first run known here was created; None: there is none.
    """

    begin: datetime
    end: datetime
    zone: tzinfo
    history_from: datetime | None = None

    @property
    def before(self) -> "Period":
        """The same length of time before."""
        return Period(self.begin - (self.end - self.begin), self.begin, self.zone)

    @property
    def has_before(self) -> bool:
        """Whether all of the time before is known here."""
        return self.history_from is not None and self.history_from <= self.before.begin

    @property
    def days(self) -> list[date]:
        """The days of the zone that it touches, in order; the first and last may be parts."""
        first = self.day_of(self.begin)
        last = self.day_of(max(self.end - timedelta(microseconds=1), self.begin))
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def holds(self, at: datetime) -> bool:
        return self.begin <= at < self.end
