"""What the machines, workflows and versions of many runs are called."""

from collections.abc import Iterable, Mapping

from dashboard.domain.filters.fields import MACHINE, VERSION, WORKFLOW
from dashboard.domain.insights.runs import InsightRun
from dashboard.models import Name
from dashboard.services import clock
from dashboard.services.runs import directory

Names = Mapping[tuple[str, str], str]
SHORT = 8  # characters of an ID without a name
AT_ONCE = 1_000


def names_of(runs: Iterable[InsightRun]) -> dict[tuple[str, str], str]:
    """The names by (kind, ID); of an ID without a name its beginning."""
    keys = {
        (kind, upstream_id)
        for run in runs
        for kind, upstream_id in (
            (MACHINE, run.machine),
            (WORKFLOW, run.workflow),
            (VERSION, run.version),
        )
        if upstream_id
    }
    ids = sorted({upstream_id for _, upstream_id in keys})
    known: dict[tuple[str, str], str] = {}
    for first in range(0, len(ids), AT_ONCE):
        rows = Name.objects.filter(upstream_id__in=ids[first : first + AT_ONCE]).exclude(text="")
        for kind, upstream_id, text in rows.values_list("kind", "upstream_id", "text"):
            known[kind, upstream_id] = text
    listed = directory.texts(keys - known.keys(), clock.now())
    return {key: known.get(key) or listed.get(key) or key[1][:SHORT] for key in keys}
