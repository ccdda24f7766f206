"""Runs from made-up answers, read by the real reader and never stored."""

import json
from datetime import datetime
from uuid import UUID

from dashboard.domain.run.facts import RunFacts
from dashboard.models import Run
from dashboard.styleguide.payloads import Payload
from dashboard.upstream.reader import read_run


def run_of(payload: Payload, now: datetime) -> tuple[Run, RunFacts]:
    """The run as it would be stored, and the facts of its answer."""
    facts = read_run(json.dumps(payload).encode(), UUID(str(payload["id"])))
    run = Run(uuid=facts.id, first_seen_at=now, sorted_at=now, observed_at=now)
    run.apply_facts(facts, now)
    run.output_count = len(facts.outputs)
    return run, facts
