"""The picture of a run in a list."""

import pytest

from dashboard.models import StoredFile
from dashboard.views.runs.thumbnails import embeddable, thumbnail_urls
from tests.builders import answer, element, store

pytestmark = pytest.mark.django_db


def test_a_stored_picture_is_loaded_as_its_thumbnail() -> None:
    run, bare = store(answer()), store(answer())
    file = StoredFile.objects.create(run=run, identity="x", place="x", reason="", thumb_size=9)
    assert thumbnail_urls([run.pk, bare.pk]) == {
        run.pk: f"/runs/{run.uuid}/files/{file.pk}/small.webp?small"
    }


def test_without_one_a_link_is_loaded_by_https_or_from_the_simulator(settings) -> None:  # type: ignore[no-untyped-def]
    settings.LOCAL_FILES_ORIGIN = ""
    run = store(answer(outputs=[element()]))
    assert embeddable(run) == run.picture_url
    run.picture_url = "http://127.0.0.1:9/a.png"
    assert embeddable(run) is None
    settings.LOCAL_FILES_ORIGIN = "http://127.0.0.1:9"
    assert embeddable(run) == run.picture_url
