"""Keeps tokens that stand in paths out of every log line."""

import logging
import re
from typing import Any

TOKEN_PATH = re.compile(r"(/(?:sign-in|s|hooks/comfydeploy)/)[^/\s\"'?]{8,}")


def quiet(value: Any) -> Any:
    return TOKEN_PATH.sub(r"\1•••", value) if isinstance(value, str) else value


class QuietPaths(logging.Filter):
    """Masks the token in `/sign-in/<token>/` and its like before a line is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = quiet(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(quiet(str(a)) if _has_path(a) else a for a in record.args)
        return True


def _has_path(value: Any) -> bool:
    return not isinstance(value, int | float) and bool(TOKEN_PATH.search(str(value)))
