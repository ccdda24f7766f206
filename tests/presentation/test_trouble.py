"""The trouble words, their status codes and sentences."""

import pytest

from dashboard.presentation.trouble import NOTICES, TROUBLES, notice_text, trouble_text

STATUSES = {
    "unreachable": 502,
    "timed-out": 504,
    "rate-limited": 503,
    "key-rejected": 502,
    "forbidden": 403,
    "not-found": 404,
    "server-error": 502,
    "bad-answer": 502,
}


def test_the_words_are_those_of_the_contract() -> None:
    assert {word: each.http_status for word, each in TROUBLES.items()} == STATUSES
    assert set(NOTICES) == set(STATUSES)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (
            "not-found",
            "ComfyDeploy has no run with this ID. It may be incomplete, or from another workspace.",
        ),
        (
            "key-rejected",
            "ComfyDeploy rejects this server's API key. "
            "Set a valid COMFYDEPLOY_API_KEY in .env and restart.",
        ),
        (
            "forbidden",
            "This server's API key can't read this run. "
            "It belongs to another workspace, or the key is a machine token.",
        ),
        ("rate-limited", "ComfyDeploy is limiting requests."),
        ("unreachable", "Runboard can't reach ComfyDeploy. The run itself may be fine."),
    ],
)
def test_the_sentences_are_those_of_the_design(word: str, sentence: str) -> None:
    assert trouble_text(word).sentence.startswith(sentence)
    told = notice_text(word)
    if word != "not-found":
        assert f"{told.bold} {told.rest}".startswith(sentence)


def test_a_run_that_we_hold_and_upstream_does_not() -> None:
    assert notice_text("not-found").bold == "ComfyDeploy no longer has this run."


@pytest.mark.parametrize("word", [None, "", "asking"])
def test_no_word_means_that_the_answer_is_not_there_yet(word: str | None) -> None:
    assert trouble_text(word).http_status == 504


@pytest.mark.parametrize("word", STATUSES)
def test_every_trouble_says_what_happened_and_what_to_do(word: str) -> None:
    told = trouble_text(word)
    for text in (told.sentence, told.next_step):
        assert text.endswith(".")
        assert not set("!?") & set(text)
    assert not told.headline.endswith(".")
