"""A status in words, with its icon and tone; and what each phase means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from dashboard.domain.run.facts import Phase
from dashboard.domain.run.phases import PHASE_STAMPS
from dashboard.presentation.format import cut


@dataclass(frozen=True, slots=True)
class StatusWords:
    """How one state is shown: a word, an icon, a tone, one sentence, upstream's own word."""

    word: str
    icon: str  # a symbol of static/img/icons.svg
    tone: str  # neutral, cold, live, done, fail or late
    sentence: str
    raw: str
    favicon: str  # a file of static/img/favicons, without `.svg`


@dataclass(frozen=True, slots=True)
class PhaseText:
    """What one of the five times is called and means."""

    name: Phase
    label: str
    field: str
    stamps: tuple[str, str]
    sentence: str


LONGEST_WORD = 40

_WORDS = MappingProxyType(
    {
        words.raw: words
        for words in (
            StatusWords(
                "Waiting",
                "waiting",
                "neutral",
                "Waiting in line, or for a GPU machine.",
                "not-started",
                "wait",
            ),
            StatusWords(
                "Starting up",
                "starting",
                "cold",
                "A GPU took the job. ComfyUI is booting.",
                "queued",
                "start",
            ),
            StatusWords(
                "Preparing",
                "preparing",
                "live",
                "ComfyUI is up and has the prompt.",
                "started",
                "prepare",
            ),
            StatusWords(
                "Running", "running", "live", "Nodes are being worked through.", "running", "run"
            ),
            StatusWords(
                "Saving",
                "saving",
                "live",
                "All nodes ran. Files are being saved.",
                "uploading",
                "save",
            ),
            StatusWords("Done", "done", "done", "Ended without an error.", "success", "done"),
            StatusWords("Failed", "failed", "fail", "Stopped by an error.", "failed", "fail"),
            StatusWords(
                "Timed out",
                "timeout",
                "late",
                "Ran longer than the machine allows.",
                "timeout",
                "late",
            ),
            StatusWords(
                "Cancelled",
                "cancelled",
                "neutral",
                "Stopped by a person or its GPU session.",
                "cancelled",
                "off",
            ),
        )
    }
)
NOT_ASKED = StatusWords(
    "Not asked yet", "clock", "neutral", "ComfyDeploy has not been asked about it yet.", "", "idle"
)
ASSUMED = "No update for 24 h; ComfyDeploy assumes a timeout."

PHASE_TEXTS: Mapping[str, PhaseText] = MappingProxyType(
    {
        text.name: text
        for text in (
            PhaseText(
                Phase.QUEUE_WAIT,
                "Queue",
                "cold_start_duration_total − cold_start_duration",
                PHASE_STAMPS[Phase.QUEUE_WAIT],
                "Waiting in line and getting a GPU machine. ComfyDeploy does not report the two "
                "apart, so a new machine's set-up hides here.",
            ),
            PhaseText(
                Phase.COLD_START,
                "Cold start",
                "cold_start_duration",
                PHASE_STAMPS[Phase.COLD_START],
                "From the machine taking the job until ComfyUI answers. "
                "Model loading is not in it.",
            ),
            PhaseText(
                Phase.BEFORE_RUN,
                "Before the run",
                "cold_start_duration_total",
                PHASE_STAMPS[Phase.BEFORE_RUN],
                "Queue and cold start together: everything before the run.",
            ),
            PhaseText(
                Phase.RUN,
                "Run",
                "run_duration",
                PHASE_STAMPS[Phase.RUN],
                "Loading models, working through the nodes, uploading the files. "
                "Slower after a cold start, because models load here.",
            ),
            PhaseText(
                Phase.TOTAL,
                "Total",
                "duration",
                PHASE_STAMPS[Phase.TOTAL],
                "From the run's creation to its end.",
            ),
        )
    }
)
START_TEXTS = MappingProxyType(
    {
        "cold": "ComfyUI started cold",
        "warm": "ComfyUI was already up",
        "unknown": "start not reported",
    }
)


def status_words(
    status: str | None, *, finished: bool = False, assumed: bool = False, lost: bool = False
) -> StatusWords:
    """The words for upstream's status; `None` is a run without any answer yet.

    `assumed` is a timeout that ComfyDeploy only infers; `lost` is a live run
    that cannot be seen any more: the same icon, without its live colour.
    """
    if status is None:
        return NOT_ASKED
    words = _WORDS.get(status) or _unknown(status)
    if assumed and status == "timeout":
        return replace(words, word="Timed out, assumed", sentence=ASSUMED)
    if lost and not finished and words.favicon not in ("done", "fail", "late", "off"):
        return replace(words, word=f"{words.word} at last sight", tone="neutral", favicon="trouble")
    return words


def _unknown(status: str) -> StatusWords:
    return StatusWords(
        f"“{cut(status, LONGEST_WORD)}”",
        "unknown",
        "neutral",
        "A word we do not know, shown as sent.",
        status,
        "unknown",
    )
