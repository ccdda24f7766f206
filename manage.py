#!/usr/bin/env python
"""Runboard's command line: `python manage.py help`."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    from django.core.management import execute_from_command_line

    from dashboard.config import ConfigError, OpenAccessRefused
    from dashboard.serving import environment

    try:
        if sys.argv[1:2] == ["serve"]:
            environment.prepare()
        elif sys.argv[1:2] == ["user"]:
            environment.choose_board()
        execute_from_command_line(sys.argv)
    except OpenAccessRefused as error:
        print(error, file=sys.stderr)
        print(*error.way_out, sep="\n")
        return 1
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
