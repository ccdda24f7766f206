"""Every kind of run that the simulator has. Each scenario is a pure function of time:

`scenario(start, seed, now)` is the run's state at `now`, whatever was requested before.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from cachetools import LRUCache, cached

from dashboard.simulator import hostile, node_outputs
from dashboard.simulator.run_plans import COLD, WARM, Shape, Tempo, build, jitter
from dashboard.simulator.timeline import Plan, State, play
from dashboard.simulator.workflows import MEDIA, PACKSHOT, STORYBOARD, run_details

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of run. Its code is part of run IDs: never give it to another scenario."""

    name: str
    code: int
    plan: Callable[[int], Plan]
    foreign: bool = False  # another workspace's run: 403
    flaky: bool = False  # requests fail now and then until it ends

    def __call__(self, start: datetime, seed: int, now: datetime) -> State:
        return play(self.timetable(seed), (now - start).total_seconds())

    def timetable(self, seed: int) -> Plan:
        """The whole plan of the run of this seed."""
        return _plan(self.name, seed)


@cached(LRUCache(2048), lock=Lock())
def _plan(name: str, seed: int) -> Plan:
    return SCENARIOS[name].plan(seed)


def by_code(code: int) -> Scenario | None:
    return _BY_CODE.get(code)


def _usual(shape: Shape) -> Callable[[int], Plan]:
    return lambda seed: build(seed, shape)


def _with(seed: int, shape: Shape, **of_details: object) -> Plan:
    plan = build(seed, shape)
    return replace(plan, details=replace(plan.details, **of_details))  # type: ignore[arg-type]


def _fail_dispatch(seed: int) -> Plan:
    """The server cannot start a container: it writes the status and nothing else."""
    details = replace(run_details(seed), spawned=False)
    return Plan(details, end="failed", ended=1.1, tells_end=False)


def _fail_early(seed: int) -> Plan:
    """Ends before its first node: the prompt is refused; with an odd seed, never comes so far."""
    plan = build(seed, FAILING)
    ended = (plan.started or 0.0) + round(jitter(seed).uniform(0.05, 0.15), 6)
    return replace(plan, running=None, ended=ended, steps=(), reports=())


def _cancel_early(seed: int) -> Plan:
    at = 6.0 + round(jitter(seed).uniform(0, 9), 6)
    return Plan(run_details(seed), end="cancelled", ended=at, ahead=((0.0, 2), (5.0, 1)))


def _stale(seed: int) -> Plan:
    """Goes silent after two minutes; a run with an even seed comes back after 30 h."""
    plan = build(seed, Shape(Tempo((1.5, 3.0), (38.0, 42.0), (150.0, 160.0)), STORYBOARD))
    gap, last = 30 * HOUR, 130.0
    before = tuple(step for step in plan.steps if step.at < last)[:4]
    after = tuple(replace(step, at=step.at + gap) for step in plan.steps if step not in before)
    if seed % 2:
        return replace(plan, steps=before, reports=(), uploading=None, ended=None)
    return replace(
        plan,
        steps=before + after,
        reports=tuple(replace(report, at=report.at + gap) for report in plan.reports),
        ended=(plan.ended or 0.0) + gap,
    )


def _workspace(seed: int) -> Plan:
    """Runs in an open workspace session: no queue, no boot."""
    rng = jitter(seed)
    shape = Shape(Tempo((41e-6, 49e-6), (8e-6, 9e-6), (9.0, 18.0)))
    return _with(
        seed,
        shape,
        machine_type="workspace-v2",
        origin=rng.choice(("workspace", "manual")),
        spawned=False,
        gpu_event=True,
    )


def _runpod(seed: int) -> Plan:
    """A kind of machine that reports neither queue nor start."""
    plan = _with(seed, Shape(Tempo((0.5, 2.0), (0.5, 2.0), (9.0, 20.0))))
    details = replace(plan.details, machine_type="runpod-serverless", gpu=None, spawned=False)
    return replace(plan, details=details, queued=None, started=None)


def _paused(seed: int) -> Plan:
    """Ends with a status that no client knows; with an odd seed, without an end time."""
    shape = Shape(Tempo((0.9, 2.0), (1.0, 3.0), (20.0, 30.0)), end="paused", reach=0.6)
    return replace(build(seed, shape), tells_end=seed % 2 == 0)


def _big_inputs(seed: int) -> Plan:
    plan = build(seed, Shape(WARM, PACKSHOT))
    rng = jitter(seed)
    prompt = plan.details.subject.prompt
    large = {
        **plan.details.inputs,
        "prompt": " ".join([prompt] * 60),
        "seed": 2**64 - 59,
        "sampler": {
            "name": "dpmpp_2m",
            "sigmas": [round(rng.uniform(0, 15), 4) for _ in range(40)],
        },
        "references": [f"{MEDIA}inputs/terrazzo_sage_{n:05}_.webp" for n in range(12)],
        "regions": [[n, n * 2, [n / 3, None, True]] for n in range(60)],
        "mask": "data:image/webp;base64," + "UklGRgFAKE" * 9000,
        "hf_token": "hf_FAKE_not_a_token",
        "storage": {"api_key": "FAKE-not-a-key", "bucket": "northlight"},
        "source": "https://ana:FAKE@files.example.com/in.png?token=FAKE",
        "upscale": None,
        "tile": False,
        "denoise": 0.35,
    }
    return replace(plan, details=replace(plan.details, inputs=large))


def _unicode(seed: int) -> Plan:
    plan = _with(
        seed,
        Shape(makes=hostile.reports),
        inputs=hostile.INPUTS,
        user_id="user_<b>x</b>",
        webhook="javascript:alert(16)",
    )
    steps = (*plan.steps[:-1], replace(plan.steps[-1], node=hostile.LIVE_STATUS[10:]))
    return replace(plan, steps=steps)


def _retried(seed: int) -> Plan:
    """A second container reports its start after the end: the run duration is negative."""
    plan = build(seed, Shape())
    return replace(plan, restarted=(plan.ended or 0.0) + 4.2)


def _cut_seconds(seed: int) -> Plan:
    return _with(seed, Shape(), whole_seconds=True)


FAILING = Shape(
    Tempo((0.6, 2.0), (1.0, 9.0), (22.0, 40.0)), None, "failed", 0.78, node_outputs.partial
)
CANCELLED = Shape(WARM, None, "cancelled", 0.31, node_outputs.nothing)
TOO_LONG = Shape(
    Tempo((1.0, 3.0), (0.6, 8.0), (299.4, 299.6)), STORYBOARD, "timeout", 0.55, node_outputs.nothing
)
WAITING = Shape(Tempo((130.0, 290.0), (0.8, 1.9), (9.0, 18.0)))
IN_LINE = Shape(Tempo((42.0, 60.0), (0.8, 1.9), (9.0, 16.0)), line=3)
KINDS = Shape(Tempo((0.5, 2.0), (0.5, 3.0), (18.0, 24.0)), STORYBOARD, makes=node_outputs.kinds)
MANY = Shape(Tempo((0.5, 2.0), (1.0, 8.0), (30.0, 40.0)), STORYBOARD, makes=node_outputs.many)
LONG = Shape(Tempo((1.0, 3.0), (4.0, 9.0), (80.0, 90.0)))

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("warm", 1, _usual(Shape())),
        Scenario("cold", 2, _usual(Shape(COLD))),
        Scenario("queue", 3, _usual(WAITING)),
        Scenario("ahead", 4, _usual(IN_LINE)),
        Scenario("fail-midway", 5, _usual(FAILING)),
        Scenario("fail-dispatch", 6, _fail_dispatch),
        Scenario("cancel-early", 7, _cancel_early),
        Scenario("cancel-running", 8, _usual(CANCELLED)),
        Scenario("timeout", 9, _usual(TOO_LONG)),
        Scenario("stale", 10, _stale),
        Scenario("private", 11, _usual(Shape(makes=node_outputs.private))),
        Scenario("kinds", 12, _usual(KINDS)),
        Scenario("many", 13, _usual(MANY)),
        Scenario("unicode", 14, _unicode),
        Scenario("late", 15, _usual(Shape(makes=node_outputs.late))),
        Scenario("flaky", 16, _usual(LONG), flaky=True),
        Scenario("workspace", 17, _workspace),
        Scenario("runpod", 18, _runpod),
        Scenario("big-inputs", 19, _big_inputs),
        Scenario("unknown-word", 20, _paused),
        Scenario("no-files", 21, _usual(Shape(makes=node_outputs.nothing))),
        Scenario("duplicates", 22, _usual(Shape(makes=node_outputs.doubled))),
        Scenario("retried", 23, _retried),
        Scenario("cut-seconds", 24, _cut_seconds),
        Scenario("foreign", 25, _usual(Shape()), foreign=True),
        Scenario("fail-early", 26, _fail_early),
    )
}
_BY_CODE = {scenario.code: scenario for scenario in SCENARIOS.values()}
