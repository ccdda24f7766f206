"""How long a run may take on its machine. Reads only."""

from collections.abc import Iterable

from dashboard.domain.run.values import parse_uuid
from dashboard.models import Deployment, Run, UsedMachine


def run_limit(run: Run) -> int | None:
    """The seconds after which the machine of a live run times it out; None where not known.

    A fluid deployment has a limit of its own, which is not known here.
    """
    if run.finished or not run.machine_id:
        return None
    rows = UsedMachine.objects.filter(pk=run.machine_id, run_timeout__gt=0)
    seconds = rows.values_list("run_timeout", flat=True).first()
    return None if seconds is None or is_fluid(run.deployment_id) else seconds


def is_fluid(deployment_id: str | None) -> bool:
    """Whether a deployment has an image, settings and containers of its own."""
    return deployment_id in fluid_of([deployment_id])


def fluid_of(deployments: Iterable[str | None]) -> set[str]:
    """Those of these deployments that have; one query, none where there are none."""
    ids = {text: found for text in deployments if text and (found := parse_uuid(text))}
    rows = Deployment.objects.filter(pk__in=ids.values(), fluid=True).values_list("pk", flat=True)
    fluid = set(rows) if ids else set()
    return {text for text, found in ids.items() if found in fluid}
