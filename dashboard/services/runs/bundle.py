"""A reproduction bundle: what is known for running a run again, as a small zip."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zipfile import ZipFile

from dashboard.models import Run
from dashboard.presentation import bundle_readme
from dashboard.presentation.bundle_readme import BundleFacts
from dashboard.presentation.run.fields import json_text
from dashboard.services.files.archive import zip_info
from dashboard.services.runs.bundle_facts import Told, outputs_of, versions_of
from dashboard.services.runs.workflow_forms import Form, Source, WorkflowForms, workflow_forms

NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)  # the same bundle has the same bytes
NOTES = {
    Source.PICTURE: bundle_readme.FROM_PICTURE,
    Source.VERSION: bundle_readme.FROM_VERSION,
    Source.RUN: bundle_readme.FROM_RUN,
}


def bundle(run: Run, title: str) -> bytes:
    """The zip, built in memory: no file of an output is in it. Reads only."""
    held = io.BytesIO()
    with ZipFile(held, "w") as archive:
        for name, text in bundle_files(run, title).items():
            body = text.encode("utf-8", "replace")
            archive.writestr(zip_info(name, NO_TIME, packed=True), body)
    return held.getvalue()


def bundle_files(run: Run, title: str) -> dict[str, str]:
    """The bundle's files by name; those of which nothing is known are absent."""
    forms = workflow_forms(run)
    versions, outputs = versions_of(run, forms.version), outputs_of(run)
    found: dict[str, object] = {
        bundle_readme.WORKFLOW: forms.editor and forms.editor.value,
        bundle_readme.GRAPH: forms.graph and forms.graph.value,
        bundle_readme.INPUTS: run.inputs,
        bundle_readme.VERSIONS: versions,
        bundle_readme.OUTPUTS: outputs if run.fetched else None,
    }
    held = {name: json_text(value, indent=2) for name, value in found.items() if value is not None}
    facts = _facts(run, title, forms, versions, outputs)
    return {bundle_readme.README: bundle_readme.readme(replace(facts, files=[*held])), **held}


def _facts(
    run: Run, title: str, forms: WorkflowForms, versions: dict[str, Any], outputs: list[Told]
) -> BundleFacts:
    machine = versions.get("machine", {})
    settings = machine.get("settings", {})
    return BundleFacts(
        title=title,
        run_id=str(run.uuid),
        status=run.status or "unknown",
        finished=run.finished,
        workflow_note=_note(forms.editor),
        graph_note=_note(forms.graph),
        has_build=bool(settings.get("build")),
        same_machine_version=_same(machine.get("version_id"), settings.get("machine_version_id")),
        fluid=versions.get("deployment", {}).get("fluid") is True,
        gpu=versions.get("gpu"),
        unhashed=sum(output["sha256"] is None for output in outputs),
    )


def _note(form: Form | None) -> str:
    return NOTES[form.source] if form else ""


def _same(one: str | None, other: str | None) -> bool | None:
    return one == other if one and other else None
