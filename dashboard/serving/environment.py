"""What `serve` decides before the settings are read: access, and a demo where there is no key."""

import errno
import os
import socket

from dashboard import config

SIMULATOR_OFFSET = 901
DEMO_KEY = "demo"
DEMO_SETTINGS = {
    "UPSTREAM_RATE": "50",  # the simulator has no limit: the board fills at once
    "FOLLOW": "all",
    "BACKFILL_DAYS": "30",
    "KEEP_BACKFILL": "all",
    "KEEP_RUNS": "2000",  # a run every half a minute
}
"""What a demo has in place of the defaults."""


def prepare() -> None:
    """Writes the decisions into the environment of this process and its children."""
    host = config.text("HOST", "127.0.0.1")
    if not config.text("ACCESS") and config.is_loopback(host):
        os.environ["ACCESS"] = "open"
    os.environ["RUNBOARD_STATIC"] = "collected"
    os.environ["RUNBOARD_PARENT_PID"] = str(os.getpid())
    # glibc has a heap for each thread; with two heaps, a watcher that makes thumbnails takes
    # 50 to 60 MB instead of 77.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    choose_board()


def choose_board() -> None:
    """Chooses the demo, with a database of its own, where no API key is set."""
    if not config.text("COMFYDEPLOY_API_KEY"):
        _make_demo()


def _make_demo() -> None:
    port = free_port(config.whole("PORT", "8000", 1, 65535) + SIMULATOR_OFFSET)
    for name, value in DEMO_SETTINGS.items():
        if not config.text(name):
            os.environ[name] = value
    os.environ.update(
        RUNBOARD_DEMO="on",
        RUNBOARD_SIMULATOR_PORT=str(port),
        COMFYDEPLOY_API_URL=f"http://127.0.0.1:{port}/api",
        COMFYDEPLOY_API_KEY=DEMO_KEY,
        DATABASE_URL="sqlite:///var/demo.sqlite3",
        FILES_FOLDER="var/demo-files",
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
    """Whether something listens there; a port that was just freed counts as free.

    Raises ConfigError where the address cannot be listened on at all.
    """
    address = resolve(host)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = f"{host}:{port} cannot be listened on ({error.strerror})."
                raise config.ConfigError(f"HOST, PORT: {reason}") from None
            return True
    return False


def resolve(host: str) -> str:
    """The IP address of a HOST that may be a name."""
    try:
        return str(socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError):
        expected = "an address of this machine, such as 127.0.0.1 or 0.0.0.0"
        raise config.refuse("HOST", host, expected) from None
