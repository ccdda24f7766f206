"""Why a run started cold or waited, in a sentence."""

from dataclasses import dataclass

from dashboard.domain.machines.start_reason import (
    BUSY,
    FIRST_OF_MACHINE,
    FIRST_OF_VERSION,
    IDLE,
    StartReason,
)
from dashboard.presentation.format import plural, span


@dataclass(frozen=True, slots=True)
class ReasonText:
    """The panel's heading and its sentence; `likely` where something unknown could change it."""

    title: str
    text: str
    likely: bool


def reason_text(reason: StartReason, *, cold: bool) -> ReasonText:
    title = "Why it started cold" if cold else "Why it waited"
    return ReasonText(title, _sentence(reason, cold=cold), likely=not reason.sure)


def _sentence(reason: StartReason, *, cold: bool) -> str:
    if reason.word == IDLE:
        return _idle(reason)
    if reason.word == BUSY:
        return _busy(reason, cold=cold)
    if reason.word == FIRST_OF_VERSION:
        known = reason.version is not None
        after = f"on machine version {reason.version}" if known else "after the machine was rebuilt"
        return f"First run {after}."
    if reason.word == FIRST_OF_MACHINE:
        return "First run seen on this machine."
    return "First run seen of this deployment, which has machines of its own."


def _idle(reason: StartReason) -> str:
    idle = span(reason.idle or 0.0)
    if reason.stays_warm is None:
        return f"No run was seen on this machine for {idle}."
    keeps = f"ComfyDeploy keeps it warm for {span(reason.stays_warm)}"
    if not reason.stays_warm:
        keeps = "ComfyDeploy doesn’t keep it warm"
    return f"This machine had been idle for {idle}; {keeps}."


def _busy(reason: StartReason, *, cold: bool) -> str:
    number = reason.busy or 0
    were = f"{plural(number, 'run')} {'was' if number == 1 else 'were'} busy on this machine"
    if cold:
        return f"{were}, so ComfyDeploy started another container."
    limit = f" (limit {plural(reason.limit, 'container')})" if reason.limit else ""
    return f"{were}{limit}."
