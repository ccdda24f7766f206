import pytest

from dashboard.domain.run.facts import PHASES
from dashboard.presentation.words import PHASE_TEXTS, status_words

WORDS = {
    "not-started": ("Waiting", "neutral"),
    "queued": ("Starting up", "cold"),
    "started": ("Preparing", "live"),
    "running": ("Running", "live"),
    "uploading": ("Saving", "live"),
    "success": ("Done", "done"),
    "failed": ("Failed", "fail"),
    "timeout": ("Timed out", "late"),
    "cancelled": ("Cancelled", "neutral"),
}


@pytest.mark.parametrize(("status", "told"), WORDS.items())
def test_each_status_has_its_word_and_tone(status: str, told: tuple[str, str]) -> None:
    words = status_words(status)
    assert (words.word, words.tone) == told
    assert words.raw == status
    assert words.sentence.endswith(".")


def test_no_two_states_share_an_icon() -> None:
    icons = [status_words(status).icon for status in (*WORDS, "paused")]
    assert len(set(icons)) == len(icons)


def test_a_word_we_do_not_know_is_shown_as_sent() -> None:
    assert status_words("paused").word == "“paused”"
    assert status_words("<b>").raw == "<b>"


def test_a_long_word_is_cut_but_kept_whole_as_sent() -> None:
    words = status_words("W" * 300)
    assert words.word == f"“{'W' * 39}…”"
    assert words.raw == "W" * 300


def test_a_run_never_asked_about_has_no_upstream_word() -> None:
    assert status_words(None).word == "Not loaded yet"
    assert status_words(None).raw == ""


def test_a_timeout_that_is_only_inferred_says_so() -> None:
    assert status_words("timeout", assumed=True).word == "Timed out, assumed"
    assert status_words("failed", assumed=True).word == "Failed"


def test_a_lost_live_run_keeps_its_icon_and_loses_its_colour() -> None:
    words = status_words("running", lost=True)
    assert (words.word, words.icon, words.tone) == ("Last seen running", "running", "neutral")
    assert words.favicon == "trouble"


def test_an_ended_run_cannot_be_lost() -> None:
    assert status_words("success", finished=True, lost=True) == status_words("success")
    assert status_words("odd", finished=True, lost=True) == status_words("odd")


def test_every_phase_is_explained() -> None:
    assert tuple(PHASE_TEXTS) == PHASES
