"""Open pages learn that copies came: they go on asking until there is nothing to wait for."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Run, StoredFile
from dashboard.services.runs import board
from dashboard.services.sharing import share_links
from tests.builders import person
from tests.stored_files import copy_all, picture, prepare, run_with
from tests.wire import Wire, answer

pytestmark = pytest.mark.django_db
TAG = re.compile(r'hx-ptag="([^"]+)"')
EVERY = re.compile(r'hx-trigger="every (\d+)s"')


def poll(client: Client, address: str, tag: str = "") -> Any:
    headers = {"HX-Request": "true", "HX-PTag": tag}
    return client.get(f"{address}live/", headers=headers)


def tag_in(page: str) -> str:
    found = TAG.search(page)
    assert found is not None
    return found[1]


def reader(run: Run) -> str:
    scopes = frozenset({"outputs"})
    _, token = share_links.make(
        run, person("ben"), scopes=scopes, title="", life="1", now=timezone.now()
    )
    return f"/s/{token}/"


@pytest.mark.parametrize("shared", [False, True])
def test_one_poll_tells_that_the_copies_came(
    settings: Any, tmp_path: Path, ana: Client, shared: bool
) -> None:
    with Wire(answer(picture())) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run = run_with(f"{origin}/a.png")
        client, address = (Client(), reader(run)) if shared else (ana, run.get_absolute_url())
        page = client.get(address).content.decode()
        assert EVERY.search(page) is not None
        assert "Ended, copying files" in page or shared
        tag = tag_in(page)
        assert poll(client, address, tag).status_code == 304
        copy_all()
    told = poll(client, address, tag)
    assert told.status_code == 200
    assert "outputs-changed" in told.headers["HX-Trigger"]
    assert EVERY.search(told.content.decode()) is None
    assert "files/" in client.get(f"{address}outputs/").content.decode()


def test_a_page_does_not_wait_for_ever(settings: Any, tmp_path: Path, ana: Client) -> None:
    prepare(settings, tmp_path)
    run = run_with("https://bucket.example/a.png")
    later = StoredFile.objects.all()
    for observed, next_at, asks in (
        (timedelta(minutes=29), timedelta(seconds=30), True),
        (timedelta(minutes=31), timedelta(seconds=30), False),
        (timedelta(minutes=1), timedelta(hours=1), False),
    ):
        now = timezone.now()
        ended = dict.fromkeys(("ended_at", "first_seen_at"), now - observed)
        Run.objects.update(**ended, observed_at=now, next_refresh_at=None)
        later.update(next_at=now + next_at)
        page = poll(ana, run.get_absolute_url()).content.decode()
        assert (EVERY.search(page) is not None) is asks, observed


def test_with_keeping_turned_off_nothing_is_waited_for(settings: Any, ana: Client) -> None:
    settings.KEEP_OUTPUTS = "none"
    run = run_with("https://bucket.example/a.png")
    page = ana.get(run.get_absolute_url()).content.decode()
    assert EVERY.search(page) is None


def test_a_page_says_why_such_a_file_is_not_copied(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    prepare(settings, tmp_path, KEEP_BACKFILL="none")
    board.start(timezone.now())
    run = run_with("https://bucket.example/a.bin")
    page = ana.get(run.get_absolute_url()).content.decode()
    assert "from before Runboard&#x27;s first start aren&#x27;t copied" in page
    assert "turned off" not in page
    Run.objects.update(sorted_at=timezone.now() + timedelta(minutes=1), version=9)
    assert "first start" not in ana.get(run.get_absolute_url()).content.decode()
