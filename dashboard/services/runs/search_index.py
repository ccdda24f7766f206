"""The index of the full-text search: what a run is found by, written with what changes it."""

import json
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction

from dashboard.domain.nodes.graph import NodeTitles, read_titles
from dashboard.domain.run.facts import StoredError
from dashboard.domain.search.run_texts import RunTexts
from dashboard.domain.search.tokens import document
from dashboard.models import Run, SearchDocument
from dashboard.models.run import shown_error
from dashboard.models.search_sources import Source, sources_of
from dashboard.presentation.run.headline import node_of
from dashboard.services.runs import versions

AT_ONCE = 500  # runs whose texts are in memory together
MOST_TITLES = 500  # of a run's nodes; more would leave no room for its inputs


class _Row(NamedTuple):
    """The columns of a run that are read; its whole object would take longer to make than all."""

    pk: int
    status: str | None
    finished: bool
    inputs: object
    prompt: str
    workflow_name: str
    workflow_version_id: str | None
    error: StoredError | None
    list_error: StoredError | None
    log_error: StoredError | None

    @property
    def shown_error(self) -> StoredError | None:
        return shown_error(self.status, self.error, self.list_error, self.log_error)


SEARCHED = frozenset(
    {"inputs", "prompt", "workflow_id", "error", "error_digest", "finished", "status"}
    | {"workflow_version_id"}
)
"""The columns that, with outputs and labels, may change what a run is found by."""

Beside = dict[Source, list[str]]


def index_runs(keys: Collection[int]) -> int:
    """Stores the documents of these runs where they have changed; returns how many had.

    To be called in the transaction that changes the runs, after it has locked or written their
    rows: then two processes never store an older document over a newer one. A constant number
    of queries for 500 runs.
    """
    wanted = sorted(keys)
    if not wanted:
        return 0
    with transaction.atomic():
        return sum(
            SearchDocument.write(documents(wanted[first : first + AT_ONCE]))
            for first in range(0, len(wanted), AT_ONCE)
        )


def remove(keys: Collection[int]) -> None:
    """Forgets these runs; to be called in the transaction that removes them, before it does."""
    SearchDocument.remove(keys)


def documents(keys: Collection[int]) -> dict[int, list[str]]:
    """The tokens of these runs, by their keys, as they are to be stored."""
    return {pk: document(texts.masked()) for pk, texts in texts_of(keys).items()}


def texts_of(keys: Collection[int]) -> dict[int, RunTexts]:
    """The texts of these runs, by their keys; of those that exist."""
    beside: dict[int, Beside] = defaultdict(lambda: defaultdict(list))
    for source, pk, text in sources_of(keys):
        beside[pk][source].append(text)
    rows = Run.objects.filter(pk__in=keys).values_list(*_Row._fields)
    runs = [_Row(*row) for row in rows]
    used = {run.workflow_version_id for run in runs if run.finished and run.workflow_version_id}
    titles = versions.titles_by_version(used)
    return {
        run.pk: _texts(run, beside[run.pk], titles.get(run.workflow_version_id or ""))
        for run in runs
    }


def _texts(run: _Row, beside: Beside, titles: NodeTitles | None) -> RunTexts:
    return RunTexts(
        inputs=run.inputs,
        prompt=run.prompt,
        workflow=next(iter(beside[Source.WORKFLOW]), run.workflow_name),
        error=run.shown_error,
        labels=tuple(beside[Source.LABEL]),
        files=tuple(beside[Source.FILE]),
        nodes=_nodes(run, beside, titles or _own_titles(beside)) if run.finished else (),
    )


def _own_titles(beside: Beside) -> NodeTitles:
    """The titles in the graph that ComfyDeploy's answer about the run has."""
    for answer in beside[Source.GRAPH]:
        return read_titles(json.loads(answer).get("workflow_api"))
    return NodeTitles()


def _nodes(run: _Row, beside: Beside, titles: NodeTitles) -> tuple[str, ...]:
    """The classes of an ended run's nodes and their titles, each once."""
    error = run.shown_error or {}
    nodes = [*_ran(beside), (error.get("node_id"), error.get("node_type"))]
    kinds = [kind for _, kind in nodes[:-1] if kind]
    named = dict.fromkeys(title for node in nodes for title in titles.of(*node))
    return (*dict.fromkeys(kinds), *list(named)[:MOST_TITLES])


def _ran(beside: Beside) -> list[tuple[object, str]]:
    """ID and class of the nodes that ran: as they were reported, else as they were seen."""
    for reported in beside[Source.NODES]:
        return [(node.get("id"), str(node.get("type") or "")) for node in json.loads(reported)]
    return [(None, node_of(text) or "") for text in beside[Source.LOOK]]
