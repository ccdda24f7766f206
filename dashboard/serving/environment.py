"""What `serve` decides before the settings are read: access, and a demo where there is no key."""

import os
import socket

from dashboard import config

SIMULATOR_OFFSET = 901
DEMO_KEY = "demo"


def prepare() -> None:
    """Puts the decisions into the environment, for this process and its children."""
    host = config.text("HOST", "127.0.0.1")
    if not config.text("ACCESS") and config.is_loopback(host):
        os.environ["ACCESS"] = "open"
    os.environ["RUNBOARD_STATIC"] = "collected"
    os.environ["RUNBOARD_PARENT_PID"] = str(os.getpid())
    if not config.text("COMFYDEPLOY_API_KEY"):
        _make_demo()


def _make_demo() -> None:
    port = free_port(int(config.number("PORT", "8000", 1, 65535)) + SIMULATOR_OFFSET)
    os.environ.update(
        RUNBOARD_DEMO="on",
        RUNBOARD_SIMULATOR_PORT=str(port),
        COMFYDEPLOY_API_URL=f"http://127.0.0.1:{port}/api",
        COMFYDEPLOY_API_KEY=DEMO_KEY,
        DATABASE_URL="sqlite:///var/demo.sqlite3",
    )


def free_port(wanted: int) -> int:
    """The wanted port, or the next one that nothing listens on."""
    for port in range(wanted, min(wanted + 100, 65536)):
        if not in_use("127.0.0.1", port):
            return port
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


def in_use(host: str, port: int) -> bool:
    """Whether something listens there; a port that was just freed counts as free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
