"""Histories of `tests/domain/insights/histories` in the database."""

from collections.abc import Iterable
from uuid import UUID

from dashboard.domain.insights.runs import InsightRun
from dashboard.models import Price, Run
from tests.domain.insights.histories import BEGIN, PRICES

WARNINGS = ["negative-cold_start"]


def store_history(runs: Iterable[InsightRun]) -> None:
    """Stores them with the same keys, and the prices that they were made with."""
    priced = {gpu: price for gpu, price in PRICES.items() if price is not None}
    Price.objects.bulk_create(
        Price(gpu=gpu, per_second=price, told_at=BEGIN, checked_at=BEGIN)
        for gpu, price in priced.items()
    )
    Run.objects.bulk_create((_row(run) for run in runs), batch_size=500)


def _row(run: InsightRun) -> Run:
    return Run(
        id=run.id,
        uuid=UUID(int=run.id),
        status=run.status,
        finished=run.finished,
        created_at=run.created,
        ended_at=run.ended,
        sorted_at=run.created,
        first_seen_at=run.created,
        observed_at=run.created,
        version=1,
        origin=run.origin,
        start_kind="unknown" if run.out_of_range else run.start_kind,
        queue_wait=run.queue,
        cold_start=None if run.out_of_range else run.cold_start,
        run=run.run,
        total=run.total,
        gpu=run.gpu,
        machine_id=run.machine,
        workflow_id=run.workflow,
        workflow_version_id=run.version,
        user_id=run.user,
        error_cause=run.error_cause,
        error_digest=run.error_digest,
        output_count=run.outputs,
        picked_count=run.picked,
        cost_micros=run.cost_micros,
        warnings=WARNINGS if run.out_of_range else [],
    )
