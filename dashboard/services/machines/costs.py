"""What runs cost by themselves, as estimates: told, and stored with the runs to filter and sort by.

Whoever writes what a cost is made of (a run's times, GPU and container) stores it with that.
Where prices change, all are worked out anew: `services/machines/recosting`.
"""

from collections.abc import Sequence

from dashboard.domain.machines.cost import RunCost, run_cost, start_up_seconds
from dashboard.domain.run.values import parse_uuid
from dashboard.models import Container, Run
from dashboard.services.machines import prices
from dashboard.services.machines.prices import KnownPrice

COST_RULES = 1
"""To be raised where the same run, container and prices give another cost than before."""
COLUMN = "cost_micros"
NEEDED = (
    *("pk", "finished", "gpu", "gpu_event_id", "created_at"),
    *("cold_start", "run", "queue_kind", "boot", COLUMN),
)


def costs_of(runs: Sequence[Run]) -> dict[int, RunCost]:
    """What each of several runs that have ended cost by itself, by its key, where it is known.

    Two queries, however many runs there are.
    """
    return {run.pk: cost for run, cost in zip(runs, _costs(runs), strict=True) if cost}


def put(runs: Sequence[Run]) -> list[Run]:
    """Puts their costs on these runs; returns those that changed. Reads only; the caller saves."""
    changed = []
    for run, cost in zip(runs, _costs(runs), strict=True):
        micros = cost.micros if cost else None
        if micros != run.cost_micros:
            run.cost_micros = micros
            changed.append(run)
    return changed


def _costs(runs: Sequence[Run]) -> list[RunCost | None]:
    on = [parse_uuid(run.gpu_event_id) if run.finished else None for run in runs]
    wanted = {found for found in on if found}
    known = Container.objects.in_bulk(wanted) if wanted else {}
    held = [known.get(found) if found else None for found in on]
    paid = [
        run.finished and not in_session(container)
        for run, container in zip(runs, held, strict=True)
    ]
    gpus = [
        gpu_of(run, container) if pays else None
        for run, container, pays in zip(runs, held, paid, strict=True)
    ]
    at = [(gpu, run.created_at) for gpu, run in zip(gpus, runs, strict=True)]
    return [cost_at(run, price) for run, price in zip(runs, prices.prices_at(at), strict=True)]


def in_session(container: Container | None) -> bool:
    """Whether it was a person's workspace: nothing is told of its runs."""
    return bool(container and container.session_id)


def gpu_of(run: Run, container: Container | None) -> str | None:
    """The GPU that is paid for."""
    return (container and container.gpu) or run.gpu


def cost_at(run: Run, price: KnownPrice | None) -> RunCost | None:
    """What a run cost at this price; None where that or its times are not known."""
    start = start_up_seconds(run.cold_start, run.queue_kind, run.boot)
    return run_cost(price.per_second, start, run.run) if price else None
