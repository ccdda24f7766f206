"""A workspace as discovery stores it: workflows, deployments, and what is followed of them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from dashboard.models import Deployment, DirectoryList, Follow, Workflow

NAMES = (
    *("lighthouse-flux", "packshot-studio", "storyboard-video", "upscale-4k", "portrait-relight"),
    *("texture-tiles", "logo-reveal", "background-swap", "inpaint-hands", "style-transfer-v2"),
    *("flux-lora-test", "old-sdxl-demo"),
)


def listed(now: datetime, **given: object) -> DirectoryList:
    """The list of workflows, read whole, unless told otherwise."""
    row = {"next_at": now, "started_at": now, "listed_at": now, **given}
    made, _ = DirectoryList.objects.update_or_create(name="workflows", defaults=row)
    return made


def workflow(now: datetime, name: str = "lighthouse-flux", *environments: str) -> UUID:
    """A workflow with a deployment in each of these environments."""
    made = Workflow.objects.create(uuid=uuid4(), name=name, seen_at=now)
    for environment in environments:
        Deployment.objects.create(
            uuid=uuid4(), seen_at=now, workflow_id=made.pk, environment=environment
        )
    return made.pk


def followed(target: UUID, now: datetime, **given: object) -> Follow:
    """The follow of a workflow that was listed, its past runs too, unless told otherwise."""
    row = {
        "since": now,
        "next_at": now,
        "answered_at": now,
        "history_from": now - timedelta(days=7),
        "history_done_at": now,
        **given,
    }
    return Follow.objects.create(kind="workflow", target=target, **row)


def twelve(now: datetime) -> list[UUID]:
    """The workspace of the pictures: all followed, the last two without a run in 30 days."""
    listed(now)
    deployed = {0: ("production",), 1: ("staging", "production"), 2: ("production",)}
    ids = [workflow(now, name, *deployed.get(at, ())) for at, name in enumerate(NAMES)]
    ages = [*(timedelta(hours=at * at) for at in range(10)), timedelta(days=56), None]
    for target, age in zip(ids, ages, strict=True):
        followed(target, now, newest_at=now - age if age is not None else None)
    return ids
