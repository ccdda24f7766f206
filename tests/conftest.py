"""What every test may ask for."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from dashboard.services import door, manners, marks, storage
from dashboard.views import kept

SAMPLES = Path(__file__).parent / "samples"

hypothesis_settings.register_profile(
    "runboard",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("runboard")


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """No process memory reaches from one test into the next."""
    kept._parts.clear()
    kept._bytes = 0
    marks._written.clear()
    manners.forget()
    storage.worked()
    door.client.cache_clear()
    yield


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def find_chromium() -> str | None:
    """The browser that CHROMIUM names, or one on the PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if path := shutil.which(name):
            return path
    return None
