"""Chips and values of facets in words."""

import pytest

from dashboard.domain.filters.fields import NAMES
from dashboard.domain.filters.query import parse
from dashboard.presentation.facet_text import FACETS, among, bars, chip_of, plural, value_label


def test_every_name_of_a_filter_has_a_facet() -> None:
    assert sorted(name for names in FACETS.values() for name in names) == sorted(NAMES)


@pytest.mark.parametrize(
    ("name", "value", "label", "text"),
    [
        ("gpu", "H100", "GPU", "H100"),
        ("gpu!", "H100", "Not GPU", "H100"),
        ("machine!", "-", "Machine", "any"),
        ("gpu", "-", "GPU", "not reported"),
        ("gpu!", "-", "GPU", "reported"),
        ("batch", "-", "Batch", "none"),
        ("gpu", "H100,A10G", "GPU", "H100 or A10G"),
        ("gpu", "H100,A10G,L40S,B200,T4", "GPU", "5 values"),
        ("status", "failed,timeout", "Status", "failed or timed out"),
        ("starred", "1", "Starred", ""),
        ("starred!", "1", "Not starred", ""),
        ("starred", "-", "Not starred", ""),
        ("created", "7d", "Created", "last 7 days"),
        ("created", "1h", "Created", "last 1 hour"),
        ("total", "10..30", "Total", "10 s to 30 s"),
        ("total", "60..300", "Total", "1 m to 5 m"),
        ("cost", ">0.1", "Cost", "over $0.10"),
        ("cost", "-", "Cost", "not reported"),
        ("cold_start!", ">30", "Not cold start", "over 30 s"),
        ("tag", "sk-proj-abcdefghijklmnop1234567890abcdef", "Tag", "•••"),
    ],
)
def test_a_chip_says_what_is_asked(name: str, value: str, label: str, text: str) -> None:
    terms = parse([(name, value)]).terms
    found = chip_of({term: term.value for term in terms})
    assert (found.label, found.value.replace("\u202f", " ")) == (label, text)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("status", "success", "Done"),
        ("status", "attention", "Failed or timed out"),
        ("status", "half-way", "Half way"),
        ("start", "cold", "Cold"),
        ("error", "any", "Any error"),
        ("error", "-", "No error"),
        ("gpu", "-", "Not reported"),
        ("tag", "-", "No tag"),
        ("starred", "-", "Not starred"),
        ("starred", "1", "Starred"),
        ("origin", "sk-proj-abcdefghijklmnop1234567890abcdef", "•••"),
    ],
)
def test_a_value_has_its_words(name: str, value: str, text: str) -> None:
    (term,) = parse([(name, value)]).terms
    assert value_label(term, term.value) == text


def test_numbers_in_words() -> None:
    assert plural("workflow", 1) == "1 workflow" and plural("status", 6) == "6 statuses"
    assert among(307, 600, more=False) == "307 of 600 runs"
    assert among(None, 1, more=False) == "1 run"
    assert among(None, 10_000, more=True) == "10,000+ runs"
    assert bars([50, None, 25]) == [100.0, 0.0, 50.0] and bars([0]) == [0.0]
