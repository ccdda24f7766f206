"""How long a run may take on its machine. Reads only."""

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
    deployment = parse_uuid(deployment_id)
    return deployment is not None and Deployment.objects.filter(pk=deployment, fluid=True).exists()
