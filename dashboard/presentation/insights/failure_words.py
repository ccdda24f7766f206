"""Names, shares and moments of failures as their page writes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dashboard.domain.filters.fields import VERSION, WORKFLOW
from dashboard.domain.insights.failure_causes import CauseKey, VersionKey
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.shares import Interval
from dashboard.domain.logs.causes import Cause
from dashboard.presentation.format import THIN, cut
from dashboard.presentation.insights.cold_scale import day_text
from dashboard.presentation.insights.numbers import percent
from dashboard.presentation.run.cause_text import CAUSE_BRIEF

Names = Mapping[tuple[str, str], str]
LONGEST = 40  # characters of a name
NOT_REPORTED, OTHER_CAUSE = "not reported", "Other error"


def workflow_name(names: Names, key: str | None) -> str:
    return NOT_REPORTED if key is None else cut(names.get((WORKFLOW, key), key), LONGEST)


def version_name(names: Names, key: str | None) -> str:
    return NOT_REPORTED if key is None else cut(names.get((VERSION, key), key), LONGEST)


def full_name(names: Names, key: VersionKey) -> str:
    """`lighthouse-flux v15`"""
    return f"{workflow_name(names, key.workflow)} {version_name(names, key.version)}"


def cause_name(key: CauseKey) -> str:
    """A known cause in a few words."""
    return CAUSE_BRIEF[Cause(key.cause)] if key.cause in CAUSE_BRIEF else OTHER_CAUSE


def listed(names: Sequence[str]) -> str:
    """`v13`, `v13 and v14`, `v12, v13 and v14`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def fine_percent(share: float) -> str:
    """`5.7 %` of less than a tenth, `21 %` of more; what is not none is not 0."""
    tenths = _tenths(share)
    if share > 0 and not tenths:
        return f"<{THIN}0.1{THIN}%"
    return percent(share) if not share or tenths >= 100 else f"{_told(tenths)}{THIN}%"


def fine_percents(interval: Interval) -> str:
    """`4.5 to 7.1 %`, `14 to 31 %`; both ends to tenths where the upper one is under a tenth."""
    ends = (interval.low, interval.high)
    if _tenths(interval.high) >= 100:
        low, high = (f"{100 * end:.0f}" for end in ends)
    else:
        low, high = (_told(_tenths(end)) for end in ends)
    return f"{low} to {high}{THIN}%" if low != high else f"{low}{THIN}%"


def _tenths(share: float) -> int:
    """Tenths of a percent."""
    return int(share * 1000 + 0.5)


def _told(tenths: int) -> str:
    return f"{tenths / 10:.1f}" if tenths else "0"


def moment_text(at: datetime, period: Period) -> str:
    """`25 Sep, 10:28`, with the year where it is not that of the time's end."""
    here, end = at.astimezone(period.zone), period.end.astimezone(period.zone)
    year = "" if here.year == end.year else f" {here.year}"
    return f"{day_text(here.date())}{year}, {here:%H:%M}"
