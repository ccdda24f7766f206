"""How long a run may take on its machine."""

from datetime import datetime
from uuid import uuid4

import pytest

from dashboard.models import Deployment, Run, UsedMachine
from dashboard.services.machines.limits import run_limit
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db


def test_the_limit_is_the_machines_for_a_live_run(now: datetime) -> None:
    UsedMachine.objects.create(id="m1", run_timeout=300)
    run = store(running(created=now, machine_id="m1"))
    assert run_limit(run) == 300
    assert run_limit(store(answer(created=now, machine_id="m1"))) is None
    assert run_limit(store(running(created=now, machine_id="m2"))) is None
    assert run_limit(store(running(created=now, machine_id=None))) is None


def test_a_fluid_deployment_has_a_limit_of_its_own(now: datetime) -> None:
    UsedMachine.objects.create(id="m1", run_timeout=300)
    fluid = Deployment.objects.create(uuid=uuid4(), fluid=True, seen_at=now)
    run = store(running(created=now, machine_id="m1"))
    Run.objects.filter(pk=run.pk).update(deployment_id=str(fluid.pk))
    run.refresh_from_db()
    assert run_limit(run) is None
