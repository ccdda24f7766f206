"""What stands beside runs' own rows and is searched with them, in one prepared statement.

Django takes longer to build these queries than the database to answer them, and an answer that
changes a run waits for it.
"""

from collections.abc import Collection
from enum import IntEnum

from django.db import connection

from dashboard.domain.listing import WORKFLOW
from dashboard.domain.text.labels import NOTE, TAG, TITLE
from dashboard.models.labels import Label
from dashboard.models.names import Name
from dashboard.models.output import Output
from dashboard.models.payload import Payload
from dashboard.models.run import Run
from dashboard.models.run_nodes import RunNodes
from dashboard.models.snapshot import Snapshot
from dashboard.models.workflow_version import WorkflowVersion


class Source(IntEnum):
    LABEL = 0  # titles, tags and notes
    FILE = 1  # names of output files
    NODES = 2  # what was reported of nodes, as JSON
    LOOK = 3  # live statuses while it ran
    WORKFLOW = 4  # the workflow's name
    GRAPH = 5  # the answer with the run's own graph, where no version's is known


Row = tuple[Source, int, str]  # with the run's key and the text

_LABEL, _FILE, _NODES, _LOOK, _RUN, _NAME, _ANSWER, _VERSION = (
    model._meta.db_table
    for model in (Label, Output, RunNodes, Snapshot, Run, Name, Payload, WorkflowVersion)
)
_ARMS = (
    f"SELECT {Source.LABEL:d}, run_id, text FROM {_LABEL}"  # noqa: S608
    f" WHERE kind IN ('{TITLE}', '{TAG}', '{NOTE}') AND run_id",
    f"SELECT {Source.FILE:d}, run_id, filename FROM {_FILE}"  # noqa: S608
    " WHERE filename IS NOT NULL AND run_id",
    f"SELECT {Source.NODES:d}, run_id, reported FROM {_NODES} WHERE run_id",  # noqa: S608
    f"SELECT {Source.LOOK:d}, run_id, live_status FROM {_LOOK}"  # noqa: S608
    " WHERE status = 'running' AND live_status IS NOT NULL AND run_id",
    f"SELECT {Source.WORKFLOW:d}, run.id, name.text FROM {_RUN} run JOIN {_NAME} name"  # noqa: S608
    f" ON name.kind = '{WORKFLOW}' AND name.upstream_id = run.workflow_id"
    " WHERE name.text <> '' AND run.id",
    f"SELECT {Source.GRAPH:d}, run.id, answer.body FROM {_RUN} run JOIN {_ANSWER} answer"  # noqa: S608
    f" ON answer.run_id = run.id LEFT JOIN {_VERSION} version"
    " ON version.id = run.workflow_version_id AND version.graph IS NOT NULL"
    """ WHERE run.finished AND version.id IS NULL AND answer.body LIKE '%%"_meta":%%' AND run.id""",
)


def sources_of(keys: Collection[int]) -> list[Row]:
    """The texts beside these runs, in an order that does not depend on the database."""
    if not keys:
        return []
    marks = f" IN ({', '.join(['%s'] * len(keys))})"
    sql = " UNION ALL ".join(arm + marks for arm in _ARMS)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*keys] * len(_ARMS))
        return sorted((Source(kind), pk, text) for kind, pk, text in cursor.fetchall())
