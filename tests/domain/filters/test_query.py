"""Which filters a query string asks for, and how they are written back."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.filters.fields import NAMES, Form
from dashboard.domain.filters.query import (
    LONGEST_TEXT,
    LONGEST_VALUE,
    LONGEST_WORDS,
    MAX_IGNORED,
    MAX_TERMS,
    NO_WORKFLOW,
    TOO_LONG,
    TOO_MANY,
    UNREADABLE,
    Ignored,
    RunQuery,
    Term,
    pairs_of,
    parse,
)

ONE, OTHER = "2ca3f0a3-9056-4e34-a0f1-edc4786b7985", "999e772e-7cc5-4152-83d1-6854a5aafcbe"


@pytest.mark.parametrize(
    ("pairs", "terms"),
    [
        ([], []),
        ([("machine", ONE)], [("machine", ONE, Form.ID, False)]),
        ([("machine", ONE.upper().replace("-", ""))], [("machine", ONE, Form.ID, False)]),
        ([("machine!", ONE)], [("machine", ONE, Form.ID, True)]),
        ([("batch", "-")], [("batch", "-", Form.MISSING, False)]),
        ([("batch!", "-")], [("batch", "-", Form.MISSING, True)]),
        (
            [("machine", f"{ONE}, {OTHER}")],
            [("machine", ONE, Form.ID, False), ("machine", OTHER, Form.ID, False)],
        ),
        (
            [("machine", ONE), ("machine", OTHER), ("machine", ONE)],
            [("machine", ONE, Form.ID, False), ("machine", OTHER, Form.ID, False)],
        ),
        ([("workflow", "lighthouse-flux")], [("workflow", "lighthouse-flux", Form.NAME, False)]),
        ([("workflow", '"Flux, fast"')], [("workflow", "Flux, fast", Form.NAME, False)]),
        ([("workflow", f'"{ONE}"')], [("workflow", ONE, Form.NAME, False)]),
        ([("workflow", '"-"')], [("workflow", "-", Form.NAME, False)]),
        (
            [("workflow", 'a,"b ""c""",d')],
            [("workflow", text, Form.NAME, False) for text in ("a", 'b "c"', "d")],
        ),
        (
            [("version", "v15"), ("workflow", ONE)],
            [("workflow", ONE, Form.ID, False), ("version", "v15", Form.NUMBER, False)],
        ),
        (
            [("workflow", ONE), ("version", ">=V015")],
            [("workflow", ONE, Form.ID, False), ("version", ">=v15", Form.FROM, False)],
        ),
        ([("version", ONE)], [("version", ONE, Form.ID, False)]),
        ([("environment", "Production")], [("environment", "production", Form.WORD, False)]),
        ([("environment", "public-share")], [("environment", "public-share", Form.WORD, False)]),
        ([("machine", ""), ("machine", " , ,")], []),
        ([("show", "failed"), ("machine!!", ONE), ("", "x")], []),
        (
            [("tag", "hero, 12"), ("starred", "Yes")],
            [
                ("tag", "hero", Form.TEXT, False),
                ("tag", "12", Form.TEXT, False),
                ("starred", "1", Form.FLAG, False),
            ],
        ),
        ([("q", "-gpu:H100")], [("gpu", "H100", Form.TEXT, True)]),
        (
            [("status", "Failed,timeout"), ("status!", "live")],
            [
                ("status", "failed", Form.WORD, False),
                ("status", "timeout", Form.WORD, False),
                ("status", "live", Form.WORD, True),
            ],
        ),
        ([("start", "COLD")], [("start", "cold", Form.WORD, False)]),
        (
            [("gpu", '"A, B"'), ("by", "-")],
            [
                ("gpu", "A, B", Form.TEXT, False),
                ("by", "-", Form.MISSING, False),
            ],
        ),
        ([("created", "7D")], [("created", "7d", Form.TIME, False)]),
        ([("total", "> 60.50")], [("total", ">60.5", Form.RANGE, False)]),
        ([("queue", "10 .. 30")], [("queue", "10..30", Form.RANGE, False)]),
    ],
)
def test_pairs_are_read_as_terms(pairs: list[tuple[str, str]], terms: list[tuple]) -> None:
    assert parse(pairs) == RunQuery(tuple(Term(*each) for each in terms))


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("machine", "h100", "not an ID"),
        ("deployment!", "production", "not an ID"),
        ("batch", "7", "not an ID"),
        ("version", "fifteen", "not an ID or a number such as v15"),
        ("version", "v15", NO_WORKFLOW),
        ("version!", ">=v15", NO_WORKFLOW),
        ("environment", "prod;drop", "not an environment"),
        ("workflow", '"  "', "not an ID or a name"),
        ("workflow", "x" * (LONGEST_VALUE + 1), TOO_LONG),
        ("workflow", "," * (LONGEST_TEXT + 1), TOO_LONG),
        ("workflow", "a\0b", UNREADABLE),
        ("workflow", "a\ud800", UNREADABLE),
    ],
)
def test_what_cannot_be_read_is_left_out_and_named(name: str, value: str, why: str) -> None:
    query = parse([(name, value), ("batch", ONE)])
    assert query.terms == (Term("batch", ONE, Form.ID),)
    assert [(each.name, each.why) for each in query.ignored] == [(name, why)]
    assert len(query.ignored[0].value) <= LONGEST_VALUE


def test_what_the_box_takes_is_filters_and_words() -> None:
    query = parse([("batch", ONE), ("q", 'machine:x "a  cat"\0 starred:1'), ("q", "dog")])
    assert (query.words, [term.name for term in query.terms]) == (
        '"a cat" dog',
        ["batch", "starred"],
    )
    assert [each.why for each in query.ignored] == ["not an ID"]
    assert pairs_of(query) == [("q", '"a cat" dog'), ("batch", ONE), ("starred", "1")]
    assert query.without_name("batch").adding(("start", "cold")) == parse(
        [("q", query.words), ("start", "cold"), ("starred", "1")]
    )
    assert query and RunQuery(words="x") and not parse([("machine", "x")])
    long = parse([("q", "x" * (LONGEST_WORDS + 1))])
    assert not long and long.ignored[0].why == TOO_LONG


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("\0", Ignored("q", "\ufffd", UNREADABLE)),
        (" \0\t\x1b\n", Ignored("q", "\ufffd\ufffd\ufffd", UNREADABLE)),
        ("\x1f", Ignored("q", "\ufffd", UNREADABLE)),
        ("\ud800", Ignored("q", "\ufffd", UNREADABLE)),
        ("\0" * 300, Ignored("q", "\ufffd" * LONGEST_VALUE, UNREADABLE)),
        (" " * LONGEST_TEXT + "cat", Ignored("q", "", TOO_LONG)),
        ("cat " * LONGEST_WORDS, Ignored("q", "", TOO_LONG)),
        (" \t\r\n", None),
        ("cat\0", None),
    ],
)
def test_a_search_of_which_nothing_is_read_is_named(text: str, ignored: Ignored | None) -> None:
    query = parse([("q", text), ("gpu", "H100")])
    assert query.ignored == ((ignored,) if ignored else ())
    assert [term.name for term in query.terms] == ["gpu"]


def test_values_and_complaints_are_bounded() -> None:
    query = parse([("workflow", ",".join(f"w{number}" for number in range(500)))])
    assert len(query.terms) == MAX_TERMS
    assert len(query.ignored) == MAX_IGNORED
    assert query.ignored[0] == Ignored("workflow", f"w{MAX_TERMS}", TOO_MANY)


def test_a_workflow_that_goes_takes_the_numbers_of_its_versions_along() -> None:
    query = parse([("workflow", ONE), ("version", "v15"), ("version", OTHER)])
    workflow, _, version = sorted(
        query.terms, key=lambda term: (term.name == "version", term.form != Form.NUMBER)
    )
    assert query.without(workflow) == RunQuery((version,))
    assert query.without(version).terms == (workflow, Term("version", "v15", Form.NUMBER))


def test_terms_that_turn_out_to_be_nothing_are_named() -> None:
    query = parse([("workflow", "gone"), ("version", "v3"), ("batch", ONE)])
    left = query.leaving_out(query.of("workflow"), "no workflow has this name")
    assert left.terms == (Term("batch", ONE, Form.ID),)
    assert [each.name for each in left.ignored] == ["workflow", "version"]


names = st.sampled_from([*NAMES, *(f"{name}!" for name in NAMES), "q", "", "!"])
ids = st.uuids().map(str)
numbers = st.integers(0, 10**10).map(lambda number: f"v{number}")
values = st.one_of(
    st.text(max_size=40),
    st.text(alphabet='",- v>=a\t', max_size=12),
    ids,
    numbers,
    numbers.map(lambda text: f">={text}"),
    st.lists(ids, max_size=3).map(",".join),
    st.sampled_from(["-", '"-"', "production", f'"{ONE}"']),
)


@given(st.lists(st.tuples(names, values), max_size=12))
def test_what_is_printed_reads_as_the_same_terms(pairs: list[tuple[str, str]]) -> None:
    query = parse(pairs)
    again = parse(pairs_of(query))
    assert again == RunQuery(query.terms, words=query.words)
    assert pairs_of(again) == pairs_of(query)


@given(st.lists(st.tuples(st.text(max_size=12) | names, st.text(max_size=300)), max_size=30))
def test_nothing_is_lost_and_nothing_raises(pairs: list[tuple[str, str]]) -> None:
    query = parse(pairs)
    assert all(term.name in NAMES and term.value for term in query.terms)
    assert len(query.terms) <= MAX_TERMS and len(query.ignored) <= MAX_IGNORED


@pytest.mark.parametrize("text", ["a" + " " * 19_000 + "b", '"a"' + " " * 19_000 + "b"])
def test_no_text_takes_long_to_read(text: str) -> None:
    begun = time.process_time()
    assert [each.why for each in parse([("gpu", text)]).ignored] == [TOO_LONG]
    assert time.process_time() - begun < 1
