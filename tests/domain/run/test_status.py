"""Which words end a run."""

from datetime import UTC, datetime

import pytest

from dashboard.domain.run.status import KNOWN, is_finished

END = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize("status", ["success", "failed", "timeout", "cancelled"])
@pytest.mark.parametrize("ended_at", [END, None])
def test_four_words_end_a_run_with_or_without_a_stamp(
    status: str, ended_at: datetime | None
) -> None:
    assert is_finished(status, ended_at)


@pytest.mark.parametrize("status", ["not-started", "queued", "started", "running", "uploading"])
@pytest.mark.parametrize("ended_at", [END, None])
def test_the_other_known_words_do_not(status: str, ended_at: datetime | None) -> None:
    assert status in KNOWN
    assert not is_finished(status, ended_at)


@pytest.mark.parametrize("status", ["paused", "SUCCESS", "string"])
def test_an_unknown_word_is_finished_when_it_has_an_end(status: str) -> None:
    assert is_finished(status, END)
    assert not is_finished(status, None)
