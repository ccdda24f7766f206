"""The simulator, scripted, for what fetches."""

from collections.abc import Iterator

import pytest

from dashboard.simulator import Simulator


@pytest.fixture
def upstream(settings) -> Iterator[Simulator]:  # type: ignore[no-untyped-def]
    with Simulator(port=0, key="test-key") as simulator:
        settings.COMFYDEPLOY_API_URL = simulator.url
        yield simulator
