"""A machine's containers and settings, and the prices of GPUs: their paths and readers."""

from datetime import datetime
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

from dashboard.domain.json_types import JsonObject
from dashboard.domain.machines.container import ContainerFacts, read_container
from dashboard.domain.machines.prices import read_price
from dashboard.domain.machines.settings import MachineSettings, read_settings
from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.json_body import read_json

MOST_CONTAINERS = 5000  # of a day
MOST_PRICES = 200
LONGEST_GPU = 40
PRICES_PATH = "/platform/gpu-pricing"


def containers_path(machine_id: str) -> str:
    """The path of the containers that a machine started within 24 h, newest first."""
    return f"/machine/{quote(machine_id, safe='')}/events"


def settings_path(machine_id: str) -> str:
    """The path of a machine."""
    return f"/machine/{quote(machine_id, safe='')}"


def read_containers(body: bytes, machine_id: str, now: datetime) -> tuple[ContainerFacts, ...]:
    """The containers of an answer, each once; raises BadAnswer when it is no list."""
    sent = read_json(body)
    if not isinstance(sent, list):
        raise BadAnswer("ComfyDeploy's answer is not a list of a machine's containers.")
    found: dict[UUID, ContainerFacts] = {}
    for row in sent[:MOST_CONTAINERS]:
        if isinstance(row, dict) and (one := read_container(row, machine_id, now)):
            found.setdefault(one.id, one)
    return tuple(found.values())


def read_machine(body: bytes) -> MachineSettings:
    """The settings of a machine; raises BadAnswer when the answer is about none."""
    return read_settings(_object(body, "about a machine"))


def read_prices(body: bytes) -> dict[str, Decimal]:
    """Dollars a second by GPU; what is no price is left out. Raises BadAnswer for no object."""
    sent = _object(body, "a list of prices")
    found = {gpu[:LONGEST_GPU]: read_price(told) for gpu, told in list(sent.items())[:MOST_PRICES]}
    return {gpu: price for gpu, price in found.items() if price is not None}


def _object(body: bytes, what: str) -> JsonObject:
    sent = read_json(body)
    if not isinstance(sent, dict):
        raise BadAnswer(f"ComfyDeploy's answer is not {what}.")
    return sent
