"""What the JSON of a run says of its machine: its container, its start and what it cost."""

from dashboard.domain.machines.cost import decimal_text
from dashboard.domain.machines.prices import CURRENCY
from dashboard.services.machines.stories import Story
from dashboard.views.responses import json_moment


def story_as_json(story: Story, *, costs: bool) -> dict[str, object]:
    """By the names that others rely on; null is "not known", or not for the reader."""
    container, reason = story.container, story.reason
    return {
        "container": {
            "id": str(container.id),
            "started": json_moment(container.started_at),
            "ended": json_moment(container.ended_at),
            "gpu": container.gpu,
            "runs": container.runs,
        }
        if container
        else None,
        "start_reason": {"word": reason.word, "sure": reason.sure, "evidence": reason.evidence}
        if reason
        else None,
        "cost": _cost(story) if costs else None,
    }


def _cost(story: Story) -> dict[str, object] | None:
    """Decimal strings in US dollars; an estimate."""
    cost, price, container = story.cost, story.price, story.container
    if cost is None or price is None:
        return None
    return {
        "currency": CURRENCY,
        "start_up": decimal_text(cost.start_up),
        "work": decimal_text(cost.work),
        "total": None if cost.at_least else decimal_text(cost.total),
        "container": decimal_text(container.cost if container else None),
        "container_share": decimal_text(container.share if container else None),
        "price_per_second": f"{price.per_second.normalize():f}",
        "prices_of": price.told_at.date().isoformat() if price.told_at else None,
    }
