"""When the first run of a version was created, of all runs known here. Reads only."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Subquery

from dashboard.domain.filters.fields import VERSION
from dashboard.domain.insights.runs import InsightRun
from dashboard.models import Name, Run

AT_ONCE = 1_000


def first_runs(runs: Iterable[InsightRun]) -> dict[str, datetime]:
    """By version, of those that have a name. One query for a thousand versions.

    The first run of each is looked up in the index, as its runs may be very many.
    """
    versions = sorted({run.version for run in runs if run.version is not None})
    own = Run.objects.filter(workflow_version_id=OuterRef("upstream_id"), created_at__isnull=False)
    first = own.order_by("sorted_at", "id").values("created_at")[:1]
    found: dict[str, datetime] = {}
    for begin in range(0, len(versions), AT_ONCE):
        named = Name.objects.filter(kind=VERSION, upstream_id__in=versions[begin : begin + AT_ONCE])
        rows = named.annotate(first=Subquery(first)).values_list("upstream_id", "first")
        found |= {version: at for version, at in rows if at is not None}
    return found
