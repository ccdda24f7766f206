"""Why a run started cold or waited, in a sentence."""

import pytest

from dashboard.domain.machines.start_reason import (
    BUSY,
    FIRST_OF_MACHINE,
    FIRST_OF_VERSION,
    IDLE,
    NEW_DEPLOYMENT,
    WORDS,
    StartReason,
)
from dashboard.presentation.format import THIN
from dashboard.presentation.run.start_reason_text import reason_text


def text(reason: StartReason, *, cold: bool = True) -> str:
    return reason_text(reason, cold=cold).text.replace(THIN, " ")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            StartReason(IDLE, True, idle=2760.0, stays_warm=60),
            "This machine had been idle for 46 min; ComfyDeploy keeps it warm for 1 min.",
        ),
        (
            StartReason(IDLE, True, idle=90.0, stays_warm=0),
            "This machine had been idle for 1 min; ComfyDeploy doesn’t keep it warm.",
        ),
        (StartReason(IDLE, False, idle=2760.0), "No run was seen on this machine for 46 min."),
        (
            StartReason(BUSY, False, busy=3, limit=4),
            "3 runs were busy on this machine, so ComfyDeploy started another container.",
        ),
        (StartReason(FIRST_OF_VERSION, True, version=7), "First run on machine version 7."),
        (StartReason(FIRST_OF_VERSION, True), "First run after the machine was rebuilt."),
        (StartReason(FIRST_OF_MACHINE, False), "First run seen on this machine."),
        (
            StartReason(NEW_DEPLOYMENT, False),
            "First run seen of this deployment, which has machines of its own.",
        ),
    ],
)
def test_each_reason_is_a_sentence(reason: StartReason, said: str) -> None:
    assert text(reason) == said
    assert reason_text(reason, cold=True).likely is not reason.sure


def test_what_a_warm_run_waited_for_names_the_limit() -> None:
    waited = StartReason(BUSY, True, busy=1, limit=2)
    assert text(waited, cold=False) == "1 run was busy on this machine (limit 2 containers)."
    assert text(StartReason(BUSY, True, busy=2), cold=False) == "2 runs were busy on this machine."
    assert reason_text(waited, cold=False).title == "Why it waited"


def test_every_word_has_a_sentence() -> None:
    assert all(text(StartReason(word, True)).endswith(".") for word in WORDS)
