"""Brings the database up to date before anything reads it."""

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from dashboard.config import ConfigError


def migrate() -> None:
    """Nothing is done where the database is up to date; one line tells when it does not answer."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ConfigError(f"DATABASE_URL: the database does not answer: {reason}") from None
