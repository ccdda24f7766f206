"""Runs the simulated ComfyDeploy in the foreground."""

import ipaddress
import threading

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.serving.lifeline import end_with_parent
from dashboard.simulator import Simulator
from dashboard.simulator.feed import MODES
from dashboard.simulator.workflows import MAX_WORKFLOWS, WORKFLOWS
from dashboard.simulator.workspace import LISTS, Workspace


class Command(BaseCommand):
    help = "Simulates ComfyDeploy on this computer: GET run, and the files of its runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
        parser.add_argument("--port", type=int, default=8901, help="0 takes any free port")
        parser.add_argument(
            "--speed", type=float, default=1.0, help="10: runs live ten times as fast"
        )
        parser.add_argument("--key", default="demo", help="the API key it accepts")
        parser.add_argument(
            "--new-every", type=float, default=30.0, help="seconds between new runs"
        )
        parser.add_argument("--live", type=int, default=4, help="how many may run at once")
        parser.add_argument(
            "--workflows", type=int, default=len(WORKFLOWS), help="how many the workspace has"
        )
        parser.add_argument(
            "--forbid",
            action="append",
            default=[],
            choices=LISTS,
            help="what the key may not read; may be repeated",
        )
        parser.add_argument(
            "--feed", default="normal", choices=MODES, help="how the live feed behaves"
        )
        parser.add_argument(
            "--list-lag", type=float, default=0.0, help="seconds that lists of runs are behind"
        )

    def handle(
        self,
        *,
        host: str,
        port: int,
        speed: float,
        key: str,
        new_every: float,
        live: int,
        workflows: int,
        forbid: list[str],
        feed: str,
        list_lag: float,
        **_: object,
    ) -> None:
        end_with_parent()
        if not _is_loopback(host):
            raise CommandError("The simulator listens on this computer only: --host 127.0.0.1")
        if speed <= 0 or new_every < 1 or live < 1:
            raise CommandError("--speed must be above 0, --new-every and --live at least 1.")
        if not 0 < workflows <= MAX_WORKFLOWS or list_lag < 0:
            raise CommandError(f"--workflows goes from 1 to {MAX_WORKFLOWS}, --list-lag from 0.")
        simulator = Simulator(
            port,
            key,
            host=host,
            speed=speed,
            new_every=new_every,
            live=live,
            workspace=Workspace(workflows, set(forbid)),
        )
        simulator.feed.mode, simulator.list_lag = feed, list_lag
        try:
            simulator.up()
        except OSError as error:
            raise CommandError(f"Port {port} cannot be used: {error.strerror}.") from None
        self.stdout.write(f"The simulated ComfyDeploy is at {simulator.url}")
        self.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            simulator.down()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
