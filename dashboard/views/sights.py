"""How well a run is seen at the moment of a request, and the tag of its live part."""

from datetime import datetime
from urllib.parse import quote

from dashboard import __version__
from dashboard.domain.facts import Sight
from dashboard.models import Run
from dashboard.services.observe import looked_interval


def sight_of(run: Run, now: datetime) -> Sight:
    interval = looked_interval(run, now)
    age = (now - run.observed_at).total_seconds() if run.observed_at else 0.0
    return Sight(
        now=now,
        observed_at=run.observed_at,
        trouble=run.trouble,
        trouble_since=run.trouble_since,
        retry_at=run.next_refresh_at if run.trouble else None,
        interval=interval,
        stale=run.live and interval is not None and age > 3 * interval + 5,
    )


def poll_seconds(sight: Sight) -> int | None:
    return None if sight.interval is None else max(2, round(sight.interval))


def tag_of(run: Run, sight: Sight) -> str:
    """Changes whenever the live part would: versions, interval, trouble, staleness."""
    retry = int(sight.retry_at.timestamp()) if sight.retry_at else 0
    parts = (
        f"v{run.shown_version}",
        f"o{run.outputs_version}",
        f"p{poll_seconds(sight) or 0}",
        f"t{run.trouble or ''}{retry}",
        "stale" if sight.stale else "fresh",
        __version__,
    )
    return quote(".".join(parts))


def changed_since(run: Run, tag: str | None) -> list[str]:
    """The events for the page's other parts, by what the tag of its last poll lacks."""
    seen = (tag or "").split(".")
    events = []
    if f"v{run.shown_version}" not in seen:
        events.append("run-changed")
    if f"o{run.outputs_version}" not in seen:
        events.append("outputs-changed")
    return events
