"""What a run's page says of its machine: why it started cold or waited, and what it cost."""

from django.http import HttpRequest

from dashboard.access import may_label
from dashboard.domain.machines.cost import start_up_seconds
from dashboard.domain.run.durations import COLD
from dashboard.http import Context
from dashboard.models import Run
from dashboard.presentation.run.cost_text import CostText, cost_text
from dashboard.presentation.run.start_reason_text import reason_text
from dashboard.services.machines import stories
from dashboard.services.machines.stories import Story


def may_see_costs(request: HttpRequest) -> bool:
    """Members may; viewers only what a share link gives."""
    return may_label(request.user)


def story_context(run: Run, story: Story, *, costs: bool) -> Context:
    """The panels; each is None where nothing is known of it, or it is not for the reader."""
    reason = story.reason
    return {
        "reason": reason_text(reason, cold=run.start_kind == COLD) if reason else None,
        "last_run": story.last_run,
        "cost": cost_of(run, story) if costs else None,
    }


def cost_of(run: Run, story: Story | None = None) -> CostText | None:
    """The estimate of a run; None where it is not known."""
    told = story or stories.story_of(run)
    cost, price, container = told.cost, told.price, told.container
    if cost is None or price is None:
        return None
    return cost_text(
        cost,
        gpu=(container and container.gpu) or run.gpu or "GPU",
        seconds=(start_up_seconds(run.cold_start, run.queue_kind, run.boot), run.run),
        price_of=price.told_at,
        container=container.cost if container else None,
        share=container.share if container else None,
        share_is_most=bool(container and container.share_is_most),
    )
