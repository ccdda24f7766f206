"""Costs of stored runs, worked out in the background, newest first.

All are where one was never stored (after an update or a restore), and where a price is new.
"""

import logging
from collections.abc import Callable, Sequence

from dashboard.models import Run, RunQuerySet
from dashboard.models.bulk_update import update_rows
from dashboard.models.keys import key_list
from dashboard.services.machines import costs, prices
from dashboard.services.walks import TURN, Place, Walk

log = logging.getLogger(__name__)
WALK = Walk("costs")
BATCH = 200
"""Runs in one transaction: some 30 ms, so that writers hardly wait."""


def work_out(stop: Callable[[], bool] = lambda: False, seconds: float = TURN) -> int:
    """Works out the costs of runs, for up to `seconds`; returns of how many.

    One process at a time. Writes only, and asks ComfyDeploy nothing.
    """
    rules = f"{costs.COST_RULES}-{prices.fingerprint()}"
    done = WALK.go_on(rules, _work_out, stop, seconds)
    if done:
        log.info("The costs of %s runs were worked out.", done)
    return done


def _work_out(runs: RunQuerySet) -> Sequence[Place]:
    places = list(runs.newest().values_list("sorted_at", "pk")[:BATCH])
    # Locked first, as everywhere: what is being stored at this moment is waited for.
    keys = Run.objects.filter(pk__in=key_list(pk for _, pk in places)).lock()
    changed = costs.put(list(Run.objects.filter(pk__in=key_list(keys)).only(*costs.NEEDED)))
    update_rows(Run, [(run.pk, {costs.COLUMN: run.cost_micros}) for run in changed])
    return places
