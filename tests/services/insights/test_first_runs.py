"""When versions were first seen, however long ago."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.domain.filters.fields import VERSION
from dashboard.models import Name
from dashboard.services.insights.first_runs import first_runs
from tests.builders import answer, store
from tests.domain.insights.histories import insight_run

pytestmark = pytest.mark.django_db


def test_the_first_run_of_all_counts(now: datetime, django_assert_max_num_queries: Any) -> None:
    for version in ("old", "new"):
        Name.objects.update_or_create(kind=VERSION, upstream_id=version, defaults={"text": "v1"})
    for days, version in ((90, "old"), (2, "old"), (5, "new"), (1, "new"), (9, "other")):
        created = now - timedelta(days=days)
        store(answer(created=created, workflow_version_id=version))
    runs = [insight_run(version=name) for name in ("old", "new", "never", None)]
    with django_assert_max_num_queries(1):
        found = first_runs(runs)
    assert found == {"old": now - timedelta(days=90), "new": now - timedelta(days=5)}
    assert first_runs([]) == {}
