"""A PostgreSQL for the tests: found, and databases of their own made in it.

`python -m tests.postgres` prints its address, or says why there is none.
"""

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

OWN = "runboard_tests"


def candidates() -> Iterator[str]:
    """The address that is given, else a server on this computer that lets us in."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    for role in dict.fromkeys((getpass.getuser(), "postgres")):
        yield f"postgres://{role}@127.0.0.1:5432/postgres"


def find() -> str:
    """An address whose role may make databases; SystemExit with a sentence where there is none."""
    why = ""
    for url in candidates():
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=3) as server:
                name = urlsplit(url).path.strip("/")
                return url if name != "postgres" else with_name(url, _own(server))
        except psycopg.Error as error:
            why = str(error).strip().splitlines()[-1]
    raise SystemExit(f"No PostgreSQL lets us make databases (TEST_DATABASE_URL): {why}")


def _own(server: psycopg.Connection) -> str:
    if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWN]).fetchone():
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(OWN)))
    return OWN


def with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def fresh_database() -> Iterator[str]:
    """The address of an empty database, for processes of their own; gone afterwards."""
    base, name = os.environ["TEST_DATABASE_URL"], f"runboard_{uuid4().hex[:12]}"
    database = sql.Identifier(name)
    with psycopg.connect(base, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(database))
        try:
            yield with_name(base, name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


if __name__ == "__main__":
    sys.stdout.write(find() + "\n")
