"""The counts of a facet are those of a plain reading of the runs."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.domain.filters.fields import Form
from dashboard.domain.filters.query import RunQuery, Term, pairs_of, parse
from dashboard.models import Deployment, Label, Name, Run, UpstreamUser
from dashboard.services.runs import facets, filter_counts, newest_rows
from dashboard.services.runs.facets import COUNTED, Facet, facet
from dashboard.services.runs.run_filter import RunFilter
from tests.builders import NOON

pytestmark = pytest.mark.django_db
ONE, OTHER = "2ca3f0a3-9056-4e34-a0f1-edc4786b7985", "999e772e-7cc5-4152-83d1-6854a5aafcbe"
RUNS = 600
HALF = NOON - timedelta(minutes=30)


@pytest.fixture
def runs() -> list[Run]:
    """Runs of any values, many of them not known; some with tags."""
    draw = random.Random(4)

    def some(*values: Any) -> Any:
        return draw.choice((None, *values))

    made = [
        Run(
            uuid=UUID(int=n), first_seen_at=NOON, sorted_at=NOON - timedelta(minutes=n),
            status=draw.choice(("running", "success", "failed", "Failed", "Paused")),
            start_kind=draw.choice(("cold", "warm", "unknown")), starred=draw.random() < 0.2,
            gpu=some("H100", "A, B", "-", "", ' "x'), origin=some("api", "manual"),
            user_id=some("user_a", "user_b"), workflow_id=some(ONE, OTHER),
            workflow_version_id=some(ONE), machine_id=some(ONE, OTHER, ""),
            deployment_id=some(ONE, OTHER), batch_id=some(ONE),
            error_cause=draw.choice(("", "network", "cuda", "of old")),
            error_digest=draw.choice(("", "abc")),
        )
        for n in range(RUNS)
    ]  # fmt: skip
    found = Run.objects.bulk_create(made)
    Deployment.objects.create(uuid=ONE, name="live", environment="Production", seen_at=NOON)
    for run in found:
        for tag in draw.sample(("hero", "a b", "-"), draw.randrange(3)):
            Label.objects.create(run=run, kind="tag", text=tag, folded=tag, at=NOON)
    return found


def asked(*pairs: tuple[str, str]) -> RunFilter:
    query = parse(pairs)
    assert not query.ignored
    return RunFilter(query=query)


def told(found: Facet) -> dict[str, int | None]:
    return {value.term.value: value.runs for value in found.values}


@pytest.mark.parametrize("name", COUNTED)
@pytest.mark.parametrize("other", [(), (("start", "cold"), ("gpu", "H100,-"))], ids=["all", "some"])
def test_each_value_has_as_many_runs_as_its_list(
    runs: list[Run], name: str, other: tuple[tuple[str, str], ...]
) -> None:
    """The list of each value is read by the filter, which has a plain reading of its own."""
    choice = asked(*(pair for pair in other if pair[0] != name))
    found = facet(choice, name, people=True)
    assert found.values and found.left == 0 and not found.more
    assert found.over == choice.runs(every=True).count()
    for value in found.values:
        one = RunFilter(query=choice.query.adding(*pairs(value)))
        assert value.runs == one.runs(every=True).count() > 0, value


def pairs(value: facets.Value) -> list[tuple[str, str]]:
    return pairs_of(RunQuery((value.term,)))


def test_values_are_those_of_the_runs_and_what_no_filter_reads_is_left_out(
    runs: list[Run],
) -> None:
    gpus = Counter(run.gpu or "-none" for run in runs)
    found = {("-none" if v.term.form == "missing" else v.term.value): v.runs
             for v in facet(asked(), "gpu", people=True).values}  # fmt: skip
    assert found == dict(gpus)
    errors = told(facet(asked(), "error", people=True))
    assert set(errors) == {"network", "cuda", "-"}
    failed = sum(run.status.lower() == "failed" for run in runs)
    assert told(facet(asked(), "status", people=True))["failed"] == failed


def test_the_facets_own_terms_do_not_count_and_wanted_values_come_first(runs: list[Run]) -> None:
    bare, ticked = asked(), asked(("machine", OTHER), ("machine!", "-"))
    before, after = (facet(each, "machine", people=True) for each in (bare, ticked))
    assert told(before) == told(after)
    assert [(v.term.value, v.wanted) for v in after.values][0] == (OTHER, True)
    counts = [value.runs or 0 for value in before.values]
    assert counts == sorted(counts, reverse=True)


def test_a_wanted_value_that_no_run_has_is_there_with_nothing(runs: list[Run]) -> None:
    found = facet(asked(("gpu", "T4"), ("start", "cold")), "gpu", people=True)
    assert (found.values[0].term.value, found.values[0].runs) == ("T4", 0)
    group = facet(asked(("status", "attention")), "status", people=True)
    assert (group.values[0].term.value, group.values[0].runs) == ("attention", None)


def test_a_value_that_is_asked_for_by_name_stands_there_once(runs: list[Run]) -> None:
    Name.objects.create(kind="workflow", upstream_id=ONE, text="dunes", next_at=NOON)
    named = facet(asked(("workflow", "dunes")), "workflow", people=True)
    assert told(named)["dunes"] == sum(run.workflow_id == ONE for run in runs)
    assert ONE not in told(named) and named.values[0].called == "dunes"


@pytest.mark.parametrize("text", ["-", ONE[:8], ONE])
def test_a_workflow_called_like_something_else_has_its_own_runs_alone(
    runs: list[Run], text: str
) -> None:
    """Like what stands for no workflow, or for one without a name."""
    Name.objects.create(kind="workflow", upstream_id=OTHER, text=text, next_at=NOON)
    choice = asked(("workflow", f'"{text}"'))
    values = {value.term: value.runs for value in facet(choice, "workflow", people=True).values}
    assert values == {
        choice.query.terms[0]: sum(run.workflow_id == OTHER for run in runs),
        Term("workflow", ONE, Form.ID): sum(run.workflow_id == ONE for run in runs),
        Term("workflow", "-", Form.MISSING): sum(run.workflow_id is None for run in runs),
    }
    assert facet(choice, "workflow", people=True).own == values[choice.query.terms[0]]


def test_the_newest_runs_alone_are_counted(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (facets, newest_rows):
        monkeypatch.setattr(module, "LIMIT", 100)
    for name, newest in (("origin", runs[:100]), ("tag", runs[:100])):
        found = facet(asked(), name, people=True)
        assert (found.over, found.more) == (100, True)
        if name == "origin":
            assert told(found)["api"] == sum(run.origin == "api" for run in newest)
    assert facet(asked(("origin", "other")), "origin", people=True).values[0].runs is None


def test_no_more_than_some_values_are_listed(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MOST", 2)
    found = facet(asked(), "gpu", people=True)
    assert (len(found.values), found.left) == (2, 3)


def test_persons_have_no_names_for_those_who_may_not_see_them(runs: list[Run]) -> None:
    UpstreamUser.objects.create(pk="user_a", name="Mira", next_at=NOON)
    names = [{value.called for value in facet(asked(), "by", people=people).values}
             for people in (True, False)]  # fmt: skip
    assert "Mira" in names[0] and "Mira" not in names[1]


def test_times_and_seconds_are_those_of_the_rest_of_the_filter(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, run in enumerate(Run.objects.newest()):
        Run.objects.filter(pk=run.pk).update(
            total=n % 7 or None, created_at=run.sorted_at if n % 5 else None, queue_wait=None
        )
    newest = list(Run.objects.newest())
    found = facets.measured(asked(("total", ">1000000")), "total", ["<3", "3..5"])
    totals = [run.total for run in newest]
    assert (found.over, found.more, found.own) == (RUNS, False, 0)
    assert found.runs == {
        "-": totals.count(None),
        "<3": sum(total is not None and total < 3 for total in totals),
        "3..5": sum(total is not None and 3 <= total <= 5 for total in totals),
    }
    nothing = facets.measured(asked(("total", ">1000000")), "queue", ["<3"])
    assert (nothing.runs, nothing.over) == ({"-": 0, "<3": 0}, 0)
    for module in (facets, newest_rows):
        monkeypatch.setattr(module, "LIMIT", 40)
    found = facets.measured(asked(), "created", ["<2026-11-23T11:30Z", "2026-11-23"])
    created = [run.created_at for run in newest[:40]]
    assert found.runs == {
        "-": created.count(None),
        "<2026-11-23T11:30Z": sum(at is not None and at < HALF for at in created),
        "2026-11-23": sum(at is not None and at.date() == NOON.date() for at in created),
    }
    assert found.more and found.over == 40 and found.own is None


def test_every_facet_counts_under_several_values_of_another(runs: list[Run]) -> None:
    choice = asked(("status", "attention"), ("status", "paused"))
    found = [run for run in runs if (run.status or "").lower() in ("failed", "timeout", "paused")]
    for name in COUNTED:
        if name != "status":
            assert facet(choice, name, people=True).over == len(found), name
    tags = Label.objects.filter(run__in=found).values_list("text", flat=True)
    counts = told(facet(choice, "tag", people=True))
    assert {text: counts[text] for text in ("hero", "a b")} == {
        text: list(tags).count(text) for text in ("hero", "a b")
    }


def test_a_tag_that_the_filter_writes_in_its_own_way_is_ticked(runs: list[Run]) -> None:
    plain = told(facet(asked(), "tag", people=True))
    found = facet(asked(("tag", "HERO")), "tag", people=True)
    assert [value.term.value for value in found.values if value.wanted] == ["HERO"]
    assert told(found) == {{"hero": "HERO"}.get(tag, tag): runs for tag, runs in plain.items()}


OWN = [
    *(
        (("gpu", "H100,-"),),
        (("gpu", "T4"),),
        (("gpu", "H100"), ("gpu!", "-")),
        (("gpu!", "H100"),),
    ),
    *((("status", "live"),), (("status", "attention,paused"), ("status!", "failed"))),
    *((("start", "cold"), ("machine", OTHER), ("machine!", ONE)), (("machine", "-,dunes"),)),
    *((("workflow", ONE), ("version", "v3,>=v15")), (("workflow", "dunes"),), (("batch", "-"),)),
    *((("tag", "HERO,-"), ("tag!", "a b")), (("environment", "production"),)),
    *((("environment", "-"),), (("error", "any"), ("error!", "cuda")), (("starred", "1"),)),
    *((("starred", "-"),), (("slow!", "1"),), (("origin", "api"), ("tag!", "hero"))),
    *((("total", "<3"), ("total", "4..5")), (("total", "-"),), (("total", ">1"), ("total!", ">5"))),
    *((("created", "<2026-11-23T11:30Z,-"),), (("ended", "-"), ("gpu", "H100"))),
]


@pytest.mark.parametrize("pairs", OWN, ids=str)
def test_the_filters_own_runs_are_told_by_the_rows(
    runs: list[Run], pairs: tuple[tuple[str, str], ...]
) -> None:
    """As many as the filter's list has, without a query of their own."""
    Name.objects.create(kind="workflow", upstream_id=ONE, text="dunes", next_at=NOON)
    Name.objects.create(kind="version", upstream_id=ONE, text="v20", next_at=NOON)
    for n, run in enumerate(runs):
        Run.objects.filter(pk=run.pk).update(
            total=n % 7 or None, created_at=run.sorted_at if n % 3 else None
        )
    choice = RunFilter(query=parse(pairs))
    counted, numbers = choice.runs(every=True).count(), []
    for name in {name.rstrip("!") for name, _ in pairs}:
        with CaptureQueriesContext(connection) as asked_for:
            own = opened(choice, name).own
        assert own == (counted if choice.query.of(name) else None), name
        assert not any(sql["sql"].startswith("SELECT COUNT(*) FROM (SELECT 1") for sql in asked_for)
        numbers.append(own)
    assert numbers


def opened(choice: RunFilter, name: str) -> Facet | facets.Measured:
    if name in COUNTED:
        return facet(choice, name, people=True)
    return facets.measured(choice, name, [])


def test_where_more_than_the_newest_runs_are_there_the_filters_own_are_counted(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (facets, newest_rows, filter_counts):
        monkeypatch.setattr(module, "LIMIT", 100)
    few, many = asked(("batch", ONE), ("status", "paused")), asked(("starred", "-"))
    filter_counts.forget()
    counted = few.runs(every=True).count()
    assert 0 < counted <= 100 < many.runs(every=True).count()
    for name in ("batch", "status"):
        found = facet(few, name, people=True)
        assert found.more and found.own == counted
    assert facet(many, "starred", people=True).own is None
    monkeypatch.setattr(facets, "LIMIT", 30)
    monkeypatch.setattr(newest_rows, "LIMIT", 30)
    Run.objects.update(starred=False)
    with CaptureQueriesContext(connection) as queries:
        assert facet(many, "starred", people=True).own is None
    assert len(queries) == 1, "all of the newest are the filter's own: these are more too"
