"""What a page says where a run's workflow is not known."""

UNKNOWN = {
    "headline": "Workflow not known",
    "text": "No stored PNG of this run holds its workflow, and ComfyDeploy's answer about the "
    "workflow version has none that ComfyUI's editor opens.",
}
