"""The filters of a list in words."""

import pytest

from dashboard.domain.filters.query import Ignored, parse
from dashboard.presentation.query_text import chip_text, ignored_text, query_text

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
        ([], [], ""),
    ],
)
def test_terms_in_words(pairs: list[tuple[str, str]], chips: list[str], line: str) -> None:
    shown = {term: "h100" if term.value == ONE else term.value for term in parse(pairs).terms}
    assert [chip_text(term, text) for term, text in shown.items()] == chips
    assert query_text(shown) == line


def test_what_was_left_out_is_told_without_secrets() -> None:
    assert ignored_text(Ignored("machine!", "h100", "not an ID")) == "machine “h100” (not an ID)"
    hidden = ignored_text(Ignored("machine", "sk-abcdefghijklmnopqrstuvwx", "not an ID"))
    assert hidden == "machine ••• (not an ID)"
