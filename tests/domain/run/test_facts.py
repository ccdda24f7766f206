"""Facts: their phases, and what is not known."""

import json

from dashboard.domain.run.facts import PHASES
from tests.timed_run import bare, done


def test_every_phase_is_a_field_of_a_run() -> None:
    assert all(getattr(done(), phase) is not None for phase in PHASES)
    assert all(getattr(bare("success"), phase) is None for phase in PHASES)


def test_phases_are_plain_names_in_json() -> None:
    assert json.loads(json.dumps(dict.fromkeys(PHASES, 1))) == dict.fromkeys(
        ("queue_wait", "cold_start", "before_run", "run", "total"), 1
    )
