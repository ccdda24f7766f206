"""A signed-in browser's client and an upstream that answers what a test scripts."""

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from dashboard.simulator import Simulator


@pytest.fixture
def upstream(settings) -> Iterator[Simulator]:  # type: ignore[no-untyped-def]
    with Simulator(port=0, key="test-key") as simulator:
        settings.COMFYDEPLOY_API_URL = simulator.url
        yield simulator


@pytest.fixture
def ana(db: None) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ana"))
    return client
