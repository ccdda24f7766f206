"""Patterns of keeping warm: its headline, and a machine for each thing that may be said of one."""

from decimal import Decimal

from dashboard.presentation.insights.keep_warm import keep_warm_text
from dashboard.styleguide import keep_warm
from dashboard.styleguide.drawing import Pattern, Patterns, drawn

WORTH = Decimal("1.00")


def warm() -> Patterns:
    """The page's parts."""
    for name, kept in keep_warm.machines():
        text = keep_warm_text(
            [kept], {kept.machine: keep_warm.NAME}, WORTH, keep_warm.DAYS, costs=True
        )
        context = {"warm": text, "machine": text.machines[0], "worth": "1.00"}
        if name == "fits":
            lead = {**context, "is_wider": True, "kept_pairs": [("created", "30d")]}
            yield Pattern("headline", drawn(lead, "insights/warm/_lead.html"))
        context["longer_url"] = "#warm"
        yield Pattern(name, drawn(context, "insights/warm/_machine.html"))
    yield Pattern("what it assumes", drawn({}, "insights/warm/_assumed.html"))
    yield Pattern("no machine", drawn({"filtered": True}, "insights/warm/_empty.html"))
