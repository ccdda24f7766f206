"""Patterns of the list's filters: chips, tabs with counts, and each kind of facet."""

from dataclasses import replace

from django.http import HttpRequest

from dashboard.domain.filters.query import parse
from dashboard.http import Context
from dashboard.services.runs.filter_counts import Count
from dashboard.styleguide.drawing import Pattern, Patterns, drawn
from dashboard.views.runs.facet_context import Row
from dashboard.views.runs.filter_context import Nothing, Tab, query_context
from dashboard.views.runs.filters import ListFilter

NAMES = ("lighthouse-flux", "packshot-studio", "storyboard-video", "upscale-4k")
COUNTS = (176, 131, 74, None)


def filters(request: HttpRequest) -> Patterns:
    """What stands between the box and the rows."""
    for name, pairs in (
        ("nothing is set", []),
        ("some are set", [("created", "7d"), ("gpu", "H100,A10G"), ("start", "cold")]),
        ("left out", [("gpu!", "H100"), ("machine", "-"), ("starred!", "1"), ("total", "10..30")]),
    ):
        choice = ListFilter(query=parse(pairs))
        context: Context = {"choice": choice, **query_context(choice, people=True)}
        yield Pattern(name, drawn(context, "runs/list/_chips.html"))
        yield Pattern(f"{name}, on phones", drawn(context, "runs/list/_filter_open.html"))
    counts = (Count(307), Count(17), None, Count(0), Count(10_000, more=True))
    texts = ("All", "Needs attention", "Cold starts", "Live", "Starred")
    tabs = [
        Tab(text, "#facets", text == "All", one) for text, one in zip(texts, counts, strict=True)
    ]
    yield Pattern("tabs", drawn({"tabs": tabs, "counted": True}, "runs/list/_tabs.html"))
    yield from _facets(request)
    none = Nothing("No run matches these filters", "", "Workflow", "#facets", Count(600))
    asked = replace(ListFilter(), query=parse([("workflow", "-")]))
    context = {"nothing": none, "choice": asked}
    yield Pattern("no match", drawn(context, "runs/list/_rows.html"))


def _facets(request: HttpRequest) -> Patterns:
    rows = [
        Row(name, name, runs, number < 2, (runs or 0) / 1.76)
        for number, (name, runs) in enumerate(zip(NAMES, COUNTS, strict=True))
    ]
    values: Context = {
        "kind": "values", "rows": rows, "rest": rows[2:], "rest_text": "6 more workflows",
        "rest_runs": 151, "searched": True, "left": 12, "among": "307 of 10,000+ runs",
        "sampled": True,
    }  # fmt: skip
    presets = [
        {"text": "Today", "url": "#facets", "on": True, "runs": 38},
        {"text": "Yesterday", "url": "#facets", "runs": 41},
    ]
    times: Context = {"kind": "times", "presets": presets, "low": "2026-11-20", "high": ""}
    durations = (("total", "Total", "#facets"), ("run", "Run", "#facets"))
    seconds: Context = {
        "kind": "range",
        "which": "run",
        "durations": durations,
        "presets": [{"text": "Under 10 s", "url": "#facets", "runs": 1284}],
        "low": "10",
        "high": "",
    }
    more: Context = {"kind": "more", "more": [{"label": "Start", "url": "#facets", "is_set": True}]}
    for name, context in (
        ("values", values),
        ("no values", {"kind": "values", "among": "0 runs"}),
        ("times", times),
        ("durations", seconds),
        ("more", more),
    ):
        shared: Context = {"name": "gpu", "label": "GPU", "clear_url": "#facets"}
        shown = drawn({**shared, **context}, "runs/list/_facet.html", request=request)
        yield Pattern(f"facet: {name}", shown)
