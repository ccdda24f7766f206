"""Patterns of Failures: a new cause, many causes, and none, of invented runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from dashboard.domain.insights.failure_causes import CauseFacts, CauseKey, VersionKey, examples
from dashboard.domain.insights.failures import failure_figures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.presentation.insights.failures import FailurePage, failure_page
from dashboard.styleguide.drawing import Pattern, Patterns, drawn

NAMES = {("workflow", "flux"): "lighthouse-flux", ("machine", "m"): "flux-h100-eu"}
NEW = CauseKey("missing-model", "new")
V15 = VersionKey("flux", "v15")
# The cause, how many runs of a hundred, its error's class and text, its node.
MADE = (
    ("out-of-memory", "a", 3, "torch.OutOfMemoryError", "Allocation on device", "KSampler", "3"),
    ("misfit", "b", 1, "RuntimeError", "mat1 and mat2 shapes cannot be multiplied", "", ""),
    ("timed-out", "", 1, "", "", "", ""),
    ("", "c", 1, "ZeroDivisionError", "division by zero", "ImageScale", "18"),
    ("", "", 1, "", "", "", ""),
)


def failed(now: datetime) -> Patterns:
    """What the page shows of a new cause, of none that is new, of few runs, and of no failure."""
    runs = list(_runs(now))
    fine = [run for run in runs if run.status == "success"]
    pages = {
        "a new cause": _page(now, runs),
        "no new cause": _page(now, [run for run in runs if run.version == "v14"]),
        "few runs": _page(now, [*fine[:2], *(run for run in runs if run.status != "success")][:4]),
        "no failure": _page(now, fine[:41]),
    }
    for name, page in pages.items():
        yield Pattern(name, drawn({"failed": page}, "insights/failures/_lead.html"))
    whole = pages["a new cause"]
    yield Pattern("figures", drawn({"figures": whole.figures}, "insights/_figures.html"))
    notice = {"notice": whole.notice, "notice_url": "#insights"}
    yield Pattern("what is new", drawn(notice, "insights/failures/_notice.html"))
    yield Pattern("days", drawn({"section": whole.days}, "insights/_section.html"))
    yield Pattern("causes", drawn({"table": whole.causes}, "insights/failures/_causes.html"))


def _page(now: datetime, runs: list[InsightRun]) -> FailurePage:
    period = Period(now - timedelta(days=30), now, UTC, now - timedelta(days=90))
    figures = failure_figures(population_of(runs), None, period, _facts(now, runs))
    return failure_page(
        figures, period, NAMES, lambda key: "#insights" if key.cause else "", costs=True
    )


def _facts(now: datetime, runs: list[InsightRun]) -> dict[CauseKey, CauseFacts]:
    known = {
        CauseKey(word, digest): CauseFacts(
            first_seen=now - timedelta(days=60),
            last_seen=now - timedelta(hours=9),
            error_type=kind,
            message=text,
            node_type=node,
            node_id=number,
        )
        for word, digest, _, kind, text, node, number in MADE
    }
    known[NEW] = CauseFacts(
        first_seen=now - timedelta(days=4),
        last_seen=now - timedelta(hours=1),
        only_version=V15,
        version_first=now - timedelta(days=4, minutes=5),
        workflow_first=now - timedelta(days=80),
        message="Value not in list: lora_name: 'coastal_v3.safetensors' not in []",
        node_type="LoraLoader",
        node_id="12",
    )
    return {key: known[key] for key in examples(runs)}


def _runs(now: datetime) -> Iterator[InsightRun]:
    dice = Random(23)  # noqa: S311 - no secret
    causes = [(word, digest) for word, digest, *_ in MADE]
    weights = [each[2] for each in MADE]
    for n in range(600):
        run = _run(n, now - timedelta(days=30) + n * timedelta(hours=1.2))
        if dice.random() < sum(weights) / 100:
            run = _failed(run, CauseKey(*dice.choices(causes, weights)[0]))
        yield run
    for n in range(90):
        created = now - timedelta(days=4) + n * timedelta(hours=1)
        run = _run(1000 + n, created)._replace(version=V15.version)
        yield _failed(run, NEW) if n % 5 == 0 else run


def _failed(run: InsightRun, key: CauseKey) -> InsightRun:
    status = "timeout" if key.cause == "timed-out" else "failed"
    return run._replace(status=status, error_cause=key.cause, error_digest=key.digest)


def _run(number: int, created: datetime) -> InsightRun:
    return InsightRun(
        id=number,
        created=created,
        ended=created + timedelta(minutes=1),
        status="success",
        finished=True,
        origin="api",
        start_kind="warm",
        queue=1.0,
        cold_start=2.0,
        run=12.0,
        total=15.0,
        gpu="H100",
        machine="m",
        workflow="flux",
        version="v14",
        user=None,
        error_cause="",
        error_digest="",
        outputs=1,
        picked=0,
        cost_micros=32_000,
    )
