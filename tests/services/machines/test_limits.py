"""How long a run may take on its machine."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from dashboard.models import Deployment, Run, UsedMachine
from dashboard.services.machines.limits import fluid_of, run_limit
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


def test_several_deployments_take_one_query(now: datetime, django_assert_num_queries: Any) -> None:
    fluid = str(Deployment.objects.create(uuid=uuid4(), fluid=True, seen_at=now).pk)
    plain = str(Deployment.objects.create(uuid=uuid4(), seen_at=now).pk)
    with django_assert_num_queries(1):
        found = fluid_of([fluid, fluid.upper(), plain, str(uuid4()), "none", "", None])
    assert found == {fluid, fluid.upper()}
    with django_assert_num_queries(0):
        assert fluid_of(["none", None]) == set()
