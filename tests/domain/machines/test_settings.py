"""The settings of a machine, and how it was built."""

import json
from typing import Any

import pytest

from dashboard.domain.machines.settings import LONGEST_BUILD, MachineSettings, read_settings
from tests.conftest import SAMPLES


def test_a_captured_machine_tells_how_it_was_built() -> None:
    sent = json.loads((SAMPLES / "machines" / "machine.json").read_bytes())
    found = read_settings(sent)
    assert (found.idle_timeout, found.run_timeout) == (120, 600)
    build: Any = found.build
    assert build["comfyui_version"] == sent["comfyui_version"]
    assert build["docker_command_steps"] == sent["docker_command_steps"]
    assert not {"models_to_cache", "extra_args", "name", "user_id", "endpoint"} & set(build)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"gpu": None, "models_to_cache": [], "docker_command_steps": {}},
        {"docker_command_steps": "x" * LONGEST_BUILD},
    ],
)
def test_nothing_and_too_much_is_not_known(row: Any) -> None:
    assert read_settings(row) == MachineSettings()


def test_secrets_in_commands_are_masked() -> None:
    steps: Any = {"steps": [{"type": "commands", "data": "RUN wget --token FAKE-not-a-key x"}]}
    row: Any = {"docker_command_steps": steps, "extra_args": "HF_TOKEN=FAKE-not-a-key --fast"}
    told = json.dumps(read_settings(row).build)
    assert "FAKE-not-a-key" not in told
    assert "--fast" in told
