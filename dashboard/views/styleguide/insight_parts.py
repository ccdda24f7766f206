"""Patterns of Insights: the filter and its time, the tabs, and what is left out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest

from dashboard.domain.filters.query import parse
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import LeftOut
from dashboard.presentation.insights.frame_text import left_out_text, period_text
from dashboard.presentation.insights.week import PageFindings
from dashboard.styleguide.drawing import Pattern, Patterns, drawn
from dashboard.views.insights.frame import tabs
from dashboard.views.runs.facet_chips import chips
from dashboard.views.runs.filters import ListFilter


def insights(request: HttpRequest, now: datetime) -> Patterns:
    """What stands around the figures of every page."""
    choice = replace(ListFilter(query=parse([("created", "30d"), ("gpu", "H100")])), at="cold")
    shown = {term: term.value for term in choice.query.terms}
    found = chips(choice.query, shown, choice.address, None, choice.at)
    context = {
        "chips": found,
        "reset_url": choice.bare_url,
        "set_count": 2,
        "ignored": ["start=icy"],
        "period_text": period_text(Period(now - timedelta(days=30), now, UTC)),
        "csv_url": "#insights",
    }
    yield Pattern("filter and time", drawn(context, "insights/_filters.html"))
    yield Pattern("tabs", drawn({"insight_tabs": tabs(request, choice)}, "insights/_tabs.html"))
    one = PageFindings(
        "cold",
        "36 % of 1,216 starts were cold: 26.5 s instead of 2.1 s",
        "Cold means that ComfyUI took more than 5 s to answer.",
        ("No hour of the day stands out",),
    )
    finding = {"one": {"page": "Cold starts", "url": "#insights", "of": one}}
    yield Pattern("a finding of the week", drawn(finding, "insights/week/_finding.html"))
    left = {"left_out": left_out_text(LeftOut(2, 1, 3)), "cut_at": now}
    yield Pattern("left out", drawn(left, "insights/_left_out.html"))
