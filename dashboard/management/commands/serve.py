"""Serves Runboard: the web server, the watcher and, without a key, the simulator."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dashboard import __version__
from dashboard.services import marks
from dashboard.serving import demo
from dashboard.serving.environment import in_use
from dashboard.serving.supervisor import Child, Supervisor, python

MIGRATING = 0x72756E62  # any number that nothing else locks


class Command(BaseCommand):
    help = "Serves Runboard with its watcher in the foreground (what `make run` calls)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if in_use(settings.HOST, settings.PORT):
            self.stderr.write(f"Port {settings.PORT} is in use. Take another one:")
            self.stderr.write(f"PORT={settings.PORT + 1} make run")
            sys.exit(1)
        migrate()
        collect_static()
        connection.close()
        supervisor = Supervisor(children())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: supervisor.stop())
        supervisor.start()
        self._in_background(self._announce, supervisor.stopping)
        if settings.MARK:
            port = int(os.environ["RUNBOARD_SIMULATOR_PORT"])
            self._in_background(demo.feed, port, supervisor.stopping)
        else:
            self._in_background(self._tell_key)
        supervisor.run()

    def _in_background(self, work: Any, *args: Any) -> None:
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
        self.stdout.flush()

    def _tell_key(self) -> None:
        self.stdout.write(marks.check_key())
        self.stdout.flush()
        connection.close()


def children() -> list[Child]:
    found = [
        Child(
            "web server", python("-m", "dashboard.serving.web", settings.HOST, str(settings.PORT))
        )
    ]
    if settings.WATCH:
        found.append(Child("watcher", python("manage.py", "watch")))
    if settings.MARK:
        port = os.environ["RUNBOARD_SIMULATOR_PORT"]
        found.insert(0, Child("simulator", python("manage.py", "simulate", "--port", port)))
    return found


def migrate() -> None:
    """Brings the database up to date; nothing is done where it already is."""
    with one_machine_at_a_time():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def one_machine_at_a_time() -> Iterator[None]:
    """Machines that start together over one PostgreSQL migrate it one after the other."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def collect_static() -> None:
    """Hashed and compressed copies of the static files, made again only when one changed."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    state = static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(state)


def static_state() -> str:
    digest = sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()
