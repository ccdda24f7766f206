from dataclasses import replace

import pytest

from dashboard.domain.run.facts import RunFacts
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import THIN
from dashboard.presentation.run.display import RunDisplay, row_display, run_display
from dashboard.presentation.run.phase_bar import NoPhaseBar
from tests.timed_run import CREATED, at, bare, done, live, lost, seen

TITLE = "Run 7c1e9f42"


def drawn(run: RunFacts, visibility: Visibility | None = None) -> RunDisplay:
    return run_display(run, visibility or seen(), title=TITLE)


@pytest.mark.parametrize(
    ("run", "title", "favicon"),
    [
        (live(progress=0.62), f"62% {TITLE}", "run-6"),
        (live(progress=0.996), f"99% {TITLE}", "run-9"),
        (live(), f"Running · {TITLE}", "run-0"),
        (live("not-started"), f"Waiting · {TITLE}", "wait"),
        (live("queued"), f"Starting up · {TITLE}", "start"),
        (live("started"), f"Preparing · {TITLE}", "prepare"),
        (live("uploading", progress=0.9), f"Saving · {TITLE}", "save"),
        (live("paused"), f"“paused” · {TITLE}", "unknown"),
        (done(), f"✓ {TITLE} 44.9{THIN}s", "done"),
        (bare("success"), f"✓ {TITLE}", "done"),
        (done(status="failed"), f"✕ {TITLE}", "fail"),
        (done(status="timeout"), f"Timed out · {TITLE}", "late"),
        (done(status="cancelled"), f"Cancelled · {TITLE}", "off"),
    ],
)
def test_the_tab_tells_the_state_first(run: RunFacts, title: str, favicon: str) -> None:
    found = drawn(run)
    assert (found.document_title, found.favicon) == (title, favicon)


def test_lost_sight_is_told_by_the_tab() -> None:
    found = drawn(live(progress=0.62), lost())
    assert found.document_title == f"No updates · 62% {TITLE}"
    assert found.favicon == "trouble"
    assert found.pill == "Last seen running"


def test_the_clock_ticks_while_the_run_is_seen() -> None:
    elapsed = drawn(live()).elapsed
    assert elapsed is not None
    assert elapsed.shown == f"48.2{THIN}s"
    assert elapsed.running
    assert elapsed.since == CREATED
    assert elapsed.caption == "since creation"
    waiting = drawn(live("not-started")).elapsed
    assert waiting is not None
    assert waiting.caption == "in the queue"


def test_the_clock_is_a_lower_bound_when_sight_is_lost() -> None:
    elapsed = drawn(live(), lost()).elapsed
    assert elapsed is not None
    assert elapsed.shown == f"≥{THIN}43.9{THIN}s"
    assert elapsed.caption == "as of"
    assert not elapsed.running


def test_an_ended_run_has_no_clock_and_no_progress() -> None:
    found = drawn(done())
    assert found.elapsed is None
    assert found.percent is None
    assert not found.live


def test_the_progress_bar_is_told_in_words() -> None:
    run = live(progress=0.62, live_status="Executing KSampler")
    assert drawn(run).progress_text == "62 percent, KSampler"
    assert drawn(run).pill == f"Running, 62{THIN}%"


def test_trouble_is_a_notice_with_the_next_try() -> None:
    notice = drawn(live(), lost(retry_at=at(172))).notice
    assert notice is not None
    assert notice.word == "unreachable"
    assert notice.retry_in == f"8{THIN}s"


def test_trouble_after_the_end_leaves_the_run_as_it_was() -> None:
    found = drawn(done(), lost())
    assert found.notice is not None
    assert found.words.word == "Done"
    assert not found.lost


def test_silence_is_noticed() -> None:
    notice = drawn(live(), seen(164, observed_at=at(43.9), stale=True)).notice
    assert notice is not None
    assert notice.bold == f"No answer from ComfyDeploy for 2{THIN}min."
    assert drawn(done(), seen(999, stale=True)).notice is None


@pytest.mark.parametrize(
    ("visibility", "tone", "text"),
    [
        (seen(), "fresh", f"Updated 1{THIN}s ago"),
        (lost(), "lost", f"Last answer 2{THIN}min ago"),
        (seen(interval=None), "ended", "Ended, up to date"),
        (Visibility(now=CREATED), "lost", "No answer yet"),
    ],
)
def test_the_age_of_what_is_shown_is_told(visibility: Visibility, tone: str, text: str) -> None:
    run = done() if visibility.interval is None and visibility.observed_at else live()
    freshness = drawn(run, visibility).freshness
    assert (freshness.tone, freshness.text) == (tone, text)


def test_the_interval_is_told() -> None:
    assert drawn(live(), seen(interval=15.0)).freshness.every == f"every 15{THIN}s"


def test_a_run_that_cannot_be_drawn_says_why() -> None:
    found = drawn(bare("success"))
    assert isinstance(found.bar, NoPhaseBar)
    assert not found.drawn


def test_a_row_has_numbers_and_nothing_of_the_clock() -> None:
    row = row_display(done(), 60)
    assert (row.cold_start, row.run, row.total) == (f"31.2{THIN}s", f"12.3{THIN}s", f"44.9{THIN}s")
    waiting = row_display(live("not-started"), 60)
    assert waiting.bar is None
    assert waiting.total == ""
    assert row_display(bare("success"), 60).no_bar == "No times reported"
    disordered = replace(bare("success"), warnings=("negative-run",))
    assert row_display(disordered, 60).no_bar == "Times out of order"


def test_a_long_silence_of_the_network_says_how_long() -> None:
    notice = drawn(live(), lost(trouble_since=at(44))).notice
    assert notice is not None
    assert notice.bold == f"Runboard can't reach ComfyDeploy: no answer for 2{THIN}min."
