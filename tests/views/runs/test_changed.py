"""What changed since the last good run: on the page, alone as a part, and in the JSON."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Run
from tests.builders import answer, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(now: datetime) -> Run:
    """A run that failed with more frames, after a good one that had fewer."""
    inputs = {"frames": 96, "prompt": "over forested hills"}
    store(answer(created=now - timedelta(hours=1), workflow_inputs=inputs, gpu="L40S"), now)
    bad = {"frames": 121, "prompt": "over layered mountains"}
    return store(answer(created=now, status="failed", workflow_inputs=bad, gpu="A10G"), now)


def panel_of(page: str) -> str:
    panel = page.partition('id="changed"')[2].partition("</section>")[0]
    return re.sub(r"<(ins|del)\s+>", r"<\1>", panel)


def test_a_failed_run_says_what_differs_and_claims_no_cause(ana: Client, failed: Run) -> None:
    page = ana.get(failed.get_absolute_url()).content.decode()
    panel = panel_of(page)
    assert "What changed since the last good run" in panel
    assert "<ins>A10G</ins>" in panel and "+25" in panel
    assert "<del>forested hills</del>" in panel and "<ins>layered mountains</ins>" in panel
    assert "doesn’t say which of them is the cause" in panel
    assert panel_of(ana.get(f"{failed.get_absolute_url()}changed/").content.decode()) == panel


def test_a_good_run_has_no_panel_and_none_in_its_json(ana: Client, now: datetime) -> None:
    run = store(answer(created=now), now)
    assert "What changed" not in ana.get(run.get_absolute_url()).content.decode()
    assert ana.get(f"/runs/{run.uuid}.json").json()["changed"] is None


def icons_of(panel: str) -> list[str]:
    return re.findall(r"icons[^#]*#(\w+)", panel.partition("<thead>")[2].partition("</thead>")[0])


def test_each_run_has_the_icon_of_its_end(ana: Client, failed: Run, now: datetime) -> None:
    assert icons_of(panel_of(ana.get(failed.get_absolute_url()).content.decode())) == [
        "done",
        "failed",
    ]
    late = store(answer(created=now, status="timeout"), now)
    assert icons_of(panel_of(ana.get(late.get_absolute_url()).content.decode())) == [
        "done",
        "timeout",
    ]


def test_a_slow_run_is_compared_with_the_last_good_run(ana: Client, now: datetime) -> None:
    for n in range(1, 13):
        store(answer(created=now - timedelta(hours=n)), now)
    slow = {"run_duration": 99.0, "duration": 140.0}
    run = store(answer(created=now, workflow_inputs={"seed": 42, "prompt": "a dog"}, **slow), now)
    store(answer(created=now - timedelta(minutes=2), status="failed"), now)
    page = ana.get(run.get_absolute_url()).content.decode()
    assert "What changed since the last good run" in " ".join(page.split())
    assert icons_of(panel_of(page)) == ["done", "clock"]
    other = store(answer(created=now - timedelta(minutes=1)), now)
    assert "What changed" not in ana.get(other.get_absolute_url()).content.decode()


def test_without_a_good_run_before_it_says_so(ana: Client, now: datetime) -> None:
    run = store(answer(created=now, status="failed"), now)
    page = " ".join(ana.get(run.get_absolute_url()).content.decode().split())
    assert "No run of this workflow has succeeded here before" in page


def test_the_json_tells_fields_with_both_values(ana: Client, failed: Run) -> None:
    told: dict[str, Any] = ana.get(f"/runs/{failed.uuid}.json").json()["changed"]
    good = Run.objects.get(status="success")
    assert told["since"] == str(good.uuid)
    assert {one["field"]: (one["from"], one["to"]) for one in told["what"]} == {
        "gpu": ("L40S", "A10G"),
        "inputs.frames": (96, 121),
        "inputs.prompt": ("over forested hills", "over layered mountains"),
    }
    assert told["unknown"] == ["machine_version"]
