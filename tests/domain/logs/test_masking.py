"""What is masked in a run's log."""

import json

import pytest

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.masking import KEPT, mask_line, mask_lines
from tests.growth import grows_with_its_text, repeated


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("hf_token=abcdefgh", "abcdefgh"),
        ("OPENAI_API_KEY=abc123 started", "abc123"),
        ('headers {"api_key": "abc123"}', "abc123"),
        ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("password: hunter2", "hunter2"),
        ("GET https://x.example/a?X-Amz-Signature=deadbeef", "deadbeef"),
        ("POST https://runs.example/hooks/comfydeploy/0123456789abcdef/", "0123456789abcdef"),
        ('{"type": "webhook", "url": "https://h.example/c?s=abc999", "payload": "{}"}', "abc999"),
        ('{"token": "abc999"}', "abc999"),
        ('{"message": "with hf_token=abc999"}', "abc999"),
        ('password="a b LEAK"', "LEAK"),
        ("password='a \\' LEAK' next", "LEAK"),
        ('password="a b LEAK', "LEAK"),
        ("token=b'a b LEAK'", "LEAK"),
        ('got prompt {"api_key": "a b LEAK"}', "LEAK"),
        ('got prompt {\\"api_key\\": \\"a b LEAK\\"}', "LEAK"),
        ('got prompt {"api_key": ["a", "LEAK"]}', "LEAK"),
        ("got prompt {'text': 'say token=LEAKLEAK'}", "LEAK"),
        ("token: LEAKabcdef", "LEAK"),
        ("credential: x.LEAK-xyz", "LEAK"),
        ("api key: LEAK1234", "LEAK"),
        ("API Key: 'LEAK1234'", "LEAK"),
        ("apiKey: LEAK", "LEAK"),
        ("main.py --api-key sk-LEAK --port 8188", "LEAK"),
        ('main.py --hf-token "a LEAK"', "LEAK"),
        ("password=12345678", "12345678"),
        ("found r8_" + "L" * 37, "LLLL"),
        ("found ghp_" + "L" * 36, "LLLL"),
        ("found AKIA" + "L" * 16, "LLLL"),
    ],
)
def test_secrets_are_masked(line: str, secret: str) -> None:
    assert secret not in mask_line(line)
    assert "•••" in mask_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "KeyError: 'prompt'",
        "sorted(rows, key=lambda row: row.id)",
        "missing key: lora_unet_down",
        "Tokens: 77",
        "Unexpected token: }",
        "token: 123456789",
        "max_token=512, use_key=True",
        'got prompt {"max_token": 512, "key": null}',
        "main.py --keyframes 3 --token --listen",
        'token="" next="a b c"',
        "got prompt",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert mask_line(line) == line


def test_no_more_is_masked_than_the_value() -> None:
    line = 'run --token "a b" {"key": "c d", "seed": 3} password=\'e f\' done'
    assert mask_line(line) == 'run --token "•••" {"key": "•••", "seed": 3} password=\'•••\' done'
    assert mask_line(mask_line(line)) == mask_line(line)


@pytest.mark.parametrize("text", ['key="', "token: ", "--key ", "a" * 60, "\\'", "key=[("])
def test_hostile_lines_are_masked_in_time_linear_in_their_length(text: str) -> None:
    assert grows_with_its_text(mask_line, lambda size: repeated(text, size))


def test_the_end_of_a_long_log_is_kept() -> None:
    kept = mask_lines([LogLine(None, f"{n:06} " + "x" * 92) for n in range(10_000)])
    assert kept[-1].text.startswith("009999")
    assert sum(len(line.text) + 1 for line in kept) <= KEPT


def test_what_no_database_holds_stays_escaped() -> None:
    line = '{"a": "\\ud800", "b": "\\ud83d\\ude00", "c": "\\u0000"}'
    masked = mask_line(line)
    assert json.loads(masked) == json.loads(line)
    masked.encode()
    assert "\x00" not in masked


@pytest.mark.parametrize("depth", [200, 400, 600, 800, 950])
def test_a_deep_object_is_masked_as_text(depth: int) -> None:
    line = '{"token": "LEAKLEAK", "a": ' + "[" * depth + "]" * depth + "}"
    assert "LEAK" not in mask_line(line)
