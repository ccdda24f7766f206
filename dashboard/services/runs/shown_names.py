"""What workflows and deployments are called where they stand in rows of their own. Reads only."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count

from dashboard.domain.listing import DEPLOYMENT, WORKFLOW
from dashboard.models import Deployment, Name, Workflow


@dataclass(frozen=True, slots=True)
class Shown:
    """One of them: its name ("" where unknown) and what ComfyDeploy's lists tell of it."""

    name: str = ""
    environment: str = ""  # of a deployment
    deployments: int = 0  # of a workflow
    workflow_id: str = ""  # of a deployment
    gone: bool = False  # its deletion was noticed


@dataclass(frozen=True, slots=True)
class Known:
    """Names and lists for a set of them: four queries, however many they are."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    workflows: dict[UUID, Workflow] = field(default_factory=dict)
    deployments: dict[UUID, Deployment] = field(default_factory=dict)
    counts: dict[UUID, int] = field(default_factory=dict)

    def show(self, kind: str, target: UUID) -> Shown:
        text = self.texts.get((kind, str(target)), "")
        if kind == WORKFLOW:
            workflow = self.workflows.get(target)
            return Shown(
                name=text or (workflow.name if workflow else ""),
                deployments=self.counts.get(target, 0),
                gone=workflow is not None and workflow.deleted_at is not None,
            )
        deployment = self.deployments.get(target)
        return self._deployment(deployment, text) if deployment else Shown(text)

    def _deployment(self, row: Deployment, text: str) -> Shown:
        """Most are named after their workflow and environment; that stands beside the name."""
        name = (text or row.name).removesuffix(f", {row.environment}")
        workflow = self.workflows.get(row.workflow_id) if row.workflow_id else None
        if workflow and name in ("", row.environment):
            name = workflow.name
        return Shown(
            name=name,
            environment=row.environment,
            workflow_id=str(row.workflow_id or ""),
            gone=row.deleted_at is not None,
        )


def known(keys: Collection[tuple[str, UUID]]) -> Known:
    """What is known of these (kind, ID)."""
    ids = {kind: [target for each, target in keys if each == kind] for kind, _ in keys}
    named = Name.objects.filter(kind__in=ids, upstream_id__in=[str(each) for _, each in keys])
    deployments = Deployment.objects.in_bulk(ids.get(DEPLOYMENT, []))
    above = [row.workflow_id for row in deployments.values() if row.workflow_id]
    there = Deployment.objects.filter(deleted_at=None, workflow_id__in=ids.get(WORKFLOW, []))
    counts = there.order_by().values_list("workflow_id").annotate(Count("pk"))
    return Known(
        texts={(row.kind, row.upstream_id): row.text for row in named},
        workflows=Workflow.objects.in_bulk([*ids.get(WORKFLOW, []), *above]),
        deployments=deployments,
        counts={workflow_id: count for workflow_id, count in counts if workflow_id},
    )
