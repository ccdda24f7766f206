"""The web server's own process: granian with two workers of sixteen threads.

The supervisor starts it as `python -m dashboard.serving.web`. Only its workers
load Django.
"""

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from dashboard.serving.lifeline import be_the_parent, end_with_parent

WORKERS, THREADS = 2, 16


def main(host: str, port: int) -> None:
    end_with_parent()
    be_the_parent()
    Granian(
        "dashboard.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=2,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
