"""What every test may ask for."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from dashboard.services import clock, database_health
from dashboard.services.comfydeploy import client, gate, shared_state
from dashboard.services.files import kept
from dashboard.services.machines import stories
from dashboard.services.runs import (
    alike_errors,
    belonging,
    filter_counts,
    history,
    labels,
    next_nodes,
    nodes,
    same_inputs,
    since_good,
    usual,
)
from dashboard.views import fragment_cache
from tests.patience import SLOW_TEST

SAMPLES = Path(__file__).parent / "samples"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(SLOW_TEST))
    if os.environ.get("TEST_DATABASE_URL"):
        return
    without = pytest.mark.skip(reason="needs a PostgreSQL: TEST_DATABASE_URL is not set")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(without)


COMMON = hypothesis_settings(
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# The same few examples on every run and machine, and (make test-slow) many that nobody saw before.
hypothesis_settings.register_profile("quick", COMMON, derandomize=True, max_examples=25)
hypothesis_settings.register_profile(
    "explore", COMMON, derandomize=False, max_examples=100, print_blob=True
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(autouse=True)
def _empty_caches() -> Iterator[None]:
    """No process memory reaches from one test into the next."""
    fragment_cache.forget()
    shared_state._last_written.clear()
    gate.forget()
    database_health.record_success()
    client.client.cache_clear()
    usual.forget()
    labels.forget()
    history.forget()
    kept.forget()
    stories.forget()
    nodes.forget()
    next_nodes.forget()
    same_inputs.forget()
    since_good.forget()
    alike_errors.forget()
    belonging.forget()
    filter_counts.forget()
    clock._synchronized_at = time.monotonic()  # no query more than a test counts
    yield


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
