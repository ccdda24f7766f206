"""A workflow in its two forms, and a picture that ComfyUI has written it into."""

import copy
import io
import json
from typing import Any

from django.utils import timezone
from PIL import Image, PngImagePlugin

from dashboard.models import Run, WorkflowVersion
from dashboard.services.runs import versions

SECRET = "FAKE-not-a-key"
WORKFLOW: dict[str, Any] = {
    "nodes": [
        {
            "id": 11,
            "type": "ComfyUIDeployExternalText",
            "widgets_values": ["prompt", "a default", "Prompt", ""],
        },
        {"id": 12, "type": "Upload", "widgets_values": [SECRET, "kept"]},
    ],
    "links": [],
    "version": 0.4,
}
GRAPH: dict[str, Any] = {
    "11": {"class_type": "ComfyUIDeployExternalText", "inputs": {"input_id": "prompt"}},
    "12": {"class_type": "Upload", "inputs": {"api_key": SECRET, "folder": "kept"}},
}


def titled(title: str) -> dict[str, Any]:
    """The workflow, told from others by its title."""
    return {**copy.deepcopy(WORKFLOW), "extra": {"title": title}}


def noted_picture(**texts: object) -> bytes:
    """A PNG with these texts, as JSON unless they are text."""
    info = PngImagePlugin.PngInfo()
    for name, value in texts.items():
        info.add_text(name, value if isinstance(value, str) else json.dumps(value))
    out = io.BytesIO()
    Image.new("RGB", (16, 16)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def store_version(run: Run, **told: Any) -> WorkflowVersion:
    """The version of a run's workflow, as ComfyDeploy tells it."""
    sent = {"version": 8, "workflow": titled("version"), "workflow_api": GRAPH, **told}
    assert run.workflow_version_id
    versions.store(run.workflow_version_id, json.dumps(sent).encode(), timezone.now())
    return WorkflowVersion.objects.get(pk=run.workflow_version_id)
