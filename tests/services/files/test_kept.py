"""What is kept of a run's files: the stricter of two settings for runs of before the start."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.models import StoredFile
from dashboard.services.files.kept import keep_at
from dashboard.services.runs import board
from tests.builders import NOON
from tests.stored_files import copy_all, counted, picture, prepare, run_with
from tests.wire import Wire, answer

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("outputs", "backfill", "before", "since"),
    [
        ("all", "all", "all", "all"),
        ("all", "thumbnails", "thumbnails", "all"),
        ("all", "none", "none", "all"),
        ("thumbnails", "all", "thumbnails", "thumbnails"),
        ("thumbnails", "thumbnails", "thumbnails", "thumbnails"),
        ("thumbnails", "none", "none", "thumbnails"),
        ("none", "all", "none", "none"),
        ("none", "thumbnails", "none", "none"),
        ("none", "none", "none", "none"),
    ],
)
def test_the_stricter_setting_wins_for_runs_of_before_the_first_start(
    settings: Any, outputs: str, backfill: str, before: str, since: str
) -> None:
    settings.KEEP_OUTPUTS, settings.KEEP_BACKFILL = outputs, backfill
    assert keep_at(NOON - MINUTE) == outputs  # nothing was started yet
    board.start(NOON)
    assert keep_at(NOON - MINUTE) == before
    assert keep_at(NOON) == keep_at(NOON + MINUTE) == since


@pytest.mark.parametrize(
    ("backfill", "started", "reasons"),
    [
        ("all", NOON + MINUTE, [""]),
        ("thumbnails", NOON + MINUTE, ["thumbnail"]),
        ("none", NOON + MINUTE, []),
        ("none", NOON - MINUTE, [""]),
        ("thumbnails", NOON - MINUTE, [""]),
    ],
)
def test_files_are_copied_as_that_says(
    settings: Any, tmp_path: Path, backfill: str, started: Any, reasons: list[str]
) -> None:
    board.start(started)
    body = picture(900, 900)
    with Wire(answer(body)) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin, KEEP_BACKFILL=backfill)
        run_with(f"{origin}/a.png")
        copy_all()
    assert [one.reason for one in StoredFile.objects.all()] == reasons
    assert (counted() >= len(body)) is (reasons == [""])
