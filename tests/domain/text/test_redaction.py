"""Secrets in answers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.text.redaction import MASK, is_secret_name, redact, redact_text
from tests.growth import grows_with_its_text, repeated


@pytest.mark.parametrize(
    "name",
    [
        "key", "api_key", "apiKey", "APIKey", "api-key", "X-Api-Key", "hf_token", "HFToken",
        "openAIKey", "SECRET", "clientSecret", "password", "user_passwd", "Authorization",
        "aws_credential", "API key", "key_1",
    ],
)  # fmt: skip
def test_a_whole_word_makes_a_name_secret(name: str) -> None:
    assert is_secret_name(name)
    assert redact({name: "value"}) == {name: MASK}


@pytest.mark.parametrize(
    "name", ["keyframes", "maxTokens", "tokens", "monkey", "keyboard", "secretary", "prompt", ""]
)
def test_a_part_of_a_word_does_not(name: str) -> None:
    assert not is_secret_name(name)
    assert redact({name: "value"}) == {name: "value"}


@pytest.mark.parametrize("value", [5, 2**70, 0.5, True, False, None])
def test_numbers_booleans_and_null_stay(value: Any) -> None:
    assert redact({"key": value}) == {"key": value}


def test_strings_within_a_secret_are_masked_at_any_depth() -> None:
    sent = {"a": [{"credential": {"user": "ana", "list": ["x", 1], "keyframes": "y"}}]}
    assert redact(sent) == {
        "a": [{"credential": {"user": MASK, "list": [MASK, 1], "keyframes": MASK}}]
    }


def test_the_order_of_names_stays_and_nothing_is_changed_in_place() -> None:
    sent = {"z": 1, "key": "x", "a": ["https://u:p@h/"]}
    masked = redact(sent)
    assert list(masked) == ["z", "key", "a"]
    assert sent == {"z": 1, "key": "x", "a": ["https://u:p@h/"]}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://user:pass@example.org/m", "https://•••@example.org/m"),
        ("https://token@host", "https://•••@host"),
        ("postgres://u:p@ss@db/x and //u:p@h", "postgres://•••@db/x and //•••@h"),
        ("get https://h/x?token=abc, then", "get https://h/x?token=••• then"),
        ("https://h/?a=1&api_key=s%20t&b=2#c", "https://h/?a=1&api_key=•••&b=2#c"),
        ("https://h/?X-Amz-Signature=1&X-Amz-Date=2", "https://h/?X-Amz-Signature=•••&X-Amz-Date=•••"),
        ("https://h/?Expires=1&Key-Pair-Id=2&Policy=3&sig=4", "https://h/?Expires=•••&Key-Pair-Id=•••&Policy=•••&sig=•••"),
        ("/hook?client%5Fsecret=x", "/hook?client%5Fsecret=•••"),
        ("https://h/#access_token=x&y=1", "https://h/#access_token=•••&y=1"),
        ("https://h/?u=https://i/?token=x", "https://h/?u=https://i/?token=•••"),
        ("https://h/?a=1&amp;token=x", "https://h/?a=1&amp;token=•••"),
        ("Authorization: Bearer abcdefghijklmnop123", "Authorization: Bearer •••"),
        ("use sk-FAKE-not-a-real-key-000000 now", "use ••• now"),
        ("hf_" + "A" * 34, "•••"),
        ("with r8_" + "b" * 37 + " now", "with ••• now"),
        ("ghp_" + "C" * 36, "•••"),
        ("github_" + "pat_" + "C" * 22 + " x", "••• x"),
        ("xox" + "b-0000-0000-made-up", "•••"),
        ("glpat" + "-" + "c" * 20, "•••"),
        ("npm" + "_" + "c" * 36, "•••"),
        ("sk" + "_live_" + "c" * 24, "•••"),
        ("AIza" + "c" * 35, "•••"),
        ("SG." + "c" * 22 + "." + "d" * 43, "•••"),
        ("bearer abcdefghijklmnop123", "bearer •••"),
        ("https://hooks.slack.com/services/T0/B0/cc?a=1", "https://hooks.slack.com/services/•••?a=1"),
        ("https://discord.com/api/webhooks/1/c-c", "https://discord.com/api/webhooks/•••"),
        ("id AKIA" + "D" * 16 + ",", "id •••,"),
        ("eyJhbGciOiJI.eyJ1c2VyX2lk.c2lnbmF0dXJl", "•••"),
    ],
)  # fmt: skip
def test_secrets_inside_text_are_masked(text: str, masked: str) -> None:
    assert redact_text(text) == masked
    assert redact({"prompt": [text]}) == {"prompt": [masked]}


@pytest.mark.parametrize(
    "text",
    [
        "", "a cat", "mail ana@example.org", "https://medium.com/@ana/post", "x = token",
        "https://h/outputs/a.png?v=1&keyframes=2", "the bearer of news", "sk-short",
        "a bearer counterrevolutionary", "xoxb-", "npm_package", "sk_live_", "SG.a.b", "AIzaShort",
        "a // b @ c", "hf_model", "r8_model", "ghp_", "AKIASHORT", "2 < 3 && key = 5",
    ],
)  # fmt: skip
def test_plain_text_stays(text: str) -> None:
    assert redact_text(text) == text


def test_the_whole_query_of_the_webhook_is_masked() -> None:
    sent = {"webhook": "https://ana:p@h/hook?target_events=run.output&id=7&bare#part"}
    assert redact(sent) == {"webhook": "https://•••@h/hook?target_events=•••&id=•••&•••#•••"}
    assert redact({"inputs": {"webhook": "https://h/?a=1"}}) == {
        "inputs": {"webhook": "https://h/?a=1"}
    }


@pytest.mark.parametrize("webhook", [None, 5, "", "javascript:alert(16)", "https://h/hook"])
def test_a_webhook_without_a_query_stays(webhook: Any) -> None:
    assert redact({"webhook": webhook}) == {"webhook": webhook}


HOSTILE = pytest.mark.parametrize(
    ("unit", "end"),
    [("SG.", ""), ("bearer ", ""), ("xoxb-", ""), ("AIza", ""), ("//", ""), ("eyJ", ""),
     ("?a=", ""), ("sk-", ""), ("&", ""), ("//x", "@"), ("Bearer ", ""),
     ("?token=", ""), ("a", "//="), ("?a=http%3a%2f", "")],
)  # fmt: skip


@HOSTILE
def test_hostile_text_is_masked_in_time_linear_in_its_length(unit: str, end: str) -> None:
    assert grows_with_its_text(redact_text, lambda size: repeated(unit, size) + end)


@pytest.mark.slow
@HOSTILE
def test_a_megabyte_of_hostile_text_is_masked(unit: str, end: str) -> None:
    masked = redact_text(repeated(unit, 1_000_000) + end)
    assert redact_text(masked) == masked


PIECES = st.sampled_from(
    ["https://", "//", "u:p@", "@", "?", "&", "#", ";", "token=", "X-Amz-Date=", "sk-", "eyJ", "/",
     "bearer ", "AIza", "SG.", "xoxb-", "a1" * 10, "Bearer ", "a" * 20,
     ".", " ", '"', "=", "•••", "key", "%", "x"]
)  # fmt: skip
TEXT = st.text() | st.lists(PIECES, max_size=20).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(TEXT | st.sampled_from(["webhook", "key", "prompt"]), inner)
    ),
    max_leaves=10,
)


@given(JSON)
def test_masking_again_changes_nothing(value: Any) -> None:
    masked = redact(value)
    assert redact(masked) == masked


@given(TEXT)
def test_masking_text_again_changes_nothing(text: str) -> None:
    assert redact_text(redact_text(text)) == redact_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://h/?redirect=https%3A%2F%2Fq%3Ftoken%3DLEAK",
        "https://h/?next=https%3A%2F%2Fana%3ALEAK%40q%2F&x=1",
        "https://h/?a=1&to=https%3a%2f%2fq%2f%3Fx%3D1%26api_key%3DLEAK",
    ],
)
def test_a_url_inside_a_url_hides_its_secret(text: str) -> None:
    masked = redact_text(text)
    assert "LEAK" not in masked
    assert redact_text(masked) == masked


def test_a_url_inside_a_url_without_a_secret_stays() -> None:
    text = "https://h/?next=https%3A%2F%2Fq%2Fa.png%3Fw%3D3"
    assert redact_text(text) == text
