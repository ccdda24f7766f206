"""A batch's progress in words and as a bar."""

import pytest

from dashboard.domain.run.batch import Progress
from dashboard.presentation.run.batch import batch_text


def progress(**given: object) -> Progress:
    counts = dict.fromkeys(("finished", "done", "failed", "cancelled", "waiting", "unread"), 0)
    return Progress(**{"size": 20, "total": None, "run": None, **counts, **given})


@pytest.mark.parametrize(
    ("given", "headline", "parts"),
    [
        ({"waiting": 20}, "0 of 20 finished", ["20 waiting"]),
        (
            {"finished": 14, "done": 12, "failed": 2, "waiting": 3},
            "14 of 20 finished, 2 failed",
            ["12 done", "2 failed", "3 running", "3 waiting"],
        ),
        ({"finished": 20, "done": 20}, "20 of 20 finished", ["20 done"]),
        (
            {"finished": 2, "cancelled": 1, "waiting": 18},
            "2 of 20 finished",
            ["1 cancelled", "1 ended otherwise", "18 waiting"],
        ),
    ],
)
def test_words_and_bar_tell_the_same(given: dict, headline: str, parts: list[str]) -> None:
    text = batch_text(progress(**given))
    assert text.headline == headline
    assert [part.text for part in text.parts] == parts
    widths = [float(part.width.rstrip("%")) for part in text.parts]
    assert sum(widths) == pytest.approx(100)
    assert [float(part.x.rstrip("%")) for part in text.parts] == pytest.approx(
        [sum(widths[:at]) for at in range(len(widths))]
    )


def test_title_medians_and_what_is_unread() -> None:
    text = batch_text(progress(total=44.9, run=12.3, unread=3))
    assert (text.title, text.unread) == ("Batch of 20 runs", "3 still to be read")
    assert (text.total, text.run) == ("44.9\u202fs", "12.3\u202fs")
    assert batch_text(progress(size=1)).title == "Batch of 1 run"
