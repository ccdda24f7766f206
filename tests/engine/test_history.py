"""Past runs: read in minutes, and never at the cost of a run that somebody looks at."""

import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median

import pytest

from tests.engine.stage import Stage, by_run
from tests.engine.test_viewers import Crowd
from tests.engine.upstream import PAST
from tests.groups import BUSY

pytestmark = [BUSY, pytest.mark.slow]

RUNS, OPENED, VIEWERS, FOLLOWED = 600, 4, 20, 500
RATE = 30  # requests a second, of which past runs have half at most
LONGEST = 120.0  # seconds


def list_past_runs(made: Stage, count: int) -> None:
    """Stores past runs as a list tells of them."""
    made.shell(
        "from datetime import UTC, datetime, timedelta\n"
        "from dashboard.domain.listing import ListedRun\n"
        "from dashboard.services.runs.listed import take\n"
        "from dashboard.upstream.reader import facts_of\n"
        "from tests.engine.upstream import PAST, body_of, run_id\n"
        f"numbers = range(PAST, PAST + {count})\n"
        "rows = [(run_id(n), json.loads(body_of(n, 0.0)[1])) for n in numbers]\n"
        "read = [(i, facts_of({**row, 'outputs': None}, i, 'success', 5.0)) for i, row in rows]\n"
        "take([ListedRun(i, 'success', facts=f) for i, f in read], datetime.now(UTC))"
    )


def follow_lists(made: Stage, count: int) -> None:
    """Follows so many workflows, each of which had runs within the hour and is listed already."""
    made.shell(
        "from datetime import UTC, datetime, timedelta\n"
        "from uuid import uuid4\n"
        "from dashboard.models import Follow\n"
        "now = datetime.now(UTC)\n"
        "Follow.objects.bulk_create([Follow(kind='workflow', target=uuid4(), since=now,\n"
        "    answered_at=now, newest_at=now - timedelta(minutes=5), next_at=now + timedelta(\n"
        f"    seconds=n)) for n in range({count})])"
    )


def left(made: Stage) -> int:
    return int(
        made.shell(
            "from dashboard.models import Run\n"
            "print(Run.objects.filter(finished=True, observed_at=None).count())"
        )
    )


def test_opened_runs_are_asked_for_every_2_s_while_past_runs_are_read(
    stage: Callable[..., Stage], database: str
) -> None:
    made = stage(database, UPSTREAM_RATE=str(RATE))
    made.upstream.set(hold=600, delay=0.2)
    list_past_runs(made, RUNS)
    follow_lists(made, FOLLOWED)
    assert left(made) == RUNS
    port = made.web()
    made.watcher()
    began = time.monotonic()
    Crowd(port, VIEWERS, OPENED).watch(30)
    while left(made):
        assert time.monotonic() - began < LONGEST
        time.sleep(2)
    made.end_processes()
    asked = by_run(made.upstream.log()[1])
    lists = [at for at, _ in made.upstream.lists()]
    lists = [at for at in lists if at > lists[0] + 10]  # without those that waited for the watcher
    waited = 10  # lists at most, for a machine that was busy with other things
    assert len(lists) <= 1.1 * (max(lists) - min(lists)) + waited  # a second, for all 500
    for run in range(OPENED):
        during = [each.at for each in asked[run] if each.at < asked[run][0].at + 30]
        assert 1.9 <= median(b - a for a, b in pairwise(during)) <= 2.6
    past = [each.at for run, log in asked.items() if run >= PAST for each in log]
    assert len(past) == RUNS  # each once
    assert RUNS / (max(past) - min(past)) <= 1.1 * RATE / 2
    assert "Traceback" not in made.said("watcher")
