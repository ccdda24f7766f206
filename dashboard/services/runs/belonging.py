"""What a run belongs to beside its names: the environment, a batch, a followed workflow."""

from dataclasses import dataclass
from uuid import UUID

from dashboard.domain.listing import WORKFLOW
from dashboard.models import Deployment, Follow, Run
from dashboard.services.remembered import Remembered
from dashboard.services.runs import batches
from dashboard.services.runs.batches import Place


@dataclass(frozen=True, slots=True)
class Belonging:
    """Empty and None where there is none, or none is known."""

    environment: str = ""
    place: Place | None = None


def belonging_of(run: Run) -> Belonging:
    """What may change without the run's version; one query each, none where it has neither."""
    return Belonging(environment_of(run), batches.place_of(run))


def environment_of(run: Run) -> str:
    """The environment of a run's deployment; "" where it is not known."""
    deployment = as_uuid(run.deployment_id)
    if deployment is None:
        return ""
    found = Deployment.objects.filter(pk=deployment).values_list("environment", flat=True)
    return found.first() or ""


_ENVIRONMENTS: Remembered[str, dict[str, str]] = Remembered(seconds=30, most=1)


def environments() -> dict[str, str]:
    """The environment of each deployment that has one, as of the last half minute."""
    return _ENVIRONMENTS.get("", _read_environments)


def _read_environments() -> dict[str, str]:
    known = Deployment.objects.exclude(environment="").values_list("pk", "environment")
    return {str(pk): environment for pk, environment in known}


def forget() -> None:
    """Drops what was read of another database."""
    _ENVIRONMENTS.forget()


def follows_workflow(run: Run) -> bool:
    """Whether the run's workflow is followed, or cannot be."""
    workflow = as_uuid(run.workflow_id)
    if workflow is None:
        return True
    return Follow.objects.followed().filter(kind=WORKFLOW, target=workflow).exists()


def as_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
