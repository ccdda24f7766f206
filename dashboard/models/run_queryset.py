"""Which runs: querysets in the domain's words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable

if TYPE_CHECKING:
    from dashboard.models.run import Run  # noqa: F401

FAILED = ("failed", "timeout")


class RunQuerySet(models.QuerySet["Run"]):
    def seen(self) -> RunQuerySet:
        """Runs that ComfyDeploy has answered for at least once."""
        return self.filter(status__isnull=False)

    def lock(self) -> list[int]:
        """Locks these runs until the transaction ends; returns their keys.

        In the order of the keys, as everywhere, so that no two processes wait for each other.
        """
        rows = self.select_for_update(of=("self",)).order_by("pk")
        return list(rows.values_list("pk", flat=True))

    def unfetched(self) -> RunQuerySet:
        """Past runs that are known from a list alone and still to be fetched whole."""
        return self.filter(
            finished=True, observed_at=None, next_refresh_at=None, failures=0
        ).newest()

    def live(self) -> RunQuerySet:
        return self.filter(finished=False, status__isnull=False)

    def newest(self) -> RunQuerySet:
        return self.order_by("-sorted_at", "-id")

    def after(self, sorted_at: datetime, pk: int) -> RunQuerySet:
        """The rows after a key of `newest()`: pages far down cost no more than the first."""
        return self.filter(sorted_at__lte=sorted_at).filter(
            Q(sorted_at__lt=sorted_at) | Q(sorted_at=sorted_at, id__lt=pk)
        )

    def before(self, sorted_at: datetime, pk: int) -> RunQuerySet:
        return self.filter(sorted_at__gte=sorted_at).filter(
            Q(sorted_at__gt=sorted_at) | Q(sorted_at=sorted_at, id__gt=pk)
        )

    def due(self, now: datetime | Combinable) -> RunQuerySet:
        """Runs whose refresh is due and that are not claimed."""
        return self.filter(next_refresh_at__lte=now).unclaimed(now)

    def unclaimed(self, now: datetime | Combinable) -> RunQuerySet:
        return self.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))

    def removable(self) -> RunQuerySet:
        """Runs that retention may remove: finished and not starred.

        Left out are timeouts that ComfyDeploy assumes and that are still refreshed:
        such a run may go on.
        """
        may_go_on = Q(status="timeout", ended_at=None, next_refresh_at__isnull=False)
        return self.filter(finished=True, starred=False).exclude(may_go_on)

    def attention(self) -> RunQuerySet:
        return self.filter(status__in=FAILED)

    def alike(self, workflow_id: str, gpu: str | None, start_kind: str) -> RunQuerySet:
        """Finished runs of one workflow, GPU and start kind."""
        same_gpu = Q(gpu__isnull=True) if gpu is None else Q(gpu=gpu)
        return self.filter(same_gpu, finished=True, workflow_id=workflow_id, start_kind=start_kind)

    def cold(self) -> RunQuerySet:
        return self.filter(start_kind="cold")
