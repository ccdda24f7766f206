"""CPU time of all server processes for each view, signed in, beside hello."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import postgres

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "2000"))
ROUNDS = 4
LISTS = (sys.executable, "-m", "tests.bench.lists")


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="runboard-bench-"))
    os.environ.update(
        DJANGO_SETTINGS_MODULE="dashboard.settings",
        ACCESS="login",
        SECRET_KEY="bench",
        COMFYDEPLOY_API_KEY="bench",
        COMFYDEPLOY_API_URL="http://127.0.0.1:9/api",
        DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
        KEEP_OUTPUTS="none",
        FILES_FOLDER=f"{folder}/files",
        RUNBOARD_STATIC="collected",
        WATCH="off",
        PUBLIC_URL="http://127.0.0.1:8000",
    )
    import django

    django.setup()
    from tests.bench import data, engine, filling, keep, musts, pictures, start, story
    from tests.bench.server import granian

    prepared = data.prepare()
    with (
        granian("tests.bench.hello:application", {}) as hello,
        granian("dashboard.wsgi:application", {}) as large,
        granian(
            "dashboard.wsgi:application", {"DATABASE_URL": data.small_database(folder)}
        ) as small,
    ):
        data.report(prepared, hello, large, small, REQUESTS, ROUNDS)
    start.report()
    pictures.report(prepared["cookie"])
    engine.main()
    filling.main()
    story.main()
    keep.main()
    return max(lists_everywhere(), musts.outcome())


def lists_everywhere() -> int:
    """The bench of a million runs on SQLite, and on PostgreSQL where one lets us in."""
    code = subprocess.run([*LISTS], check=False).returncode
    try:
        url = postgres.find()
    except SystemExit as none:
        print(none)
        return code
    os.environ["TEST_DATABASE_URL"] = url
    with postgres.fresh_database() as database:
        env = {**os.environ, "LISTS_DATABASE_URL": database}
        return max(code, subprocess.run([*LISTS], env=env, check=False).returncode)


if __name__ == "__main__":
    sys.exit(main())
