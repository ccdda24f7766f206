"""The settings of machines that runs are on: asked for once, and again daily while used."""

import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from dashboard.models import Container, UsedMachine
from dashboard.services.comfydeploy.api_requests import get_body
from dashboard.services.jitter import jittered
from dashboard.services.machines import queue_splits
from dashboard.upstream.errors import UpstreamError
from dashboard.upstream.machines import read_machine, settings_path

log = logging.getLogger(__name__)
DAY = timedelta(days=1)
USED = timedelta(days=2)  # a machine without a request for its containers since is at rest


def refresh(machine: UsedMachine, now: datetime) -> None:
    """Asks for a machine's settings and stores them; where it fails, what was known stays.

    Asks and writes; raises nothing of upstream.
    """
    try:
        told = asdict(read_machine(get_body(settings_path(machine.pk))))
    except UpstreamError as error:
        log.info("No settings of machine %s: %s.", machine.pk[:8], error.trouble)
        told = {}
    again = now + timedelta(seconds=jittered(DAY.total_seconds()))
    at_rest = machine.asked_at is not None and now - machine.asked_at > USED
    columns = {**told, "settings_at": None if at_rest else again}
    if told:
        columns["settings_of"] = now
    UsedMachine.objects.filter(pk=machine.pk).update(**columns)
    if told and told["optimised"] != machine.optimised:
        containers = Container.objects.filter(machine_id=machine.pk)
        queue_splits.split_of_containers(containers.values_list("pk", flat=True))
