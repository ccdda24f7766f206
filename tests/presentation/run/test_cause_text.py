"""The sentences for known causes of failures."""

from dashboard.domain.logs.causes import Cause
from dashboard.presentation.run.cause_text import CAUSE_TEXTS


def test_every_cause_says_what_usually_helps() -> None:
    assert list(CAUSE_TEXTS) == list(Cause)
    for text in CAUSE_TEXTS.values():
        assert text.advice.endswith(".")
        assert text.title and not text.title.endswith(".")
        assert not text.predicate or text.predicate[0].islower()
