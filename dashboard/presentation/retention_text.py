"""How long a run and its files are stored, in words."""

from datetime import UTC, datetime, timedelta

from dashboard.domain.retention import RetentionLimits
from dashboard.domain.text.byte_sizes import size
from dashboard.presentation.format import count

LONGEST = 100_000  # days; more counts as no limit


def retention_text(made_at: datetime, limits: RetentionLimits, *, starred: bool) -> str:
    """Until when a run stays, to follow "The file is stored"; `made_at` is when its age begins."""
    ends = _ends(made_at, limits)
    if not ends:
        return "until the run is removed."
    if starred:
        return "as long as the run is starred."
    first = ", whichever comes first" if len(ends) > 1 else ""
    return f"until {' or '.join(ends)}{first}. Starred runs stay."


def _ends(made_at: datetime, limits: RetentionLimits) -> list[str]:
    ends = []
    if limits.days is not None and limits.days < LONGEST:
        end = (made_at + timedelta(days=limits.days)).astimezone(UTC)
        ends.append(f"{end.day} {end:%b %Y}")
    if limits.runs is not None:
        ends.append(f"newer runs replace it (the limit is {count(limits.runs)} runs)")
    if limits.size is not None:
        ends.append(f"newer runs need its space (the limit is {size(limits.size)})")
    return ends
