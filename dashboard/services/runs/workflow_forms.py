"""A run's workflow in its two forms: as ComfyUI's editor takes it, and as it is executed."""

from dataclasses import dataclass
from enum import StrEnum

from dashboard.domain.json_types import JsonObject
from dashboard.domain.nodes.graph import read_graph
from dashboard.models import Payload, Run, WorkflowVersion
from dashboard.services.files.png_workflow import written_workflow
from dashboard.services.runs import versions


class Source(StrEnum):
    """Where a form was found."""

    PICTURE = "picture"  # one of the run's own outputs
    VERSION = "version"  # the workflow version that it ran
    RUN = "run"  # ComfyDeploy's answer about the run


@dataclass(frozen=True, slots=True)
class Form:
    value: JsonObject
    source: Source


@dataclass(frozen=True, slots=True)
class WorkflowForms:
    """None where a form is not known; secrets are masked."""

    editor: Form | None = None
    graph: Form | None = None
    version: WorkflowVersion | None = None


def workflow_forms(run: Run) -> WorkflowForms:
    """What is known of a run's workflow. Reads only."""
    written, version = written_workflow(run), versions.version_of(run)
    told = read_graph(Payload.state_of(run).get("workflow_api"))
    return WorkflowForms(
        editor=_first(
            (written.workflow, Source.PICTURE),
            (version.workflow if version else None, Source.VERSION),
        ),
        graph=_first(
            (told, Source.RUN),
            (version.graph if version else None, Source.VERSION),
            (written.graph, Source.PICTURE),
        ),
        version=version,
    )


def _first(*found: tuple[JsonObject | None, Source]) -> Form | None:
    return next((Form(value, source) for value, source in found if value), None)
