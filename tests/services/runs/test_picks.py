"""Outputs are picked, rejected and rated, and the run counts its picks."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.domain.run.marks import PICKED, REJECTED, NoSuchMark
from dashboard.models import Output, OutputMark, Run
from dashboard.services.runs import picks
from tests.builders import NOON, answer, element, person, running, store
from tests.services.runs.test_store import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    return store(answer(outputs=[element("a.png"), element("b.png")]))


@pytest.fixture
def mira() -> User:
    return person("mira")


def outputs(run: Run) -> list[Output]:
    return list(run.outputs.all())


def counted(run: Run) -> int:
    return Run.objects.get(pk=run.pk).picked_count


def test_a_pick_keeps_who_and_when_and_is_counted(run: Run, mira: User) -> None:
    before, (first, second) = run.extras_version, outputs(run)
    made = picks.mark(run, first.pk, mira, NOON, choice=PICKED)
    assert (made.choice, made.rating, made.by, made.at) == (PICKED, 0, "mira", NOON)
    picks.mark(run, second.pk, mira, NOON, choice=PICKED, rating=5)
    assert run.picked_count == counted(run) == 2
    assert run.extras_version == before + 2


def test_the_newest_says_who_and_when(run: Run, mira: User) -> None:
    first = outputs(run)[0]
    picks.mark(run, first.pk, mira, NOON, choice=PICKED)
    later = NOON + timedelta(minutes=2)
    made = picks.mark(run, first.pk, person("jonas"), later, rating=3)
    assert (made.choice, made.rating, made.by, made.at) == (PICKED, 3, "jonas", later)
    assert OutputMark.objects.count() == 1


def test_what_is_taken_back_leaves_nothing(run: Run, mira: User) -> None:
    first = outputs(run)[0]
    picks.mark(run, first.pk, mira, NOON, choice=PICKED, rating=2)
    made = picks.mark(run, first.pk, mira, NOON, choice="", rating=0)
    assert not made and not OutputMark.objects.exists() and counted(run) == 0


def test_a_rejection_takes_the_place_of_a_pick(run: Run, mira: User) -> None:
    first = outputs(run)[0]
    picks.mark(run, first.pk, mira, NOON, choice=PICKED)
    assert picks.mark(run, first.pk, mira, NOON, choice=REJECTED).choice == REJECTED
    assert counted(run) == 0


def test_nothing_new_changes_nothing(run: Run, mira: User) -> None:
    picks.mark(run, outputs(run)[0].pk, mira, NOON, choice="")
    run.refresh_from_db()
    assert run.extras_version == 0


def test_the_same_from_a_page_that_is_not_up_to_date_takes_nobodys_pick_away(
    run: Run, mira: User
) -> None:
    first = outputs(run)[0]
    picks.mark(run, first.pk, mira, NOON, choice=PICKED, rating=2)
    later = NOON + timedelta(minutes=2)
    made = picks.mark(run, first.pk, person("jonas"), later, choice=PICKED, rating=2)
    assert (made.choice, made.rating, made.by, made.at) == (PICKED, 2, "mira", NOON)
    assert counted(run) == 1


def test_another_runs_output_and_nonsense_are_refused(run: Run, mira: User) -> None:
    other = store(answer(outputs=[element("c.png")]))
    with pytest.raises(Output.DoesNotExist):
        picks.mark(run, outputs(other)[0].pk, mira, NOON, choice=PICKED)
    with pytest.raises(NoSuchMark):
        picks.mark(run, outputs(run)[0].pk, mira, NOON, rating=6)
    assert not OutputMark.objects.exists()


def test_a_mark_survives_a_new_signature_and_more_outputs(mira: User) -> None:
    payload = running(outputs=[signed("a.png", "aaaa")])
    run = store(payload)
    picks.mark(run, outputs(run)[0].pk, mira, NOON, choice=PICKED)
    again = [signed("a.png", "bbbb", "20261123T172109Z"), element("new.png")]
    run = store({**payload, "outputs": again})
    assert [each.choice for each in picks.of_run(run).values()] == [PICKED]
    assert set(picks.of_run(run)) < {output.identity for output in outputs(run)}
    assert counted(run) == 1


def test_an_output_that_comes_back_is_marked_as_before(mira: User) -> None:
    payload = running(outputs=[element("a.png"), element("b.png")])
    run = store(payload)
    picks.mark(run, run.outputs.get(filename="a.png").pk, mira, NOON, choice=PICKED)
    run = store({**payload, "outputs": payload["outputs"][1:]})
    assert counted(run) == run.picked_count == 0
    run = store(payload)
    assert counted(run) == run.picked_count == 1
    assert picks.of_output(run, run.outputs.get(filename="a.png").identity).choice == PICKED


def test_marks_go_with_their_run_and_stay_without_their_author(run: Run, mira: User) -> None:
    picks.mark(run, outputs(run)[0].pk, mira, NOON, rating=1)
    mira.delete()
    (left,) = picks.of_run(run).values()
    assert (left.rating, left.by) == (1, "")
    run.delete()
    assert not OutputMark.objects.exists()


def test_a_first_answer_counts_no_picks() -> None:
    with CaptureQueriesContext(connection) as captured:
        store(answer(outputs=[element()]))
    assert not [one for one in captured.captured_queries if "outputmark" in one["sql"]]


def test_the_list_of_picked_runs_has_its_index(run: Run, mira: User) -> None:
    picks.mark(run, outputs(run)[0].pk, mira, NOON, choice=PICKED)
    found = Run.objects.filter(picked_count__gt=0).order_by("-sorted_at", "-id")
    assert [each.pk for each in found] == [run.pk]
    if connection.vendor == "sqlite":
        assert "run_picked" in found.explain()
