"""The workflow that ComfyUI has written into a run's stored pictures."""

import logging
from dataclasses import dataclass

from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.media.png_texts import png_texts
from dashboard.domain.media.strip_metadata import NotStrippable
from dashboard.domain.nodes.editor_workflow import masked, read_workflow
from dashboard.domain.nodes.graph import read_graph
from dashboard.domain.text.redaction import redact
from dashboard.models import Run, StoredFile
from dashboard.services.files import file_store
from dashboard.services.files.strip_metadata import Reader
from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.json_body import read_json

log = logging.getLogger(__name__)
MOST_READ = 3  # pictures; those of a run all have the same workflow
WORKFLOW, PROMPT = "workflow", "prompt"


@dataclass(frozen=True, slots=True)
class WrittenWorkflow:
    """A workflow in its two forms, secrets masked; None where a picture does not hold one."""

    workflow: JsonObject | None = None  # as ComfyUI's editor takes it
    graph: JsonObject | None = None  # as it was executed


def written_workflow(run: Run) -> WrittenWorkflow:
    """What the first pictures of a run tell, of which we have copies. Reads only."""
    pictures = StoredFile.objects.filter(run=run, reason="", type="image/png").order_by("id")
    for stored in pictures[:MOST_READ]:
        texts = _texts(stored)
        graph, workflow = read_graph(_json(texts.get(PROMPT))), _workflow(texts)
        if workflow or graph:
            return WrittenWorkflow(masked(workflow, graph) if workflow else None, redact(graph))
    return WrittenWorkflow()


def _workflow(texts: dict[str, str]) -> JsonObject | None:
    return read_workflow(_json(texts.get(WORKFLOW)))


def _texts(stored: StoredFile) -> dict[str, str]:
    try:
        if not file_store.is_whole(stored.name, stored.length):
            return {}
        return png_texts(Reader(stored).read, stored.length, (WORKFLOW, PROMPT))
    except OSError as error:
        log.error("A stored file could not be read: %s", error)
        return {}
    except NotStrippable:  # more parts than a picture has
        return {}


def _json(text: str | None) -> JsonValue:
    try:
        return read_json(text.encode("utf-8", "replace")) if text else None
    except BadAnswer:
        return None
