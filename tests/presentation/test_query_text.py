"""The filters of a list in words."""

import pytest

from dashboard.domain.filters.query import Ignored, parse
from dashboard.presentation.query_text import chip_text, ignored_text, query_text

SPACES = {0x202F: " ", 0xA0: " "}
ONE = "2ca3f0a3-9056-4e34-a0f1-edc4786b7985"


@pytest.mark.parametrize(
    ("pairs", "chips", "line"),
    [
        ([("workflow", "flux")], ["Workflow flux"], "workflow flux"),
        (
            [("workflow", "flux,dunes"), ("version", ">=v15")],
            ["Workflow flux", "Workflow dunes", "Version v15 or newer"],
            "workflow flux or dunes, version v15 or newer",
        ),
        ([("machine!", ONE)], ["Not machine h100"], "not machine h100"),
        ([("batch", "-")], ["No batch"], "no batch"),
        ([("batch!", "-")], ["Any batch"], "any batch"),
        (
            [("environment", "staging,-"), ("environment!", "preview")],
            ["Environment staging", "No environment", "Not environment preview"],
            "environment staging, no environment, not environment preview",
        ),
        (
            [("status", "failed,timeout"), ("start", "cold"), ("gpu!", "-"), ("by", "-")],
            [
                "Status failed",
                "Status timeout",
                "Start cold",
                "GPU reported",
                "Started by not reported",
            ],
            "status failed or timeout, start cold, GPU reported, started by not reported",
        ),
        (
            [("error", "out-of-memory,any"), ("error!", "-")],
            ["Error “out of memory”", "Error any", "Error reported"],
            "error “out of memory” or any, error reported",
        ),
        (
            [("total", ">90"), ("cold_start", "<=5"), ("queue", "10..30.5")],
            ["Total over 1 m 30 s", "Cold start up to 5 s", "Queue 10 s to 30.5 s"],
            "total over 1 m 30 s, cold start up to 5 s, queue 10 s to 30.5 s",
        ),
        (
            [("cost", ">0.1,<5,0.0005..0.125"), ("cost!", "<=1250"), ("cost", "-")],
            [
                *("Cost over $0.10", "Cost under $5", "Cost $0.0005 to $0.125"),
                *("Cost not reported", "Not cost up to $1,250"),
            ],
            "cost over $0.10 or under $5 or $0.0005 to $0.125, cost not reported,"
            " not cost up to $1,250",
        ),
        (
            [("created", "today,24h"), ("ended", "2026-11-20..2026-11-26")],
            ["Created today", "Created in the last 24 h", "Ended 20 Nov 2026 to 26 Nov 2026"],
            "created today or in the last 24 h, ended 20 Nov 2026 to 26 Nov 2026",
        ),
        (
            [("created", ">2026-11-20T10:00Z"), ("created!", "<2026-11-20")],
            ["Created after 20 Nov 2026, 10:00 UTC", "Not created before 20 Nov 2026"],
            "created after 20 Nov 2026, 10:00 UTC, not created before 20 Nov 2026",
        ),
        ([("picked", "1")], ["Picked"], "picked"),
        ([("picked!", "1")], ["Not picked"], "not picked"),
        ([], [], ""),
    ],
)
def test_terms_in_words(pairs: list[tuple[str, str]], chips: list[str], line: str) -> None:
    shown = {term: "h100" if term.value == ONE else term.value for term in parse(pairs).terms}
    plain = [chip_text(term, text).translate(SPACES) for term, text in shown.items()]
    assert plain == chips
    assert query_text(shown).translate(SPACES) == line


def test_what_was_left_out_is_told_without_secrets() -> None:
    assert ignored_text(Ignored("machine!", "h100", "not an ID")) == "machine “h100” (not an ID)"
    hidden = ignored_text(Ignored("machine", "sk-abcdefghijklmnopqrstuvwx", "not an ID"))
    assert hidden == "machine ••• (not an ID)"
