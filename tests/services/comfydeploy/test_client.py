"""The client of this process, made from the settings."""

from uuid import uuid4

import pytest

from dashboard.services.comfydeploy.client import client
from dashboard.simulator import Simulator
from dashboard.upstream.errors import KeyRejected
from tests.builders import body, running


def test_there_is_one_and_it_asks_with_the_key_of_the_settings(upstream: Simulator) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id))])
    assert client() is client()
    assert str(run_id).encode() in client().get_run(run_id)


def test_another_key_makes_another_client(upstream: Simulator, settings) -> None:  # type: ignore[no-untyped-def]
    first = client()
    settings.COMFYDEPLOY_API_KEY = "wrong"
    assert client() is not first
    with pytest.raises(KeyRejected):
        client().get_run(uuid4())


def test_other_settings_leave_it(upstream: Simulator, settings) -> None:  # type: ignore[no-untyped-def]
    first = client()
    settings.COLD_START_SECONDS = 7
    assert client() is first
