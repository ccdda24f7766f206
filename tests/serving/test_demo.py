"""The demo's feeder: what is listed is taken, and the board stays bounded."""

from datetime import timedelta
from uuid import uuid4

import pytest

from dashboard.models import Run
from dashboard.serving import demo
from tests.builders import NOON

pytestmark = pytest.mark.django_db


def test_new_ids_are_taken_once_newest_first() -> None:
    ids = [uuid4() for _ in range(3)]
    demo.track_newest(ids)
    demo.track_newest(ids)
    assert list(Run.objects.order_by("pk").values_list("uuid", flat=True)) == ids


def test_past_300_the_oldest_that_is_not_listed_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "MAX_RUNS", 5)
    listed = [uuid4() for _ in range(2)]
    unlisted = [uuid4() for _ in range(3)]
    for age, run_id in enumerate([*unlisted, *listed]):
        at = NOON - timedelta(days=age)
        Run.objects.create(uuid=run_id, first_seen_at=at, sorted_at=at)
    fresh = uuid4()
    demo.track_newest([fresh, *listed])
    left = set(Run.objects.values_list("uuid", flat=True))
    assert left == {fresh, *listed, *unlisted[:2]}
