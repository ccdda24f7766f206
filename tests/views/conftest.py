"""A signed-in browser's client and an upstream that answers what a test scripts."""

from collections.abc import Iterator

import pytest
from django.test import Client

from dashboard.simulator import Simulator
from tests.builders import person


@pytest.fixture
def upstream(settings) -> Iterator[Simulator]:  # type: ignore[no-untyped-def]
    with Simulator(port=0, key="test-key") as simulator:
        settings.COMFYDEPLOY_API_URL = simulator.url
        yield simulator


@pytest.fixture
def ana(db: None) -> Client:
    client = Client()
    client.force_login(person("ana"))
    return client
