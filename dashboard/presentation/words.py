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
                "Waiting for a GPU.",
                "not-started",
                "wait",
            ),
            StatusWords(
                "Starting up",
                "starting",
                "cold",
                "A GPU machine picked up the job. ComfyUI is starting.",
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
            StatusWords("Running", "running", "live", "Nodes are running.", "running", "run"),
            StatusWords(
                "Saving",
                "saving",
                "live",
                "All nodes have run. Files are being saved.",
                "uploading",
                "save",
            ),
            StatusWords("Done", "done", "done", "Finished without errors.", "success", "done"),
            StatusWords("Failed", "failed", "fail", "Stopped by an error.", "failed", "fail"),
            StatusWords(
                "Timed out",
                "timeout",
                "late",
                "Exceeded the machine's time limit.",
                "timeout",
                "late",
            ),
            StatusWords(
                "Cancelled",
                "cancelled",
                "neutral",
                "Cancelled by a person or its GPU session.",
                "cancelled",
                "off",
            ),
        )
    }
)
NOT_ASKED = StatusWords(
    "Not loaded yet", "clock", "neutral", "Runboard hasn't loaded this run yet.", "", "idle"
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
                "Waiting in the queue and for a GPU machine; includes new-machine setup.",
            ),
            PhaseText(
                Phase.COLD_START,
                "Cold start",
                "cold_start_duration",
                PHASE_STAMPS[Phase.COLD_START],
                "From a machine picking up the job until ComfyUI answers. Excludes model loading.",
            ),
            PhaseText(
                Phase.BEFORE_RUN,
                "Before the run",
                "cold_start_duration_total",
                PHASE_STAMPS[Phase.BEFORE_RUN],
                "Queue and cold start together.",
            ),
            PhaseText(
                Phase.RUN,
                "Run",
                "run_duration",
                PHASE_STAMPS[Phase.RUN],
                "Loading models, running nodes and uploading files. "
                "Slower after a cold start, because models load here.",
            ),
            PhaseText(
                Phase.TOTAL,
                "Total",
                "duration",
                PHASE_STAMPS[Phase.TOTAL],
                "From creation to end.",
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
        return replace(
            words,
            word=f"Last seen {words.word[:1].lower()}{words.word[1:]}",
            tone="neutral",
            favicon="trouble",
        )
    return words


def _unknown(status: str) -> StatusWords:
    return StatusWords(
        f"“{cut(status, LONGEST_WORD)}”",
        "unknown",
        "neutral",
        "Unknown status, shown as sent.",
        status,
        "unknown",
    )
