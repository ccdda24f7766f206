"""Which texts of a run are searched."""

from dashboard.domain.search.run_texts import RunTexts

KEY = "sk-" + "a1" * 20


def test_every_text_is_there_once_and_a_prompt_that_is_an_input_is_not_repeated() -> None:
    inputs = {"prompt": "a cat\n on a mat", "n": [{"t": "deep"}, 4, None, True], "again": "deep"}
    texts = RunTexts(
        inputs=inputs,
        prompt="a cat on",
        workflow="Portraits",
        error={"message": "No room", "exception_type": "OOM", "node_type": "KSampler"},
        labels=("hero",),
        files=("a.png",),
        nodes=("KSampler", "VAEDecode"),
    )
    expected = ["hero", "Portraits", "No room", "OOM", "KSampler", "a.png", "VAEDecode"]
    assert list(texts.masked()) == [*expected, "a cat on a mat", "deep"]
    assert list(RunTexts(inputs=[], prompt="a dog").masked()) == ["a dog"]


def test_secrets_and_files_given_as_text_are_not() -> None:
    texts = RunTexts(
        inputs={"api_key": "hunter2", "text": f"use {KEY}", "file": "data:image/png;base64,AAAA"},
        error={"message": f"refused: token=abcdef123 {KEY}", "traceback": "File x.py"},
        labels=(f"note {KEY}",),
    )
    said = " ".join(texts.masked())
    for secret in ("hunter2", KEY, "abcdef123", "AAAA", "x.py"):
        assert secret not in said
    assert "refused" in said and "note" in said
