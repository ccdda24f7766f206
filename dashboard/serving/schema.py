"""Brings the database up to date before anything reads it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from dashboard.config import ConfigError

LOCK_KEY = 0x72756E62  # any number that nothing else locks


def migrate() -> None:
    """Applies missing migrations; raises ConfigError where the database does not answer."""
    try:
        with migration_lock():
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ConfigError(f"DATABASE_URL: the database does not answer: {reason}") from None


@contextmanager
def migration_lock() -> Iterator[None]:
    """Held by one machine at a time, where several start together over one PostgreSQL."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])
