"""Which layout a page of a run has."""

import pytest

from dashboard.presentation.run.page_layout import Layout, layout_of, read_layout
from tests.timed_run import bare, done, live


@pytest.mark.parametrize(
    ("status", "layout"),
    [
        ("success", Layout.DONE),
        ("failed", Layout.FAILED),
        ("timeout", Layout.FAILED),
        ("cancelled", Layout.STORY),
        ("a word of tomorrow", Layout.STORY),
    ],
)
def test_an_ended_run_has_the_layout_of_its_end(status: str, layout: Layout) -> None:
    assert layout_of(bare(status)) is layout


def test_a_live_run_is_told_in_order() -> None:
    assert layout_of(live()) is Layout.STORY
    assert layout_of(done()) is Layout.DONE


@pytest.mark.parametrize("text", [None, "", "STORY", "<b>", "done "])
def test_an_open_page_that_names_none_has_all_in_order(text: str | None) -> None:
    assert read_layout(text) is Layout.STORY


@pytest.mark.parametrize("layout", Layout)
def test_an_open_page_keeps_its_own(layout: Layout) -> None:
    assert read_layout(str(layout)) is layout
