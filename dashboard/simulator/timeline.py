"""A run as a plan over time, and its state at one moment. Times are seconds from the start."""

from dataclasses import dataclass, field, replace

from dashboard.simulator.workflows import RunDetails

LIVE = ("not-started", "queued", "started", "running", "uploading")
SILENCE = 24 * 3600.0  # after this, ComfyDeploy reports a run without updates as timed out


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of an output's `data`: a file, an external URL, a text or a boolean."""

    key: str
    name: str = ""
    value: str | bool | None = None
    url: str | None = None
    private: bool = False
    subfolder: str = ""
    upload: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What one node reported at one moment: an element of `outputs`."""

    at: float
    node_id: str
    items: tuple[Item, ...]
    node_class: str | None = None
    output_id: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    at: float
    node: str
    progress: float


@dataclass(frozen=True, slots=True)
class Plan:
    """When each event happens, in seconds; None = never."""

    details: RunDetails
    created: float = 0.000217
    queued: float | None = None
    started: float | None = None
    running: float | None = None
    uploading: float | None = None
    ended: float | None = None
    end: str = "success"
    tells_end: bool = True  # whether `ended_at` is written
    restarted: float | None = None  # a second container sets `started_at` again, even after the end
    steps: tuple[Step, ...] = ()
    reports: tuple[Report, ...] = ()
    ahead: tuple[tuple[float, int], ...] = ((0.0, 0),)


@dataclass(frozen=True, slots=True)
class State:
    """The state of a run at one moment; times in seconds after its start."""

    details: RunDetails
    status: str
    created: float
    updated: float
    queued: float | None = None
    started: float | None = None
    ended: float | None = None
    live_status: str | None = None
    progress: float = 0.0
    queue_position: int | None = None
    reports: tuple[Report, ...] = field(default=())
    container_id: str | None = None
    stored: str = ""  # the status in the database: a silent run is not yet "timeout" there


def play(plan: Plan, elapsed: float) -> State:
    """The state of the plan `elapsed` seconds after its start."""
    reached = [
        (at, word)
        for at, word in (
            (plan.created, "not-started"),
            (plan.queued, "queued"),
            (plan.started, "started"),
            (plan.running, "running"),
            (plan.uploading, "uploading"),
            (plan.ended, plan.end),
        )
        if at is not None and (at <= elapsed or word == "not-started")
    ]
    status = reached[-1][1]
    steps = [step for step in plan.steps if step.at <= elapsed]
    over = plan.ended is not None and plan.ended <= elapsed
    restarted = _reached(plan.restarted, elapsed)
    changes = [at for at, _ in reached if at != plan.ended or plan.tells_end]
    updated = max([*changes, *(step.at for step in steps), restarted or 0.0])
    return State(
        details=plan.details,
        status="timeout" if status in LIVE and elapsed - updated >= SILENCE else status,
        created=plan.created,
        updated=updated,
        queued=_reached(plan.queued, elapsed),
        started=restarted or _reached(plan.started, elapsed),
        ended=plan.ended if over and plan.tells_end else None,
        live_status=f"Executing {steps[-1].node}" if steps else None,
        progress=steps[-1].progress if steps else 0.0,
        queue_position=_position(plan, elapsed) if status in ("not-started", "queued") else None,
        reports=tuple(report for report in plan.reports if report.at <= elapsed),
        stored=status,
    )


def _reached(at: float | None, elapsed: float) -> float | None:
    return at if at is not None and at <= elapsed else None


def _position(plan: Plan, elapsed: float) -> int:
    return next((n for at, n in reversed(plan.ahead) if at <= elapsed), plan.ahead[0][1])


def faster(state: State, speed: float) -> State:
    """The state with all its times divided by `speed`."""
    if speed == 1.0:
        return state
    return replace(
        state,
        created=state.created / speed,
        updated=state.updated / speed,
        queued=_divided(state.queued, speed),
        started=_divided(state.started, speed),
        ended=_divided(state.ended, speed),
        reports=tuple(replace(report, at=report.at / speed) for report in state.reports),
    )


def _divided(seconds: float | None, speed: float) -> float | None:
    return None if seconds is None else seconds / speed
