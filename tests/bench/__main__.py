"""CPU time of all server processes for each view, signed in, beside hello."""

import os
import sys
import tempfile
from pathlib import Path

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "2000"))
ROUNDS = 4


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
    return musts.outcome()


if __name__ == "__main__":
    sys.exit(main())
