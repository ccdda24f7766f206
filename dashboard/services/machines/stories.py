"""What a run's machine tells of it: why it started cold or waited, and what it cost. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.domain.machines.cost import RunCost
from dashboard.domain.machines.start_reason import StartReason
from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines import (
    container_stories,
    costs,
    prices,
    queue_splits,
    start_reasons,
)
from dashboard.services.machines.container_stories import ContainerStory
from dashboard.services.machines.prices import KnownPrice
from dashboard.services.machines.start_reasons import LastRun
from dashboard.services.remembered import Remembered

CACHE_SECONDS, MAX_CACHED = 60.0, 500


@dataclass(frozen=True, slots=True)
class Story:
    """Each is None where it is not known."""

    reason: StartReason | None = None
    last_run: LastRun | None = None
    cost: RunCost | None = None
    price: KnownPrice | None = None
    container: ContainerStory | None = None


NOTHING = Story()
_stories: Remembered[tuple[int, str], Story] = Remembered(CACHE_SECONDS, MAX_CACHED)
forget = _stories.forget


def story_of(run: Run) -> Story:
    """What is known of a run that has ended; read at most once a minute in a process."""
    if not _told(run):
        return NOTHING
    key = (run.pk, run.shown_version)
    return _stories.get(key, lambda: stories_of([run]).get(run.pk, NOTHING))


def stories_of(runs: Sequence[Run]) -> dict[int, Story]:
    """The same for several runs, by their keys; without those of which nothing is known.

    Eight queries at most, however many runs there are.
    """
    told = [run for run in runs if _told(run)]
    held = queue_splits.containers_of(told)
    told = [run for run in told if not costs.in_session(held.get(run.pk))]
    machines = _machines(told)
    known = _prices(told, held)
    reasons = start_reasons.reasons_of(told, held, machines)
    containers = container_stories.containers_of(told, held, known, machines)
    return {
        run.pk: Story(
            reason=reasons[run.pk].reason if run.pk in reasons else None,
            last_run=reasons[run.pk].last_run if run.pk in reasons else None,
            cost=costs.cost_at(run, known[run.pk]),
            price=known[run.pk],
            container=containers.get(run.pk),
        )
        for run in told
    }


def _told(run: Run) -> bool:
    return run.finished and bool(run.gpu or run.machine_id)


def _machines(runs: Sequence[Run]) -> Mapping[str, UsedMachine]:
    ids = {run.machine_id for run in runs if run.machine_id}
    return UsedMachine.objects.defer("build").in_bulk(ids) if ids else {}


def _prices(runs: Sequence[Run], held: Mapping[int, Container]) -> Mapping[int, KnownPrice | None]:
    """The price of each run's GPU when it was created; `held` are the runs' containers."""
    gpus = [costs.gpu_of(run, held.get(run.pk)) for run in runs]
    wanted = [(gpu, run.created_at) for gpu, run in zip(gpus, runs, strict=True)]
    found = prices.prices_at(wanted)
    return {run.pk: price for run, price in zip(runs, found, strict=True)}
