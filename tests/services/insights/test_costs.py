"""What the costs of runs divide by, read in one query each."""

import pytest
from pytest_django import DjangoAssertNumQueries

from dashboard.domain.machines.cost import start_up_seconds
from dashboard.domain.run.queue_split import MACHINE, MACHINE_AND_COMFYUI
from dashboard.models import Run, UpstreamUser
from dashboard.services.insights import costs
from dashboard.services.runs import labels
from tests.builders import NOON, person
from tests.domain.insights.histories import insight_run
from tests.services.insights.stored import store_history

pytestmark = pytest.mark.django_db


def test_tags_are_those_of_the_runs_at_hand_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    runs = [insight_run(id=n) for n in range(1, 6)]
    store_history(runs)
    ana = person("ana")
    stored = Run.objects.in_bulk()
    for pk, tags in {1: ("Hero", "client"), 2: ("hero",), 5: ("other",)}.items():
        for tag in tags:
            labels.add_tag(stored[pk], tag, ana)
    labels.add_note(stored[3], "a note", ana)
    with django_assert_num_queries(1):
        found = costs.tags_of(runs[:4])
    # One tag, as it was written last.
    assert {pk: sorted(tags) for pk, tags in found.items()} == {1: ["client", "hero"], 2: ["hero"]}


def test_a_boot_is_paid_for_as_start_up_where_comfyui_lies_in_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    runs = [
        insight_run(id=1),
        insight_run(id=2),
        insight_run(id=3),
        insight_run(id=4, cold_start=None),
        insight_run(id=5, cost_micros=None),
    ]
    store_history(runs)
    Run.objects.update(boot=12.5, queue_kind=MACHINE_AND_COMFYUI)
    Run.objects.filter(pk=2).update(queue_kind=MACHINE)
    Run.objects.filter(pk=3).update(boot=None)
    with django_assert_num_queries(1):
        found = costs.boots_of(runs)
    assert found == {1: 12.5}
    for run in Run.objects.filter(cold_start__isnull=False, cost_micros__isnull=False):
        paid = start_up_seconds(run.cold_start, run.queue_kind, run.boot)
        assert run.cold_start is not None
        assert paid == run.cold_start + found.get(run.pk, 0.0)


def test_people_are_told_by_name_where_it_is_known(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    UpstreamUser.objects.create(id="user_a", name="Mira", next_at=NOON)
    UpstreamUser.objects.create(id="user_b", name="", next_at=NOON)
    runs = [insight_run(id=n, user=user) for n, user in enumerate(("user_a", "user_b", None))]
    with django_assert_num_queries(1):
        assert costs.people_of(runs) == {"user_a": "Mira"}
    assert costs.tags_of([]) == costs.boots_of([]) == costs.people_of([]) == {}
