"""Every row of the table of headlines."""

from dataclasses import replace

import pytest

from dashboard.domain.run.facts import RunFacts
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import THIN
from dashboard.presentation.run.headline import headline, node_of
from tests.timed_run import at, bare, done, live, lost, seen


def told(run: RunFacts, visibility: Visibility | None = None, outputs: int = 0) -> tuple[str, str]:
    found = headline(run, visibility or seen(), outputs=outputs)
    return found.text.replace(THIN, " "), found.second.replace(THIN, " ")


def test_an_open_session_has_no_start() -> None:
    run = done(0.0, 0.0, 14.2, origin="workspace")
    assert told(run) == ("Ran in an open session, 14.2 s", "No start to measure")


def test_a_failed_open_session_says_so() -> None:
    run = done(0.0, 0.0, 14.2, origin="workspace", status="failed")
    assert told(run)[0] == "Ran in an open session, failed after 14.2 s"


def test_an_open_session_without_times() -> None:
    assert told(bare("cancelled", origin="workspace"))[0] == "Ran in an open session, cancelled"


@pytest.mark.parametrize(
    ("run", "title", "second"),
    [
        (
            live("not-started", queue_position=3),
            "Waiting for a GPU — 3 ahead",
            "In this machine's queue",
        ),
        (
            live("not-started", queue_position=0),
            "Waiting for a GPU — next in line",
            "In this machine's queue",
        ),
        (
            live("not-started"),
            "Waiting for a GPU",
            "Place in line unknown",
        ),
        (live("queued"), "ComfyUI is starting", "900 ms in the queue"),
        (
            live("started"),
            "ComfyUI is preparing the run",
            "Cold start 7.8 s, 900 ms in the queue",
        ),
        (
            live("running", progress=0.62, live_status="Executing KSampler"),
            "Running KSampler — 62 %",
            "Cold start 7.8 s, 900 ms in the queue",
        ),
        (live("running", progress=0.62), "Running — 62 %", "Cold start 7.8 s, 900 ms in the queue"),
        (
            live("running", live_status="Executing KSampler"),
            "Running KSampler",
            "Cold start 7.8 s, 900 ms in the queue",
        ),
        (
            live("uploading"),
            "Saving files",
            "Cold start 7.8 s, 900 ms in the queue",
        ),
        (
            live("paused"),
            "Unknown status “paused”",
            "Runboard keeps checking, less and less often",
        ),
    ],
)
def test_a_live_run_is_told_by_its_state(run: RunFacts, title: str, second: str) -> None:
    assert told(run) == (title, second)


@pytest.mark.parametrize(
    ("run", "title"),
    [
        (
            live("running", progress=0.62, live_status="Executing KSampler"),
            "Was running KSampler — 62 % at 14:03:22 UTC",
        ),
        (live("queued"), "ComfyUI was starting at 14:03:22 UTC"),
        (live("started"), "ComfyUI was preparing the run at 14:03:22 UTC"),
        (live("uploading"), "Was saving files at 14:03:22 UTC"),
        (live("not-started"), "Was waiting for a GPU at 14:03:22 UTC"),
        (live("paused"), "Was “paused” at 14:03:22 UTC"),
    ],
)
def test_lost_sight_speaks_of_the_past(run: RunFacts, title: str) -> None:
    assert told(run, lost()) == (title, "No estimate until ComfyDeploy answers")


def test_the_moment_of_the_last_sight_is_marked_for_the_readers_zone() -> None:
    moments = [piece.at for piece in headline(live(), lost()).title if piece.at]
    assert moments == [at(43.9)]


def test_a_lost_sight_of_an_ended_run_changes_nothing() -> None:
    assert told(done(), lost()) == told(done())


def test_no_times_at_all() -> None:
    assert told(bare("success")) == ("No times reported", "")
    assert told(bare("failed")) == ("No times reported", "Failed, end time unknown")


def test_only_the_total_is_known() -> None:
    assert told(bare("success", total=41.3)) == ("Took 41.3 s", "No phases reported")
    assert told(bare("failed", total=41.3)) == ("Took 41.3 s", "Failed, no phases reported")


@pytest.mark.parametrize(
    ("status", "word"), [("cancelled", "Cancelled"), ("failed", "Failed"), ("timeout", "Timed out")]
)
def test_ended_before_comfyui_was_up(status: str, word: str) -> None:
    run = bare(status, queued_at=at(22.4), ended_at=at(41.3), queue_wait=22.4, total=41.3)
    assert told(run) == (
        f"{word} after 41.3 s, before ComfyUI was ready",
        "22.4 s in the queue, start unfinished after 18.9 s",
    )


def test_a_long_queue() -> None:
    assert told(done(20.0, 0.6, 8.8)) == (
        "Waited 20.0 s for a GPU; ComfyUI was ready 600 ms later",
        "Run took 8.8 s of 29.4 s",
    )


def test_a_queue_as_long_as_the_cold_start_is_the_queues() -> None:
    assert told(done(20.0, 20.0, 8.8))[0].startswith("Waited 20.0 s for a GPU")


def test_a_cold_start() -> None:
    assert told(done()) == (
        "Cold start took 31.2 s of 44.9 s — 69 %",
        "Run 12.3 s, 1.4 s in the queue",
    )


def test_the_cold_number_has_its_tone() -> None:
    tones = {piece.text.replace(THIN, " "): piece.tone for piece in headline(done(), seen()).title}
    assert tones["31.2 s"] == "cold"


def test_a_start_of_five_seconds_is_not_cold() -> None:
    assert told(done(0.5, 5.0, 8.8))[0] == "ComfyUI was already up: run took 8.8 s of 14.3 s"


def test_already_up() -> None:
    assert told(done(0.5, 0.6, 8.8)) == (
        "ComfyUI was already up: run took 8.8 s of 9.9 s",
        "Cold start 600 ms, 500 ms in the queue",
    )


def test_a_start_that_is_not_known_is_never_called_warm() -> None:
    run = done(queue_wait=None, cold_start=None, start_kind="unknown")
    assert told(run) == ("Took 44.9 s", "Start not reported")


def test_times_out_of_order_are_said() -> None:
    run = done(run=12.3, cold_start=None, start_kind="unknown", warnings=("negative-cold_start",))
    assert told(run) == ("Took 44.9 s", "Times out of order")


def test_a_cold_start_longer_than_its_run_is_no_headline() -> None:
    run = replace(done(cold=61.0), run=None, total=41.3, warnings=("negative-run",))
    assert told(run) == ("Took 41.3 s", "Times out of order")


def test_a_failure_comes_first_then_the_start() -> None:
    run = done(0.9, 7.8, 32.6, status="failed", progress=0.78)
    assert told(run) == (
        "Failed 32.6 s into the run, at 78 % of nodes",
        "Cold start 7.8 s, 900 ms in the queue",
    )


def test_a_failure_after_a_long_queue() -> None:
    run = done(20.0, 0.6, 8.8, status="cancelled", progress=None)
    assert told(run) == (
        "Cancelled 8.8 s into the run",
        "Waited 20.0 s for a GPU; ComfyUI was ready 600 ms later",
    )


def test_an_end_that_is_not_known() -> None:
    run = replace(done(), status="cancelled", ended_at=None, run=None, total=None)
    assert told(run)[0] == "Cancelled, end time unknown"


def test_a_timeout_with_outputs_may_be_complete() -> None:
    run = done(0.9, 7.8, 300.0, status="timeout", progress=0.9)
    assert told(run, outputs=2)[1].endswith("outputs arrived, so the result may be complete")
    assert "outputs" not in told(run)[1]


def test_an_assumed_timeout() -> None:
    run = replace(live(), status="timeout", finished=True)
    assert told(run)[0] == "No update for 24 h; ComfyDeploy assumes a timeout"


def test_a_run_never_asked_about() -> None:
    unseen = replace(bare("success"), status=None, finished=False)
    assert told(unseen)[0] == "Not loaded yet"


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("Executing KSampler", "KSampler"),
        ("Loading checkpoint", "Loading checkpoint"),
        ("", None),
        (None, None),
        ("Executing " + "x" * 5000, "x" * 69 + "…"),
        ("Executing <b>\n", "<b>"),
    ],
)
def test_the_node_of_upstreams_text(text: str | None, node: str | None) -> None:
    assert node_of(text) == node
