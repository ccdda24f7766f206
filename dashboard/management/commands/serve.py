"""Serves Runboard: the web server, the watcher and, without a key, the simulator."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from urllib.request import urlopen

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from dashboard import __version__
from dashboard.services.accounts import first_admin, public_address
from dashboard.services.comfydeploy import shared_state
from dashboard.serving.environment import in_use, resolve
from dashboard.serving.schema import migrate
from dashboard.serving.supervisor import Child, Supervisor, python


class Command(BaseCommand):
    help = "Serves Runboard with its watcher in the foreground (what `make run` calls)."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        if in_use(settings.HOST, settings.PORT):
            self.stderr.write(f"Port {settings.PORT} is in use. Take another one:")
            self.stderr.write(f"PORT={settings.PORT + 1} make run")
            sys.exit(1)
        migrate()
        public_address.remember_address()
        collect_static()
        connection.close()
        supervisor = Supervisor(children())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: supervisor.stop())
        supervisor.start()
        self._in_background(self._announce, supervisor.stopping)
        if not settings.MARK:
            self._in_background(self._print_key_check)
        supervisor.run()

    def _in_background(self, work: Callable[..., None], *args: object) -> None:
        threading.Thread(target=work, args=args, daemon=True).start()

    def _announce(self, stopping: threading.Event) -> None:
        host = "127.0.0.1" if settings.HOST in {"0.0.0.0", "::"} else settings.HOST  # noqa: S104
        probe = f"http://{f'[{host}]' if ':' in host else host}:{settings.PORT}/healthz"
        while not stopping.wait(0.05):
            try:
                with urlopen(probe, timeout=2):  # noqa: S310
                    break
            except OSError:
                continue
        else:
            return
        self.stdout.write(f"Runboard {__version__} is at {settings.PUBLIC_URL}/")
        if settings.MARK:
            self.stdout.write(settings.MARK)
        self._print_first_admin_code()
        self.stdout.flush()

    def _print_first_admin_code(self) -> None:
        """Prints the code that makes the first admin, while there is no account."""
        code = "" if settings.ACCESS == "open" else first_admin.new_code()
        connection.close()
        if code:
            self.stdout.write(
                f"There is no account yet. Open {settings.PUBLIC_URL}/welcome/ "
                f"and make the first admin with this code, which works once: {code}"
            )

    def _print_key_check(self) -> None:
        self.stdout.write(shared_state.check_key())
        self.stdout.flush()
        connection.close()


def children() -> list[Child]:
    """The child processes that the settings ask for."""
    processes = [
        Child(
            "web server",
            python("-m", "dashboard.serving.web", resolve(settings.HOST), str(settings.PORT)),
        )
    ]
    if settings.WATCH:
        processes.append(Child("watcher", python("manage.py", "watch")))
    if settings.MARK:
        port = os.environ["RUNBOARD_SIMULATOR_PORT"]
        processes.insert(0, Child("simulator", python("manage.py", "simulate", "--port", port)))
    return processes


def collect_static() -> None:
    """Collects the static files, hashed and compressed, if any has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    state = static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(state)


def static_state() -> str:
    """A digest of all static files' paths, sizes and times of change."""
    digest = sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda entry: entry[0]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()
