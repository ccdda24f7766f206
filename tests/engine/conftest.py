"""A stage for each test, on SQLite or on a PostgreSQL database of its own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from tests.engine.stage import Stage


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/engine.sqlite3"


@pytest.fixture
def postgres() -> Iterator[str]:
    """A new database beside the one that TEST_DATABASE_URL names."""
    named = os.environ.get("TEST_DATABASE_URL", "")
    if not named.startswith("postgres"):
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL")
    import psycopg
    from psycopg import sql

    name = f"runboard_engine_{uuid4().hex[:8]}"
    with psycopg.connect(named, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(urlsplit(named)._replace(path=f"/{name}"))
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """PostgreSQL where the whole run is on it (`make test-postgres`), else SQLite."""
    named = os.environ.get("TEST_DATABASE_URL", "")
    found: str = request.getfixturevalue("postgres" if named.startswith("postgres") else "sqlite")
    return found


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    stages: list[Stage] = []

    def make(database: str, **environment: str) -> Stage:
        stages.append(Stage(tmp_path, database, **environment))
        return stages[-1]

    yield make
    for each in stages:
        each.end()
