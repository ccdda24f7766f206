"""The machine's limit for a live run, in words."""

import pytest

from dashboard.domain.run.usual import PastRun, Usual, usual_of
from dashboard.presentation.format import THIN
from dashboard.presentation.run.limit_text import limit_text
from tests.timed_run import at, done, live


def usual(*seconds: float) -> Usual:
    past = [
        PastRun(pk=n, done=True, queue_wait=1.0, cold_start=1.0, run=each, total=each + 2)
        for n, each in enumerate(seconds)
    ]
    return usual_of(past, start_kind="warm", gpu="H100")


def test_a_run_that_has_begun_names_the_moment() -> None:
    told = limit_text(live(), 300, None)
    assert told and told.text.replace(THIN, " ") == "The machine’s limit is 5 min"
    assert (told.at, told.warning) == (at(308.7), "")
    waiting = limit_text(live("not-started", started_at=None), 90, None)
    assert waiting and waiting.at is None


@pytest.mark.parametrize(
    ("seconds", "warning"),
    [
        ([50.0] * 10, ""),
        ([50.0] * 5 + [320.0] * 5 + [330.0], "The usual run takes 5 m 20 s and would not fit."),
        (
            [50.0] * 8 + [400.0] * 2,
            "One in ten of the usual runs takes over 6 m 40 s and would not fit.",
        ),  # noqa: E501
        ([400.0] * 3, ""),  # too few to say
    ],
)
def test_a_warning_where_the_usual_run_would_not_fit(seconds: list[float], warning: str) -> None:
    told = limit_text(live(), 300, usual(*seconds))
    assert told and told.warning.replace(THIN, " ").replace("\u00a0", " ") == warning


@pytest.mark.parametrize(("run", "limit"), [(live(), None), (done(), 300)])
def test_nothing_where_there_is_no_limit(run: object, limit: int | None) -> None:
    assert limit_text(run, limit, None) is None  # type: ignore[arg-type]
