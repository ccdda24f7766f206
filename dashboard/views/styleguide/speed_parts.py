"""Patterns of Speed: run times, a change, and the slowest nodes, of invented runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun
from dashboard.domain.insights.slowest_nodes import NodeSeen, RunSeen, slowest_nodes
from dashboard.domain.insights.speed import speed_of
from dashboard.presentation.insights.speed import KnownNodes, speed_page
from dashboard.styleguide.drawing import Pattern, Patterns, drawn

NAMES = {
    ("workflow", "flux"): "lighthouse-flux",
    ("workflow", "video"): "storyboard-video",
    **{("version", f"v{n}"): f"v{n}" for n in (3, 4, 13, 14, 15)},
}
# Workflow, version, GPU, runs, seconds: the two changes are the versions' own.
MADE = (
    *(("flux", "v13", "H100", 100, 12.4), ("flux", "v14", "H100", 28, 12.5)),
    *(("flux", "v15", "H100", 40, 14.3), ("flux", "v15", "L40S", 6, 27.8)),
    *(
        ("video", "v3", "A10G", 110, 52.0),
        ("video", "v4", "A10G", 46, 42.8),
        ("video", "v4", None, 3, 70.0),
    ),
)


def speed(now: datetime) -> Patterns:
    """Each part of the page in its states."""
    period = Period(now - timedelta(days=30), now, UTC, now - timedelta(days=90))
    runs = sorted(_runs(now), key=lambda run: run.created)
    nodes = slowest_nodes(_seen())
    page = speed_page(speed_of(runs, "warm"), KnownNodes(nodes, 60), period, NAMES)
    few = speed_page(speed_of(runs[:9], "warm"), KnownNodes([], 0), period, NAMES)
    for name, each in (("", page), (" of few runs", few)):
        context = {"page": each, "starts": _starts()}
        yield Pattern(f"headline{name}", drawn(context, "insights/speed/_lead.html"))
        yield Pattern(f"run times{name}", drawn(context, "insights/speed/_times.html"))
        yield Pattern(f"changes{name}", drawn(context, "insights/speed/_changes.html"))
        yield Pattern(f"slowest nodes{name}", drawn(context, "insights/speed/_nodes.html"))
    empty: dict[str, dict[str, object]] = {
        "no runs": {},
        "no runs in this time": {"any_history": True},
        "no match": {"any_filter": True, "reset_url": "#insights"},
    }
    for name, told in empty.items():
        yield Pattern(name, drawn(told, "insights/speed/_empty.html"))


def _starts() -> list[dict[str, object]]:
    words = (("Warm starts", True), ("Cold starts", False))
    return [{"text": text, "url": "#insights", "current": current} for text, current in words]


def _runs(now: datetime) -> Iterator[InsightRun]:
    dice = Random(22)  # noqa: S311 - no secret
    late = {"v15": (3, 0), "v4": (6, 0), "v14": (6, 3), "v13": (30, 6), "v3": (30, 6)}
    for workflow, version, gpu, runs, seconds in MADE:
        oldest, newest = late[version]
        for n in range(runs):
            days = oldest - (oldest - newest) * (n + 0.5) / runs
            took = dice.lognormvariate(0, 0.1) * seconds
            yield _run(now - timedelta(days=days), took, workflow, version, gpu)


def _run(
    created: datetime, seconds: float, workflow: str, version: str, gpu: str | None
) -> InsightRun:
    return InsightRun(
        id=1,
        created=created,
        ended=created + timedelta(seconds=seconds),
        status="success",
        finished=True,
        origin="api",
        start_kind="warm",
        queue=1.0,
        cold_start=2.0,
        run=seconds,
        total=seconds + 3,
        gpu=gpu,
        machine=None,
        workflow=workflow,
        version=version,
        user=None,
        error_cause="",
        error_digest="",
        outputs=1,
        picked=0,
        cost_micros=None,
    )


def _seen() -> Iterator[RunSeen]:
    dice = Random(23)  # noqa: S311 - no secret
    times = (("3", "KSampler", 32.0), ("30", "VHS_VideoCombine", 7.0), ("8", "VAEDecode", 5.4))
    for n in range(60):
        reported, share = n % 2 == 0, 1.0 if n % 2 == 0 else 0.3
        nodes = tuple(
            NodeSeen(
                node if reported else "", kind, dice.lognormvariate(0, 0.1) * base * share, reported
            )
            for node, kind, base in times
        )
        whole = sum(node.seconds for node in nodes)
        yield RunSeen("video" if reported else "flux", whole * 1.1, nodes)
