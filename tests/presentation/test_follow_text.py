"""What a row of "Following" says: its listing, shares of today's runs, a small chart."""

import re
from datetime import timedelta

import pytest

from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.tally import Tally
from dashboard.presentation.follow_text import (
    HEIGHT,
    chart,
    cold_share,
    every_text,
    failed_share,
    listing_of,
)
from tests.builders import NOON

LATER = NOON + timedelta(seconds=40)
GOOD = {"kind": "workflow", "gone": False, "paused_at": None, "paused_by": "", "trouble": "",
        "next_at": LATER, "answered_at": NOON}  # fmt: skip
PAUSED = {"paused_at": NOON, "paused_by": "jonas"}
OUTLINE = re.compile(r"M([\d.]+) ([\d.]+)h6v([\d.]+)h-6z")


@pytest.mark.parametrize(
    ("given", "word", "tone", "text", "at"),
    [
        ({}, "listed", "done", "listed", NOON),
        ({"answered_at": None}, "first-listing", "neutral", "first listing…", None),
        (
            {"trouble": "rate-limited"},
            "rate-limited",
            "late",
            "asked to slow down, next try",
            LATER,
        ),
        ({"trouble": "odd"}, "odd", "late", "ComfyDeploy returned an error, next try", LATER),
        (PAUSED, "paused", "neutral", "paused by", NOON),
        ({**PAUSED, "paused_by": ""}, "paused", "neutral", "paused", NOON),
        ({**PAUSED, "trouble": "rate-limited"}, "paused", "neutral", "paused by", NOON),
        ({**PAUSED, "gone": True}, "gone", "fail", "not in ComfyDeploy any more", None),
    ],
)
def test_a_listing_in_words(given: dict, word: str, tone: str, text: str, at: object) -> None:
    found = listing_of(**{**GOOD, **given})
    assert (found.word, found.tone, found.text, found.at) == (word, tone, text, at)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_has_words_and_the_next_try(trouble: str) -> None:
    found = listing_of(**{**GOOD, "trouble": trouble})
    assert found.text.endswith(", next try") and found.at == LATER and trouble not in found.text


@pytest.mark.parametrize(
    ("part", "whole", "percent", "words", "many"),
    [
        (0, 0, "", "", False),
        (1, 1, "", "too few", False),
        (4, 4, "", "too few", False),
        (0, 5, "0\u202f%", "", False),
        (2, 38, "5\u202f%", "", False),
        (3, 14, "21\u202f%", "", True),
        (1, 8, "13\u202f%", "", True),  # 12.5 is rounded up
        (5, 5, "100\u202f%", "", True),
    ],
)
def test_a_share_needs_five_runs(
    part: int, whole: int, percent: str, words: str, many: bool
) -> None:
    share = failed_share(Tally(runs=whole, failed=part))
    assert (share.percent, share.words, share.many) == (percent, words, many)
    assert share.of == (f"{part} of {whole}" if percent else "")


def test_cold_is_a_share_of_the_runs_whose_start_is_known() -> None:
    assert cold_share(Tally(runs=40, cold=11, started=38)).of == "11 of 38"
    assert cold_share(Tally(runs=40, cold=1, started=4)).words == "too few"


@pytest.mark.parametrize(
    "counts", [[0] * 14, [1] * 14, list(range(14)), [0] * 13 + [100_000], [3] + [0] * 13]
)
def test_bars_stand_on_one_line_and_are_as_high_as_their_runs(counts: list[int]) -> None:
    drawn = chart([Tally(runs=n) for n in counts])
    bars = [[float(n) for n in each] for each in OUTLINE.findall(drawn.past + drawn.today)]
    assert len(bars) == 14 and drawn.failed == ""
    most = max(1, *counts)
    for (x, y, height), n, at in zip(bars, counts, range(14), strict=True):
        assert x == at * 8 and y + height == pytest.approx(HEIGHT)
        assert height == pytest.approx(max(1, 22 * n / most), abs=0.06)


def test_failed_runs_are_the_top_of_their_bar() -> None:
    drawn = chart([Tally(runs=10, failed=5), Tally(runs=10)])
    ((x, y, height),) = OUTLINE.findall(drawn.failed)
    assert (float(x), float(y), float(height)) == (0, 2, 11)


def test_the_chart_has_a_name_with_its_numbers() -> None:
    assert chart([Tally()] * 14).name == "No runs in 14 days"
    name = chart([Tally(runs=1)] * 13 + [Tally(runs=38, failed=2)]).name
    assert name.startswith("51 runs in 14 days, 2 of them failed;") and name.endswith("1, 38")


def test_how_often_a_list_is_asked_for() -> None:
    assert [every_text(n) for n in (15.0, 29.6, 120)] == [
        "every 15\u202fs", "every 30\u202fs", "every 2\u202fmin",
    ]  # fmt: skip
