"""How long machines stay warm, as ComfyDeploy last told it."""

from collections.abc import Iterable

from dashboard.domain.insights.runs import InsightRun
from dashboard.models import UsedMachine

AT_ONCE = 1_000


def stays_warm(runs: Iterable[InsightRun]) -> dict[str, float]:
    """The idle timeouts of these runs' machines in seconds; those that are not known are absent."""
    ids = sorted({run.machine for run in runs if run.machine})
    found: dict[str, float] = {}
    for first in range(0, len(ids), AT_ONCE):
        rows = UsedMachine.objects.filter(pk__in=ids[first : first + AT_ONCE])
        known = rows.exclude(idle_timeout=None).values_list("pk", "idle_timeout")
        found.update({pk: float(seconds) for pk, seconds in known if seconds is not None})
    return found
