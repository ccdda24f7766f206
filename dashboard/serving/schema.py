"""Brings the database up to date before anything reads it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from dashboard.config import ConfigError

MIGRATING = 0x72756E62  # any number that nothing else locks


def migrate() -> None:
    """Nothing is done where the database is up to date; one line tells when it does not answer."""
    try:
        with one_machine_at_a_time():
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ConfigError(f"DATABASE_URL: the database does not answer: {reason}") from None


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
