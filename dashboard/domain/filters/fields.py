"""The names that a filter knows, and how each reads its values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from dashboard.domain.filters.moments import read_moments
from dashboard.domain.filters.ranges import read_range, written
from dashboard.domain.logs.causes import Cause

WORKFLOW, VERSION, DEPLOYMENT = "workflow", "version", "deployment"
ENVIRONMENT, MACHINE, BATCH = "environment", "machine", "batch"
STATUS, ERROR, START = "status", "error", "start"
GPU, ORIGIN, BY = "gpu", "origin", "by"
CREATED, ENDED = "created", "ended"
TOTAL, RUN, COLD_START, QUEUE = "total", "run", "cold_start", "queue"
COST = "cost"
TAG, STARRED, PICKED, SLOW = "tag", "starred", "picked", "slow"
NAMES = (
    *(WORKFLOW, VERSION, DEPLOYMENT, ENVIRONMENT, MACHINE, BATCH),
    *(STATUS, ERROR, START, GPU, ORIGIN, BY, CREATED, ENDED, TOTAL, RUN, COLD_START, QUEUE),
    *(COST, TAG, STARRED, PICKED, SLOW),
)
FLAGS = (STARRED, PICKED, SLOW)  # a run has them or not; none is missing
MISSING = "-"
LIVE, FINISHED, ATTENTION = "live", "finished", "attention"
STARTS = ("cold", "warm", "unknown")
YES = "1"
ANY = "any"

_UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_NUMBER = re.compile(r"(>=)?\s*v?0*([0-9]{1,9})", re.IGNORECASE | re.ASCII)
_WORD = re.compile(r"[a-z0-9](?:[a-z0-9 _-]{0,38}[a-z0-9])?")


class Form(StrEnum):
    """What a value is."""

    ID = "id"
    NAME = "name"
    NUMBER = "number"  # v15
    FROM = "from"  # >=v15
    WORD = "word"
    TEXT = "text"
    RANGE = "range"  # of numbers
    TIME = "time"
    FLAG = "flag"
    MISSING = "missing"


TEXTS = frozenset({Form.NAME, Form.TEXT})

Read = Callable[[str, bool], tuple[str, Form] | None]


@dataclass(frozen=True, slots=True)
class Field:
    """How a name reads a value, and what it expects, in words."""

    read: Read
    expected: str


def read_id(value: str, quoted: bool) -> tuple[str, Form] | None:
    return (str(UUID(value)), Form.ID) if _UUID.fullmatch(value) else None


def _id_or_name(value: str, quoted: bool) -> tuple[str, Form] | None:
    if not quoted and (found := read_id(value, quoted)):
        return found
    return (value, Form.NAME) if value.strip() else None


def _id_or_number(value: str, quoted: bool) -> tuple[str, Form] | None:
    found = _NUMBER.fullmatch(value)
    if not found:
        return read_id(value, quoted)
    number = f"v{found[2]}"
    return (f">={number}", Form.FROM) if found[1] else (number, Form.NUMBER)


def _word(value: str, quoted: bool) -> tuple[str, Form] | None:
    word = value.strip().lower()
    return (word, Form.WORD) if _WORD.fullmatch(word) else None


def _text(value: str, quoted: bool) -> tuple[str, Form] | None:
    return (value, Form.TEXT) if value.strip() else None


def _error(value: str, quoted: bool) -> tuple[str, Form] | None:
    word = value.strip().lower()
    return (word, Form.WORD) if word == ANY or word in set(Cause) else None


def _start(value: str, quoted: bool) -> tuple[str, Form] | None:
    word = value.strip().lower()
    return (word, Form.WORD) if word in STARTS else None


def _range(value: str, quoted: bool) -> tuple[str, Form] | None:
    found = read_range(value)
    return (written(found), Form.RANGE) if found else None


def _time(value: str, quoted: bool) -> tuple[str, Form] | None:
    found = read_moments(value)
    return (found, Form.TIME) if found else None


def _flag(value: str, quoted: bool) -> tuple[str, Form] | None:
    return (YES, Form.FLAG) if value.strip().lower() in (YES, "yes", "true") else None


FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        WORKFLOW: Field(_id_or_name, "an ID or a name"),
        VERSION: Field(_id_or_number, "an ID or a number such as v15"),
        DEPLOYMENT: Field(read_id, "an ID"),
        ENVIRONMENT: Field(_word, "an environment"),
        MACHINE: Field(read_id, "an ID"),
        BATCH: Field(read_id, "an ID"),
        STATUS: Field(_word, "a status"),
        ERROR: Field(_error, "a cause"),
        START: Field(_start, "cold, warm or unknown"),
        **dict.fromkeys((GPU, ORIGIN, BY, TAG), Field(_text, "a text")),
        **dict.fromkeys(FLAGS, Field(_flag, "1")),
        **dict.fromkeys(
            (CREATED, ENDED), Field(_time, "a time such as 7d or 2026-11-20..2026-11-26")
        ),
        **dict.fromkeys(
            (TOTAL, RUN, COLD_START, QUEUE), Field(_range, "a range such as >60 or 10..30")
        ),
        COST: Field(_range, "dollars such as >0.10 or 0.1..0.3"),
    }
)
