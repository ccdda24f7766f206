"""Builds the plan of a run from its seed: how long each phase takes, and its outputs."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from dashboard.simulator import node_outputs
from dashboard.simulator.seeded_random import seeded_random
from dashboard.simulator.timeline import Plan, Step
from dashboard.simulator.workflows import RunDetails, Workflow, run_details

TEMPO_SHIFT = 28
HEAVY = {"KSampler": 4.0, "WanImageToVideo": 2.0, "VAEDecode": 2.0, "ImageUpscaleWithModel": 2.0}
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tempo:
    """The least and most seconds that each phase takes."""

    queue: Range
    boot: Range
    run: Range


WARM = Tempo((0.4, 3.0), (0.3, 1.6), (8.0, 26.0))
COLD = Tempo((0.8, 2.4), (39.6, 40.4), (10.0, 18.0))
# The three bits below a seed's highest may choose one of these instead of the scenario's own tempo:
# the demo's runs must overlap so that three or four are always live.
DEMO_TEMPOS = {
    1: Tempo((121.8, 130.8), (1.1, 1.6), (36.5, 45.0)),  # waits in the queue
    2: Tempo((0.8, 1.2), (32.0, 40.4), (41.0, 47.5)),  # boots for more than half a minute
    3: Tempo((0.8, 1.2), (61.5, 65.4), (41.2, 52.0)),  # boots for a minute
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a scenario differs from the common plan."""

    tempo: Tempo = WARM
    workflow: Workflow | None = None
    end: str = "success"
    reach: float = 1.0  # the share of the nodes that run
    makes: node_outputs.MakeReports = node_outputs.pictures
    line: int = 0  # how many runs are ahead in the queue at first; 0 = by the length of the wait


def with_tempo(tempo: int, seed: int) -> int:
    """The seed with this key of `DEMO_TEMPOS` in its bits 28 to 30."""
    return tempo << TEMPO_SHIFT | seed & ((1 << TEMPO_SHIFT) - 1)


def build(seed: int, shape: Shape) -> Plan:
    """The plan of a run with all phases: queue, boot, run, end."""
    rng = seeded_random("plan", seed)
    details = run_details(seed, shape.workflow)
    tempo = DEMO_TEMPOS.get(seed >> TEMPO_SHIFT & 0b111, shape.tempo)
    created = rng.randint(1, 990) / 1e6
    queued = created + _exact(rng.uniform(*tempo.queue))
    started = queued + _exact(rng.uniform(*tempo.boot))
    running = started + _exact(rng.uniform(0.25, 0.7))
    ended = started + _exact(rng.uniform(*tempo.run))
    saving = min(3.0, (ended - running) * 0.2)
    slow = details.workflow.slow_upload and shape.end == "success"
    return Plan(
        details=details,
        created=created,
        queued=queued,
        started=started,
        running=running,
        uploading=ended - saving if slow else None,
        ended=ended,
        end=shape.end,
        steps=tuple(_steps(details, running + 0.15, ended - saving, shape.reach)),
        reports=shape.makes(rng, details, running, ended),
        ahead=tuple(_line(queued, shape.line or round(min(3.0, queued / 12)))),
    )


def _exact(seconds: float) -> float:
    """The seconds rounded to microseconds, as a database keeps them."""
    return round(seconds, 6)


def _steps(details: RunDetails, begin: float, end: float, reach: float) -> Iterator[Step]:
    """One step per node; samplers take longer. Progress counts nodes, as ComfyDeploy does."""
    nodes = details.workflow.nodes
    touched = nodes[: max(1, round(len(nodes) * reach))]
    weights = [HEAVY.get(node, 1.0) for node in touched]
    share = 0.0
    for count, (node, weight) in enumerate(zip(touched, weights, strict=True), 1):
        progress = round(count / (len(nodes) + details.workflow.unused), 2)
        yield Step(begin + (end - begin) * share / sum(weights), node, progress)
        share += weight


def _line(queued: float, ahead: int) -> Iterator[tuple[float, int]]:
    for n in range(ahead + 1):
        yield (queued * n / (ahead + 1), ahead - n)


def jitter(seed: int) -> Random:
    """Random numbers for the details of one scenario, apart from those of the plan."""
    return seeded_random("twist", seed)
