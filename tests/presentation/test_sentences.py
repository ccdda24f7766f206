"""What a page says while a run waits, and while something is wrong: whole sentences, one table."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dashboard.domain.run.facts import RunFacts
from dashboard.domain.run.usual import PastRun, Usual, usual_of
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import GAP, THIN
from dashboard.presentation.run.display import run_display
from dashboard.presentation.trouble import NOTICES
from tests.timed_run import at, live, seen

COUNT = "In this machine's queue"
NO_PLACE = "Place in line unknown"
SEEN_AT = at(44.0)


def told(run: RunFacts, visibility: Visibility, usual: Usual | None = None) -> str:
    """All that the page says in sentences, in the order of reading."""
    drawn = run_display(run, visibility, title="Run 7c1e9f42", usual=usual)
    notice = f"{drawn.notice.bold} {drawn.notice.rest}".strip() if drawn.notice else ""
    left = drawn.left.text if drawn.left else ""
    said = (notice, drawn.headline.text, drawn.headline.second, left)
    return " | ".join(text for text in said if text).replace(THIN, " ").replace(GAP, " ")


def history(**seconds: list[float]) -> Usual:
    """Runs like it, each with these times."""
    past = [
        PastRun(pk=n, done=True, **{name: values[n] for name, values in seconds.items()})
        for n in range(len(next(iter(seconds.values()))))
    ]
    return usual_of(past, start_kind="cold", gpu="A10G")


QUEUES = history(queue_wait=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], total=[30.0, 32, 34, 36, 38, 40])


@pytest.mark.parametrize(
    ("run", "usual", "sentence"),
    [
        (live("not-started"), None, f"Waiting for a GPU | {NO_PLACE}"),
        (live("not-started", queue_position=0), None,
         f"Waiting for a GPU — next in line | {COUNT}"),
        (live("not-started", queue_position=3), None,
         f"Waiting for a GPU — 3 ahead | {COUNT}"),
        (live("not-started", queue_position=1284), None,
         f"Waiting for a GPU — 1,284 ahead | {COUNT}"),
        (live("not-started", queue_position=2), QUEUES,
         f"Waiting for a GPU — 2 ahead | {COUNT} | "
         "Waiting for over 40 s, longer than all 6 runs on A10G"),
        (live("not-started"), history(queue_wait=[30.0, 40, 50, 60, 70]),
         f"Waiting for a GPU | {NO_PLACE} | "
         "Usually queued 40 s to 1 m 06 s (5 runs)"),
        (live("queued"), None, "ComfyUI is starting | 900 ms in the queue"),
        (live("queued"), history(cold_start=[4.0, 5, 6, 7, 8, 9]),
         "ComfyUI is starting | 900 ms in the queue | "
         "Starting for over 40 s, longer than all 6 runs on A10G"),
        (live("started"), None,
         "ComfyUI is preparing the run | Cold start 7.8 s, 900 ms in the queue"),
        (live("running", progress=0.62, live_status="Executing KSampler"), None,
         "Running KSampler — 62 % | Cold start 7.8 s, 900 ms in the queue"),
        (live("running"), history(run=[50.0, 60, 70, 80, 90, 100]),
         "Running | Cold start 7.8 s, 900 ms in the queue | "
         "About 35 s to 1 m 00 s left (6 runs)"),
        (live("running"), history(run=[5.0, 6, 7, 8, 9, 10]),
         "Running | Cold start 7.8 s, 900 ms in the queue | Slower than 90 % of 6 runs"),
        (live("uploading"), None,
         "Saving files | Cold start 7.8 s, 900 ms in the queue"),
        (live("paused"), None,
         "Unknown status “paused” | "
         "Runboard keeps checking, less and less often"),
    ],
)  # fmt: skip
def test_waiting_says_what_is_known_and_no_more(
    run: RunFacts, usual: Usual | None, sentence: str
) -> None:
    assert told(run, seen(), usual) == sentence


LOST = "Was running at 14:03:22 UTC | No estimate until ComfyDeploy answers"
FINE = "The run itself may be fine."
ASKED = "Runboard tried 3 times over 10 min and won't try again on its own."
TROUBLED: dict[str, tuple[str, str]] = {
    "unreachable": (
        f"Runboard can't reach ComfyDeploy. {FINE}",
        "This affects all runs.",
    ),
    "timed-out": (
        f"ComfyDeploy didn't answer in time. {FINE}",
        "This affects all runs.",
    ),
    "rate-limited": (
        f"ComfyDeploy is limiting requests. {FINE}",
        "The limit applies to this server's API key; all updates are paused.",
    ),
    "key-rejected": (
        "ComfyDeploy rejects this server's API key. "
        "Set a valid COMFYDEPLOY_API_KEY in .env and restart.",
        "Runs won't update until then.",
    ),
    "forbidden": (
        "This server's API key can't read this run. "
        "It belongs to another workspace, or the key is a machine token.",
        "",
    ),
    "not-found": ("ComfyDeploy no longer has this run.", ""),
    "server-error": (
        f"ComfyDeploy returned an error. {FINE}",
        "This affects all runs.",
    ),
    "bad-answer": (f"ComfyDeploy's answer couldn't be read. {FINE}", ""),
}


def troubled(word: str | None, **more: Any) -> Visibility:
    return replace(seen(), observed_at=SEEN_AT, trouble=word, **more)


def test_the_table_holds_every_trouble() -> None:
    assert set(TROUBLED) == set(NOTICES)


@pytest.mark.parametrize("word", TROUBLED)
def test_trouble_says_what_is_wrong_whom_it_concerns_and_what_to_do(word: str) -> None:
    own, everybody = TROUBLED[word]
    assert told(live(), troubled(word)) == f"{own} | {LOST}"
    assert told(live(), troubled(word, given_up=True)) == f"{own} {ASKED} | {LOST}"
    if everybody:
        assert told(live(), troubled(word, everybody=True)) == f"{own} {everybody} | {LOST}"


def test_an_outage_that_lasts_says_since_when() -> None:
    visibility = troubled("unreachable", trouble_since=at(48.2) - timedelta(minutes=2))
    assert told(live(), visibility).startswith(
        "Runboard can't reach ComfyDeploy: no answer for 2 min."
    )


def test_silence_and_a_full_disk_are_told_too() -> None:
    stale = replace(seen(), observed_at=at(8.2), stale=True)
    assert told(live(), stale).startswith(
        "No answer from ComfyDeploy for 40 s. The run itself may be fine."
    )
    full = replace(seen(), storage="The disk is full.")
    assert told(live(), full).startswith(
        "The disk is full. Updates can't be saved until this is fixed"
    )


def test_a_run_that_ended_keeps_its_headline_through_trouble() -> None:
    ended = replace(live(), status="success", finished=True, ended_at=at(20), run=11.3, total=20.0)
    assert "Was running" not in told(ended, troubled("unreachable"))
