"""What the costs of runs divide by and are made of, beside their rows. Reads only."""

from collections.abc import Iterable

from django.db.models import Q

from dashboard.domain.insights.runs import InsightRun
from dashboard.domain.run.queue_split import MACHINE_AND_COMFYUI
from dashboard.domain.text.labels import TAG
from dashboard.models import Label, Run, UpstreamUser
from dashboard.models.keys import OneOf

AT_ONCE = 1_000


def tags_of(runs: Iterable[InsightRun]) -> dict[int, tuple[str, ...]]:
    """The tags of these runs, by their keys, of those that have any. One query.

    A tag is one however it is written, and written as it was last.
    """
    labels = Label.objects.filter(Q(OneOf([run.id for run in runs], "run_id")), kind=TAG)
    texts: dict[str, str] = {}
    found: dict[int, list[str]] = {}
    for pk, key, text in labels.order_by("-id").values_list("run_id", "folded", "text"):
        found.setdefault(pk, []).append(texts.setdefault(key, text))
    return {pk: tuple(tags) for pk, tags in found.items()}


def boots_of(runs: Iterable[InsightRun]) -> dict[int, float]:
    """The seconds of a machine's boot that are paid for as start-up, as `start_up_seconds` has it.

    They are in the queue of runs in optimised runners. One query.
    """
    keys = [run.id for run in runs if run.cost_micros is not None and run.cold_start is not None]
    booted = Run.objects.filter(Q(OneOf(keys)), queue_kind=MACHINE_AND_COMFYUI, boot__gt=0)
    return {pk: boot for pk, boot in booted.values_list("pk", "boot") if boot is not None}


def people_of(runs: Iterable[InsightRun]) -> dict[str, str]:
    """The names by ID of those who started these runs, as far as they are known."""
    ids = sorted({run.user for run in runs if run.user})
    found: dict[str, str] = {}
    for first in range(0, len(ids), AT_ONCE):
        named = UpstreamUser.objects.filter(pk__in=ids[first : first + AT_ONCE]).exclude(name="")
        found |= dict(named.values_list("pk", "name"))
    return found
