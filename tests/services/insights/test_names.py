"""What machines, workflows and versions are called."""

import pytest

from dashboard.models import Name
from dashboard.services.insights.names import names_of
from tests.domain.insights.histories import insight_run

pytestmark = pytest.mark.django_db


def test_a_name_stands_for_its_id_else_its_beginning() -> None:
    Name.objects.create(kind="machine", upstream_id="m-1", text="flux-h100-eu")
    runs = [insight_run(machine="m-1", workflow="0123456789", version=None)]
    assert names_of(runs) == {
        ("machine", "m-1"): "flux-h100-eu",
        ("workflow", "0123456789"): "01234567",
    }


def test_many_are_named_in_few_queries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    runs = [insight_run(machine=f"m-{n}") for n in range(1_500)]
    with django_assert_max_num_queries(5):
        assert len(names_of(runs)) == 1_502
