"""What a run's queue was spent on, in words, in the bar and in the table."""

from dataclasses import replace

import pytest

from dashboard.domain.run.facts import RunFacts
from dashboard.presentation.run.phase_bar import draw_bar, draw_mini_bar
from dashboard.presentation.run.phase_rows import phase_rows
from dashboard.presentation.run.queue_parts import queue_parts, queue_sentence
from dashboard.presentation.run.segments import segments_of
from tests.timed_run import at, done, live, seen


def split(run: RunFacts, kind: str = "machine", gpu_wait: float = 0.6) -> RunFacts:
    assert run.queue_wait is not None
    boot = round(run.queue_wait - gpu_wait, 6)
    return replace(run, queue_kind=kind, gpu_wait=gpu_wait, boot=boot)


@pytest.mark.parametrize(
    ("kind", "label"),
    [("machine", "Machine boot"), ("machine-and-comfyui", "Machine and ComfyUI boot")],
)
def test_a_split_queue_is_two_pieces_everywhere(kind: str, label: str) -> None:
    run = split(done(), kind)
    labels = ["Waiting for a GPU", label]
    assert [part.label for part in queue_parts(run)] == labels
    parts = segments_of(run, seen())
    assert [part.label for part in parts] == [*labels, "Cold start", "Run"]  # type: ignore[union-attr]
    assert [part.kind for part in parts] == ["queue", "boot", "cold", "run"]  # type: ignore[union-attr]
    rows = [row for row in phase_rows(run, seen()) if row.part]
    assert [(row.label, row.seconds) for row in rows] == list(zip(labels, (0.6, 0.8), strict=True))
    assert (rows[0].begin, rows[0].end, rows[1].end) == (at(0), at(0.6), at(1.4))


def test_the_parts_share_what_the_queue_has() -> None:
    queue, wait, boot, *_ = phase_rows(split(done(queue_wait=10.0, total=53.5), gpu_wait=4), seen())
    assert queue.share and wait.share and boot.share
    assert wait.share + boot.share == queue.share


def test_waiting_in_line_is_one_piece_with_its_name() -> None:
    run = split(done(), "line", 1.4)
    assert queue_parts(run) == ()
    bar = draw_bar(run, seen())
    assert [part.label for part in bar.segments] == ["Waiting in line", "Cold start", "Run"]  # type: ignore[union-attr]
    assert queue_sentence(run).startswith("Waiting in line: the machine was up")


def test_what_cannot_be_split_says_so_once_the_run_has_ended() -> None:
    assert "not split" in queue_sentence(done())
    assert "not split" not in queue_sentence(live())
    assert not [row for row in phase_rows(done(), seen()) if row.part]


def test_a_rows_bar_has_the_queue_in_one_piece() -> None:
    small, whole = (draw_mini_bar(run, 60.0) for run in (split(done()), done()))
    assert small and whole
    assert [part.kind for part in small.segments] == ["queue", "cold", "run"]
    assert [part.x for part in small.segments] == [part.x for part in whole.segments]
