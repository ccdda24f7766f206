"""Where ComfyDeploy's own site shows a run."""

from urllib.parse import urlsplit
from uuid import UUID

API_HOST, SITE = "api.comfydeploy.com", "https://app.comfydeploy.com"


def web_address(api_url: str, workflow_id: str | None, run_id: UUID) -> str | None:
    """The run's page on ComfyDeploy's site.

    None on a self-hosted API, whose site is not known, and for a run without a workflow.
    """
    if urlsplit(api_url).hostname != API_HOST:
        return None
    try:
        workflow = UUID(workflow_id or "")
    except ValueError:
        return None
    return f"{SITE}/workflows/{workflow}/requests?run-id={run_id}"
