"""Where a log enters: escapes, redraws, prefixes and foreign lines are taken out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.logs.entries import plain_lines, shown_text, without_prefix
from dashboard.upstream.directory import read_log
from tests.conftest import SAMPLES
from tests.growth import grows_with_its_text, repeated

DELIVERY = '{"type": "webhook", "status": 200, "url": "https://h.example/x?secret=s3cr3t"}'
BARS = tuple(
    f"{n * 5:3}%|{'█' * n:<20}| {n}/20 [00:{n:02}<00:{20 - n:02},  1.0it/s]" for n in range(1, 21)
)


def told(*entries: str) -> list[str]:
    return [line.text for line in plain_lines((None, entry) for entry in entries)]


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("ERROR:root:* KSampler 3:", "* KSampler 3:"),
        ("ERROR:root:  - Value not in list", "  - Value not in list"),
        ("WARNING:comfy.model_management:low", "low"),
        ("2026-11-26 21:40:59,068 - root - ERROR -   - Value", "  - Value"),
        ("2026-11-26 21:40:59,068 - INFO - got prompt", "got prompt"),
        ("2026-11-26T21:40:59.068123 - got prompt", "got prompt"),
        ('[12:00:01]   File "/a.py", line 3', '  File "/a.py", line 3'),
        ("[2026-11-26 21:40:59] got prompt", "got prompt"),
        ("[2026-11-26 21:40:59.068] [INFO] got prompt", "got prompt"),
        ("2026-11-26T21:40:59.123Z [error] boom", "boom"),
        ("2026-11-26 21:40:59.123 | ERROR    | exec:run:1 - boom", "boom"),
        ("2026-11-26 21:40:59 ERROR boom", "boom"),
        ("[11/26/26 21:40:59] ERROR    boom      execution.py:838", "boom"),
        ("                    ERROR      - Value      execution.py:838", "  - Value"),
        ("[ERROR] boom", "boom"),
        ("CRITICAL - boom", "boom"),
        ("E1126 21:40:59.068123 1234 cuda.cc:12] boom", "boom"),
        ("ERROR: boom", "boom"),
    ],
)
def test_logging_prefixes_go(line: str, plain: str) -> None:
    assert without_prefix(line) == plain


@pytest.mark.parametrize(
    "line",
    [
        "[rgthree-comfy] Loaded 48 fantastic nodes.",
        "KeyError: 'noise'",
        "Error occurred when executing KSampler:",
        "Exception: ERROR:root:x",
        "* KSampler (Efficient) 3:",
        "  - Value not in list",
        "[cold start] Starting server",
        "Warning: low memory",
        "torch.OutOfMemoryError: x",
        "2026 was a good year",
        "12 faces found",
        "ERRORS 3",
        "[Errno 2] No such file",
        "",
    ],
)
def test_what_is_no_prefix_stays(line: str) -> None:
    assert without_prefix(line) == line


@pytest.mark.parametrize(
    ("entries", "plain"),
    [
        (BARS, [BARS[-1]]),
        (("\r".join(BARS),), [BARS[-1]]),
        (("a", *BARS[:3], "b"), ["a", BARS[2], "b"]),
        (tuple(f"\r{bar}" for bar in BARS), [BARS[-1]]),
        (tuple(f"{bar}\n\n" for bar in BARS[:2]), [BARS[1], ""]),
        ((BARS[-1], BARS[0]), [BARS[-1], BARS[0]]),
        ((BARS[0], "other", BARS[1]), [BARS[0], "other", BARS[1]]),
        ((f"a: {BARS[0]}", f"b: {BARS[1]}"), [f"a: {BARS[0]}", f"b: {BARS[1]}"]),
        ((f"loss=0.31: {BARS[0]}", f"loss=0.27: {BARS[1]}"), [f"loss=0.27: {BARS[1]}"]),
        ((f"[12:00:01] {BARS[0]}", f"[12:00:02] {BARS[1]}"), [BARS[1]]),
        (("3it [00:01,  2.9it/s]", "9it [00:03,  2.9it/s]"), ["9it [00:03,  2.9it/s]"]),
        (("  0%|          | 0/30 [00:00<?, ?it/s]", "  3%|3| 1/30"), ["  3%|3| 1/30"]),
    ],
)  # fmt: skip
def test_a_bar_is_one_line_however_often_it_is_drawn(
    entries: tuple[str, ...], plain: list[str]
) -> None:
    assert told(*entries) == plain


@pytest.mark.parametrize(
    "entry",
    [
        "__END__",
        " __END__\n",
        DELIVERY,
        f"INFO:root:{DELIVERY}",
        f"[12:00:01] {DELIVERY}",
        f"\x1b[32m{DELIVERY}\x1b[0m",
        json.dumps({"url": "https://h.example/x?secret=s3cr3t", "type": "webhook"}),
        json.dumps({"type": "webhook", "url": "s3cr3t"}, indent=2),
        DELIVERY[:40] + "s3cr3t" + "x" * 30_000,
        "{'type': 'webhook', 'url': 'https://h.example/x?secret=s3cr3t'}",
        "__END____END__",
        f"{DELIVERY}__END__",
        f"__END__{DELIVERY}",
        f"data: {DELIVERY}",
        f"[{DELIVERY}, {DELIVERY}]",
        json.dumps(DELIVERY),
        f"sent {DELIVERY}",
        '_ms": 3.4, "latency_ms": 3.4, "url": "https://h.example/x?secret=s3cr3t", "mess',
        '?secret=s3cr3t", "payload": "{\\"event_type\\": \\"run.updated\\", \\"status',
    ],
)
def test_what_comfydeploy_adds_is_left_out(entry: str) -> None:
    assert told("a", entry, "b") == ["a", "b"]
    stored = f"2026-11-26T21:40:59.068000Z {entry}" if "\n" not in entry else entry
    if "\n" not in entry and "INFO" not in entry and "12:00" not in entry:
        assert shown_text(f"a\n{stored}\nb") == "a\nb"


def test_what_stands_beside_a_delivery_in_one_entry_stays() -> None:
    assert told(f"a\n{DELIVERY}\nb", f"{DELIVERY}\n__END__\nc") == ["a", "b", "c"]


@pytest.mark.parametrize("end", ["__END__", " __END__", "__END__\n__END__", "__END__\r\n"])
def test_the_end_mark_is_taken_off_a_line(end: str) -> None:
    assert told(f"Killed{end}") == ["Killed"]
    assert told("x = '__END__' + 1") == ["x = '__END__' + 1"]


@pytest.mark.parametrize("line", ['{"type": "status"}', "a webhook came", '{"a": "webhook"}', "{"])
def test_other_lines_stay(line: str) -> None:
    assert told(line) == [line]
    assert shown_text(line) == line


def test_a_real_log_has_nothing_of_its_deliveries() -> None:
    body = (SAMPLES / "related" / "run_logs_with_webhook.json").read_bytes()
    assert [line.text for line in read_log(body)] == ["got prompt"]
    marked = [{"message": "posted to h.example", "level": "webhook"}, {"message": "x"}]
    assert [line.text for line in read_log(json.dumps(marked).encode())] == ["x"]


@given(st.lists(st.text(max_size=60)))
def test_nothing_of_an_escape_or_control_code_is_left(entries: list[str]) -> None:
    for line in plain_lines((None, entry) for entry in entries):
        assert not set(line.text) & {"\x1b", "\r", "\n", "\x08", "\x00", "\x07"}


@pytest.mark.parametrize("unit", ["[", "12:00:01 ", " ", "0%|", "a|", "ERROR:", "[00:00, ", "1"])
def test_hostile_lines_are_read_in_time_linear_in_their_length(unit: str) -> None:
    assert grows_with_its_text(lambda text: told(text), lambda size: repeated(unit, size))


def test_a_count_of_many_digits_is_read_in_time_linear_in_its_length() -> None:
    def read(text: str) -> None:
        for _ in range(20):
            told(text)

    # Both are short enough to be a bar.
    assert grows_with_its_text(read, lambda size: "1" * (size // 100) + " [")
