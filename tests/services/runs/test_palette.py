"""What the command palette finds: workflows by the beginning of a word, the newest runs."""

from datetime import timedelta

import pytest

from dashboard.domain.filters.query import parse
from dashboard.domain.listing import WORKFLOW
from dashboard.models import Name, Run
from dashboard.services.runs import palette, run_pages
from dashboard.services.runs.run_filter import RunFilter
from tests.builders import NOON, answer, store

pytestmark = pytest.mark.django_db


def named(*texts: str) -> None:
    for text in texts:
        Name.objects.create(kind=WORKFLOW, upstream_id=f"id of {text}", text=text, next_at=NOON)


def test_workflows_are_found_by_the_beginning_of_a_word() -> None:
    named("lighthouse-flux", "Packshot Studio", "flux", "upscale", "")
    assert [found.name for found in palette.workflows("FLU")] == ["flux", "lighthouse-flux"]
    assert palette.workflows("use-flux") == [] and palette.workflows("") == ()


@pytest.mark.parametrize("text", ["École", "école", "ÉCOLE", "ecole", "E\u0301cole"])
def test_workflows_are_found_in_any_case_of_any_letters(text: str) -> None:
    named("École du soir", "Vieille_ÉCOLE", "ÜBER-Straße")
    assert [found.name for found in palette.workflows(text)] == ["École du soir", "Vieille_ÉCOLE"]
    assert [found.name for found in palette.workflows("über")] == ["ÜBER-Straße"]
    assert [found.name for found in palette.workflows("STRASSE")] == ["ÜBER-Straße"]


def test_the_first_workflows_are_the_same_on_every_database() -> None:
    named("b", "B 2", "a b", "A B", "b_1", "É b", "zu b")
    found = [found.name for found in palette.workflows("B")]
    assert found == ["A B", "a b", "b", "B 2", "b_1"]


def test_letters_that_do_not_count_find_no_workflow() -> None:
    named("flux")
    assert palette.workflows("\u00ad") == ()


def test_runs_are_the_newest_of_a_filter_and_none_without_one() -> None:
    for _ in range(palette.MOST + 1):
        store(answer(gpu="H100"))
    assert len(palette.runs(RunFilter(query=parse([("q", "gpu:H100")])))) == palette.MOST
    assert palette.runs(RunFilter(query=parse([("q", "gpu:L40S")]))) == []
    assert palette.runs(RunFilter()) == ()


@pytest.mark.parametrize("text", ["gpu:H100,L40S", "total:>=0", "cat", "-dog", "cat gpu:H100"])
def test_runs_come_newest_first_however_they_are_found(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [
        store(answer(gpu=gpu, created=NOON + timedelta(minutes=n)))
        for n in range(8)
        for gpu in ["L40S" if n % 3 == 0 and "L40S" in text else "H100"]
    ]
    Run.objects.update(total=1)
    wanted = [run.pk for run in reversed(runs)][: palette.MOST]
    for near in (run_pages.NEAR, 2):
        monkeypatch.setattr(run_pages, "NEAR", near)
        found = palette.runs(RunFilter(query=parse([("q", text)])))
        assert [run.pk for run in found] == wanted
