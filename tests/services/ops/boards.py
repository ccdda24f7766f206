"""A board to back up, and what is in a backup and a database."""

import gzip
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from dashboard.domain.run.marks import PICKED
from dashboard.models import (
    Board,
    Container,
    DefaultView,
    Deployment,
    Machine,
    OutputMark,
    Price,
    Run,
    RunNodes,
    SavedView,
    Share,
    SharedRun,
    UpstreamUser,
    UsedMachine,
    Workflow,
    WorkflowDetails,
    WorkflowVersion,
)
from dashboard.services.ops import backup
from dashboard.services.runs import picks
from tests.builders import NOON, answer, element, running, store

LISTED = (Workflow, Deployment, Machine)
YOUNGER = (
    *LISTED,
    UpstreamUser,
    Container,
    UsedMachine,
    Price,
    RunNodes,
    WorkflowDetails,
    WorkflowVersion,
    SavedView,
    DefaultView,
    OutputMark,
    SharedRun,
)
"""Tables that are younger than the sample of an older backup."""


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Every stored value of every table of a backup."""
    return {
        table._meta.label_lower: list(
            table._base_manager.order_by("pk").values_list(
                *(field.attname for field in backup.columns(table))
            )
        )
        for table in backup.tables()
    }


def a_board() -> None:
    """Runs in every shape: live, starred, with outputs and numbers that floats would lose."""
    payload = running(workflow_inputs={"seed": 2**62 + 1, "text": "ü\U0001f600 \u2028", "b": 1.0})
    store(payload, NOON)
    store({**payload, "progress": 0.7}, NOON + timedelta(seconds=2))
    done = store(answer(outputs=[element(), element("b.png")]))
    Run.objects.filter(pk=done.pk).update(starred=True)
    ana = User.objects.create_user("ana", password="a long password")
    for owner in (None, ana):
        view = SavedView.objects.create(
            name="Café", folded="café", query="q=%22a%22", owner=owner, by=ana, at=NOON
        )
    DefaultView.objects.create(user=ana, view=view)
    first = done.outputs.all()[0]
    picks.mark(done, first.pk, ana, NOON, choice=PICKED, rating=4)
    for number, table in enumerate(LISTED, 1):
        table.objects.create(uuid=UUID(int=number), name="lighthouse", seen_at=NOON)
    UpstreamUser.objects.create(id="user_ana", name="Ana", picture="UklGRg==")
    Board.objects.create(first_started_at=NOON)
    Container.objects.create(id=UUID(int=9), machine_id="m", open=True, listed_at=NOON)
    RunNodes.objects.create(run=done, reported=[{"id": "3", "seconds": 1.5}], read_at=NOON)
    graph = {"3": {"class_type": "KSampler", "inputs": {"seed": 2**62 + 1}}}
    WorkflowVersion.objects.create(id="v", graph=graph, workflow={"nodes": []}, read_at=NOON)
    WorkflowDetails.objects.create(workflow_id="w", next_at=NOON)
    UsedMachine.objects.create(id="m", next_at=NOON, idle_timeout=60, build={"type": "x"})
    sheet = Share.objects.create(digest="d", title="Both", gives="outputs", made_at=NOON)
    SharedRun.objects.create(share=sheet, run=done, position=0)
    price = Decimal("0.0023380001")
    Price.objects.create(gpu="H100", per_second=price, told_at=NOON, checked_at=NOON)


def lines(path: Path) -> list[Any]:
    with gzip.open(path, "rt") as file:
        return [json.loads(line) for line in file]
