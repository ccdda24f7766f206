"""Few outputs one by one or as a grid: what is offered, and that the choice is kept."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Run
from tests.builders import answer, element, store

pytestmark = pytest.mark.django_db
LARGE = "tiles is-large"


def made(now: datetime, number: int, **given: Any) -> Run:
    return store(
        answer(created=now, outputs=[element(f"p{n}.png") for n in range(number)], **given)
    )


def page(client: Client, run: Run, query: str = "") -> str:
    return client.get(run.get_absolute_url() + query).content.decode()


@pytest.mark.parametrize(
    ("number", "large", "strip"), [(0, False, False), (1, True, False), (12, True, True)]
)
def test_up_to_twelve_are_shown_one_by_one(
    ana: Client, now: datetime, number: int, large: bool, strip: bool
) -> None:
    text = page(ana, made(now, number))
    assert (LARGE in text, 'class="filmstrip"' in text) == (large, strip)
    assert ("outputs=grid" in text) == strip  # nothing to choose for one


def test_more_are_a_grid_and_so_are_those_of_a_failed_run(ana: Client, now: datetime) -> None:
    for run in (made(now, 13), made(now, 3, status="failed")):
        text = page(ana, run)
        assert LARGE not in text and "outputs=grid" not in text


def test_a_choice_is_kept_for_the_next_page(ana: Client, now: datetime) -> None:
    first, second = made(now, 3), made(now, 4)
    assert LARGE not in page(ana, first, "?outputs=grid")
    assert LARGE not in page(ana, second)
    part = ana.get(f"{second.get_absolute_url()}outputs/?outputs=large").content.decode()
    assert LARGE in part and "outputs/?outputs=large" in part
    assert LARGE in page(ana, first)


@pytest.mark.parametrize("word", ["", "GRID", "<b>", "all"])
def test_another_word_is_no_choice(ana: Client, now: datetime, word: str) -> None:
    response = ana.get(f"{made(now, 3).get_absolute_url()}?outputs={word}")
    assert LARGE in response.content.decode() and "outputs" not in response.cookies
