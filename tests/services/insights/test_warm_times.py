"""How long machines stay warm."""

import pytest

from dashboard.models import UsedMachine
from dashboard.services.insights.warm_times import stays_warm
from tests.domain.insights.histories import insight_run

pytestmark = pytest.mark.django_db


def test_only_what_was_told_is_known() -> None:
    UsedMachine.objects.create(id="told", idle_timeout=60)
    UsedMachine.objects.create(id="untold")
    UsedMachine.objects.create(id="other", idle_timeout=5)
    machines = ("told", "untold", "unseen", None)
    assert stays_warm(insight_run(machine=one) for one in machines) == {"told": 60.0}
