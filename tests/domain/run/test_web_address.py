"""The address of a run on ComfyDeploy's own site."""

from uuid import UUID

import pytest

from dashboard.domain.run.web_address import web_address
from dashboard.domain.text.run_ids import find_run_ids

RUN, WORKFLOW = UUID("7c1e9f42-3b0a-4d1e-9a57-2f6d0c88e1b4"), "2ca3f0a3-9056-4e34-a0f1-edc4786b7985"
OWN = "https://api.comfydeploy.com/api"


@pytest.mark.parametrize("api", [OWN, "https://API.comfydeploy.com:443/api"])
def test_it_names_workflow_and_run_and_reads_back_as_the_run(api: str) -> None:
    address = web_address(api, WORKFLOW, RUN)
    assert address == f"https://app.comfydeploy.com/workflows/{WORKFLOW}/requests?run-id={RUN}"
    assert find_run_ids(address).ids == (RUN,)


@pytest.mark.parametrize(
    ("api", "workflow"),
    [
        ("https://comfy.example.com/api", WORKFLOW),
        ("http://127.0.0.1:8001/api", WORKFLOW),
        ("https://api.comfydeploy.com.example.com/api", WORKFLOW),
        (OWN, None),
        (OWN, ""),
        (OWN, "javascript:alert(1)"),
    ],
)
def test_without_a_known_site_or_workflow_there_is_none(api: str, workflow: str | None) -> None:
    assert web_address(api, workflow, RUN) is None
