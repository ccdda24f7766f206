"""The sentences about an action on several runs."""

from dataclasses import dataclass, replace

import pytest

from dashboard.presentation.bulk_text import told


@dataclass(frozen=True)
class Action:
    kind: str = "tag"
    text: str = "hero"
    state: str = "done"
    total: int = 1200
    done: int = 1200
    gone: int = 0
    full: int = 0
    moved: int = 0
    bounded: bool = False


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Tagged 1,200 runs."),
        ({"state": "doing", "done": 400}, "Tagging 1,200 runs… 400 done"),
        ({"gone": 2}, "Tagged 1,198 runs. 2 runs were gone."),
        ({"gone": 1}, "Tagged 1,199 runs. 1 run was gone."),
        ({"full": 1}, "Tagged 1,199 runs. 1 run has no room for another tag."),
        ({"kind": "title"}, "Titled 1,200 runs."),
        ({"kind": "title", "text": ""}, "Removed the titles of 1,200 runs."),
        ({"kind": "star", "total": 1}, "Starred 1 run."),
        ({"kind": "unstar", "total": 2}, "Removed stars from 2 runs."),
        ({"kind": "remove", "total": 2}, "Removed 2 runs."),
        ({"total": 9, "bounded": True}, "Tagged 9 runs. One action takes the newest 9 runs."),
        ({"state": "undoing", "done": 200}, "Undoing… 200 of 1,200 runs"),
        ({"state": "undone"}, "Undone."),
        ({"state": "undone", "moved": 1, "full": 3}, "Undone. 1 run changed since and stayed."),
    ],
)  # fmt: skip
def test_what_is_said(given: dict[str, object], said: str) -> None:
    assert told(replace(Action(), **given)) == said  # type: ignore[arg-type]
