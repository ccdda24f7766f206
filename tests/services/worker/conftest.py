"""ComfyDeploy as scripted bytes, and keepers of its feed that end with the test."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings

from tests.services.worker.feed_keeping import Kept
from tests.wire import Step, Wire


@pytest.fixture
def wire(settings: LazySettings) -> Iterator[Callable[..., Wire]]:
    """Starts a server of scripted bytes that is ComfyDeploy."""
    started: list[Wire] = []

    def start(*script: Step | bytes) -> Wire:
        made = Wire(*script)
        started.append(made.__enter__())
        settings.COMFYDEPLOY_API_URL = made.url
        return made

    yield start
    for made in started:
        made.__exit__(None, None, None)


@pytest.fixture
def kept() -> Iterator[Callable[..., Kept]]:
    made: list[Kept] = []

    def make(name: str = "a") -> Kept:
        made.append(Kept(name))
        return made[-1]

    yield make
    for each in made:
        each.keeper.end()
