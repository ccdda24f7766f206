"""Stored logs: their lines are read back as they were, without what is no longer stored."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.stored_log import lines_of

AT = datetime(2026, 11, 26, 22, 19, 59, 857000, UTC)
STAMP = "2026-11-26T22:19:59.857Z"
HOOK = '"url": "https://h.example/hook?secret=made-up"'


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("", []),
        ("\n \n", []),
        (f"{STAMP} got prompt\n  below", [LogLine(AT, "got prompt"), LogLine(None, "  below")]),
        (f"{STAMP} ERROR:root:x", [LogLine(AT, "x")]),
        ("\x1b[31mred\x1b[0m", [LogLine(None, "red")]),
        ("2026-99-26T22:19:59.857Z x", [LogLine(None, "x")]),
        (f"{STAMP} \n\nx", [LogLine(AT, ""), LogLine(None, ""), LogLine(None, "x")]),
        (f'{STAMP} {{"type": "webhook", {HOOK}}}\n{STAMP} __END__\ny', [LogLine(None, "y")]),
        (f'{{{HOOK}, "type": "webhook"}}', []),
        (f'{{{HOOK}, "type": "webhook", "payload": "cut sh', []),
        (f"{{'url': 'https://h.example', 'type': 'webhook', {HOOK}}}", []),
        ('{"type": "progress", "of": "webhook"}', None),
    ],
)
def test_lines_of_a_stored_text(body: str, lines: list[LogLine] | None) -> None:
    found = lines_of(body)
    assert found == ([LogLine(None, body)] if lines is None else lines)


@given(st.text(st.sampled_from("aZ19{}[]\"':-. |%\n\t\r\x1b"), max_size=300) | st.text())
def test_any_text_is_read(body: str) -> None:
    assert all("\n" not in line.text for line in lines_of(body))
