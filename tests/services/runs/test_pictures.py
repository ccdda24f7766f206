"""Which stored picture stands for a run in a list."""

from typing import Any

import pytest

from dashboard.models import Run, StoredFile
from dashboard.services.runs.pictures import first_pictures, unfit_links
from tests.builders import answer, element, store

pytestmark = pytest.mark.django_db


def stored(run: Run, place: str, **columns: Any) -> StoredFile:
    identity = columns.pop("identity", place)
    return StoredFile.objects.create(run=run, identity=identity, place=place, **columns)


def test_the_first_image_or_thumbnail_of_each_run() -> None:
    one, other, none = store(answer()), store(answer()), store(answer())
    stored(one, "a", reason="", inline=True, type="text/plain")
    image = stored(one, "b", reason="", inline=True, type="image/png")
    stored(one, "c", reason="", inline=True, type="image/png")
    video = stored(other, "d", reason="size", type="video/mp4", thumb_size=900)
    stored(none, "e", reason="waiting")
    found = sorted(first_pictures([one.pk, other.pk, none.pk]))
    assert found == [(image.pk, one.pk, one.uuid), (video.pk, other.pk, other.uuid)]


def test_a_link_is_unfit_where_its_copy_is_no_image_or_too_large() -> None:
    run = store(answer(outputs=[element(f"{name}.png") for name in "abcd"]))
    bad, good, large, waiting = run.outputs.all()
    stored(run, "a", identity=bad.identity, reason="", type="text/html")
    stored(run, "b", identity=good.identity, reason="", type="image/png", inline=True)
    stored(run, "c", identity=large.identity, reason="too-big")
    stored(run, "d", identity=waiting.identity, reason="waiting")
    assert unfit_links([run.pk]) == {bad.url, large.url}
