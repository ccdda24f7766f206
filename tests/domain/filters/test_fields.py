"""Every name reads its values, and says what it expects of those that it cannot read."""

import pytest

from dashboard.domain.filters.fields import FIELDS, NAMES
from dashboard.domain.filters.query import pairs_of, parse

UUID = "2ca3f0a3-9056-4e34-a0f1-edc4786b7985"
GOOD = {
    **dict.fromkeys(("workflow", "version", "deployment", "machine", "batch"), UUID),
    "environment": "staging",
    "status": "failed",
    "error": "out-of-memory",
    "start": "cold",
    **dict.fromkeys(("gpu", "origin", "by", "tag"), "H100"),
    **dict.fromkeys(("created", "ended"), "7d"),
    **dict.fromkeys(("starred", "picked", "slow"), "1"),
    **dict.fromkeys(("total", "run", "cold_start", "queue"), ">60"),
    "cost": "0.1..0.3",
}


@pytest.mark.parametrize("name", NAMES)
def test_each_reads_a_good_value_and_what_is_not_reported(name: str) -> None:
    query = parse([(name, f"{GOOD[name]},-"), (f"{name}!", GOOD[name])])
    assert not query.ignored and len(query.terms) == 3
    assert parse(pairs_of(query)) == query


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"workflow", "gpu", "origin", "by", "tag"}))
def test_each_names_what_it_cannot_read(name: str) -> None:
    (one,) = parse([(name, "<script>")]).ignored
    assert (one.name, one.why) == (name, f"not {FIELDS[name].expected}")


def test_all_names_have_a_reader() -> None:
    assert set(FIELDS) == set(NAMES)
