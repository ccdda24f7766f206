import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.run.progress import whole_percent
from dashboard.presentation.format import (
    GAP,
    THIN,
    ago,
    clock,
    count,
    cut,
    exact,
    iso,
    marked,
    middle_cut,
    moment,
    pixels,
    plural,
    took,
)
from tests.timed_run import CREATED


def plain(text: str) -> str:
    return text.replace(THIN, " ").replace(GAP, " ")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "< 1 ms"),
        (0.0009, "< 1 ms"),
        (0.001, "1 ms"),
        (0.0015, "2 ms"),
        (0.85, "850 ms"),
        (0.9994, "999 ms"),
        (0.9995, "1.0 s"),
        (1.0, "1.0 s"),
        (12.604, "12.6 s"),
        (12.25, "12.3 s"),
        (0.25, "250 ms"),
        (59.94, "59.9 s"),
        (59.95, "1 m 00 s"),
        (59.96, "1 m 00 s"),
        (184.22, "3 m 04 s"),
        (3599.5, "1 h 00 m"),
        (3724, "1 h 02 m"),
        (86_369, "23 h 59 m"),
        (86_399, "1 d 00 h"),
        (183_600, "2 d 03 h"),
        (-3.24, "−3.2 s"),
    ],
)
def test_a_time_is_shown_in_its_unit(seconds: float, shown: str) -> None:
    assert plain(took(seconds)) == shown


@given(st.floats(min_value=0, max_value=366 * 86_400))
def test_every_time_has_one_form(seconds: float) -> None:
    assert re.fullmatch(
        r"< 1 ms|\d{1,3} ms|\d{1,2}\.\d s|\d{1,2} m \d\d s|\d{1,2} h \d\d m|\d+ d \d\d h",
        plain(took(seconds)),
    )


@given(st.floats(min_value=0, max_value=1e7), st.floats(min_value=0, max_value=1e7))
def test_a_longer_time_never_reads_shorter(one: float, other: float) -> None:
    def read(text: str) -> float:
        units = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}
        found = re.findall(r"([\d.]+) (ms|s|m|h|d)", plain(text))
        return 0.0 if text.startswith("<") else sum(float(n) * units[u] for n, u in found)

    low, high = sorted((one, other))
    assert read(took(low)) <= read(took(high))


def test_the_exact_form_is_in_seconds() -> None:
    assert plain(exact(12.604)) == "12.604 s"
    assert plain(exact(0.850412)) == "0.850412 s"
    assert plain(exact(3724.0)) == "3,724 s"
    assert plain(exact(-1.5)) == "−1.5 s"


def test_an_age_has_one_unit() -> None:
    assert [plain(ago(s)) for s in (0, 59.9, 60, 3600, 86_400, 200_000)] == [
        "0 s ago",
        "59 s ago",
        "1 min ago",
        "1 h ago",
        "1 day ago",
        "2 days ago",
    ]


def test_moments_name_their_zone() -> None:
    assert moment(CREATED) == "23 Nov 2026, 14:02 UTC"
    assert moment(CREATED, seconds=True) == "23 Nov 2026, 14:02:38 UTC"
    assert clock(CREATED, tenths=True) == "14:02:38.1"
    assert iso(CREATED) == "2026-11-23T14:02:38.100Z"


def test_counts_have_commas() -> None:
    assert count(1284) == "1,284"
    assert plural(1, "run") == "1 run"
    assert plural(1284, "run") == "1,284 runs"


def test_percent_rounds_half_up() -> None:
    assert [whole_percent(share) for share in (0.005, 0.694, 0.695, 1.0)] == [1, 69, 70, 100]


def test_cut_keeps_one_line() -> None:
    assert cut("a\n b\tc", 10) == "a b c"
    assert cut("x" * 20, 5) == "xxxx…"


def test_only_between_two_units_is_the_gap_wide() -> None:
    assert took(73) == f"1{THIN}m{GAP}13{THIN}s"


def test_what_turns_the_text_around_it_is_dropped_or_seen() -> None:
    name = "a\u202egnp.exe\u2069\u200f"
    assert cut(name, 80) == "agnp.exe"
    assert marked(name) == "a\ufffdgnp.exe\ufffd\ufffd"


def test_a_long_id_keeps_both_ends() -> None:
    assert middle_cut("9b3711ad-d3b9-4081-b567-0185bedeeca3") == "9b3711ad-d3b9…eca3"
    assert middle_cut("a-short-id") == "a-short-id"


def test_a_picture_has_its_size_one_way() -> None:
    assert pixels(832, 1216) == "832 × 1,216"
