"""The sentences for files that are not stored."""

from dashboard.domain.media.stored_files import FileReason
from dashboard.presentation.run.file_text import REASONS, SHORT_REASONS


def test_every_reason_has_a_sentence() -> None:
    assert list(REASONS) == list(FileReason)
    assert all(sentence.endswith(".") for sentence in REASONS.values())
    assert set(SHORT_REASONS) < set(REASONS)
