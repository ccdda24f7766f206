"""A database of a million runs of all kinds, each with words to be found by."""

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

RUNS = int(os.environ.get("BENCH_RUNS", "1000000"))
NEWEST = datetime(2026, 11, 27, tzinfo=UTC)
EVERY = timedelta(seconds=40)  # a run: a million in 463 days
RARE = 50_000  # one run in so many has what is rare: 20 in a million
SOME = 250  # one in so many has what some have: 4,000
FEW_LIVE = 5
FORMER, BYGONE = 0.997, 0.8  # how far back in the list are all runs with a word of the past
PROMPTS = min(100_000, RUNS // 2)  # the newest runs have prompts, which the bench puts in the index
WORDS = 60  # of a prompt; the other runs' documents are shorter
SHORT = 14
AT_ONCE = 1_000
VOCABULARY = [f"word{n}" for n in range(20_000)]
OFTEN = list(accumulate(1 / n for n in range(2, len(VOCABULARY) + 2)))  # as words in a language

VARIED = (
    *("uuid", "status", "finished", "created_at", "ended_at", "sorted_at"),
    *("queue_wait", "cold_start", "before_run", "run", "total", "start_kind"),
    *("gpu", "origin", "workflow_id", "deployment_id", "user_id", "error_cause"),
    *("cost_micros", "inputs", "prompt"),
)
PRICES = {"L4": 221, "T4": 164, "H100": 2338, "A10G": 306}  # millionths of a dollar a second


def text_id(kind: int, number: int) -> str:
    return str(UUID(int=(kind << 100) | number))


def varied(n: int, dice: random.Random) -> tuple[object, ...]:
    """The columns of the n-th newest run."""
    rare, some, live = n % RARE == RARE // 2, n % SOME == SOME // 2, n < FEW_LIVE
    created = NEWEST - EVERY * n
    queue, work = round(dice.expovariate(0.5), 3), round(dice.lognormvariate(3, 0.6), 3)
    cold = dice.random() < 0.2
    start = round(dice.uniform(8, 40) if cold else dice.uniform(0.2, 2), 3)
    if rare:
        queue, work, start = 700.0 + n % 7, 900.0 + n % 5, 800.0
    total = round(queue + start + work, 3)
    ended = None if live else created + timedelta(seconds=total)
    status = "success" if dice.random() < 0.94 else dice.choice(("failed", "failed", "cancelled"))
    status = "timeout" if rare else "running" if live else status
    lost = dice.random() < 0.03
    gpu = "L4" if rare else "T4" if some else dice.choice(("H100", "H100", "A10G"))
    return (
        *(UUID(int=dice.getrandbits(128)), status, not live, created, ended, created),
        *(None if lost else queue, None if lost or live else start, queue + start),
        *((None, None) if lost or live else (work, total)),
        "cold" if cold else "warm",
        gpu,
        "share" if rare else "queue" if some else dice.choice(("api", "api", "manual")),
        text_id(1, n % 12),
        text_id(2, 99 if rare else 50 if some else n % 10),
        f"user_{'rare' if rare else 'some' if some else n % 5}",
        "out-of-memory" if status == "failed" else "",
        None if lost or live else round(PRICES[gpu] * (start + work)),
        *prompt(n, dice),
    )


def prompt(n: int, dice: random.Random) -> tuple[object, str]:
    """The inputs of the n-th newest run, and what the list shows of them."""
    if n >= PROMPTS:
        return {}, ""
    text = " ".join(words(n, dice, WORDS))
    return {"prompt": text, "seed": n}, text[:200]


def words(n: int, dice: random.Random, size: int) -> list[str]:
    """What the n-th newest run is found by: "common" in two of five, "rare" in 20 of a million.

    Only old runs have "former" (3,000 of a million) and "bygone" (200,000).
    """
    found = dice.choices(VOCABULARY, cum_weights=OFTEN, k=size)
    return [
        *found,
        *(["common"] if n % 5 < 2 else []),
        *(["sometimes"] if n % 100 == 7 else []),
        *(["rare"] if n % RARE == RARE // 2 else []),
        *(["former"] if n >= RUNS * FORMER else []),
        *(["bygone"] if n >= RUNS * BYGONE else []),
    ]


def rows() -> Iterator[list[object]]:
    """Each run's columns in the order of the table, oldest first, ready for the driver."""
    from django.db import connection

    from dashboard.models import Run

    dice = random.Random(7)  # noqa: S311 - the same runs each time
    fields = [field for field in Run._meta.concrete_fields if field.attname != "id"]
    blank = Run(first_seen_at=NEWEST, sorted_at=NEWEST, observed_at=NEWEST, version=1)
    plain = [field.get_db_prep_save(field.pre_save(blank, True), connection) for field in fields]
    plain = [None if hasattr(value, "as_sql") else value for value in plain]
    for place, field in enumerate(fields):
        if plain[place] is None and not field.null:
            plain[place] = field.get_default()
    places = {field.attname: (place, field) for place, field in enumerate(fields)}
    at = [places[name] for name in VARIED]
    for n in reversed(range(RUNS)):
        row = list(plain)
        for (place, field), value in zip(at, varied(n, dice), strict=True):
            row[place] = field.get_db_prep_value(value, connection)
        yield row


def fill() -> None:
    """Writes the runs past the ORM, a million in some minutes, and the words of all but the newest.

    The newest have prompts: `newest_keys` says which are to be put in the index.
    """
    from django.db import connection

    _fill_runs()
    _fill_names()
    _fill_words()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def newest_keys() -> list[int]:
    """The keys of the runs with prompts."""
    from dashboard.models import Run

    return list(Run.objects.order_by("-id").values_list("id", flat=True)[:PROMPTS])


def stored_bytes() -> int:
    """How large the index is: of a SQLite file, which only grows, all that there is.

    PostgreSQL has the words of each run in its row besides, which are not counted.
    """
    from django.db import connection

    if connection.vendor == "postgresql":
        asked = "SELECT pg_indexes_size('dashboard_searchdocument')"
    else:
        asked = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return int(cursor.fetchone()[0])


def _fill_words() -> None:
    from django.db import transaction

    from dashboard.models import SearchDocument

    dice = random.Random(11)  # noqa: S311 - the same words each time
    for first in range(PROMPTS, RUNS, AT_ONCE):
        some = range(first, min(first + AT_ONCE, RUNS))
        with transaction.atomic():
            SearchDocument.write({RUNS - n: words(n, dice, SHORT) for n in some})


def _fill_names() -> None:
    from dashboard.models import Deployment, Label

    for number in (*range(10), 50, 99):
        place = {99: "rare", 50: "staging"}.get(number, "production")
        Deployment.objects.create(uuid=text_id(2, number), environment=place, seen_at=NEWEST)
    tagged = range(SOME // 2, RUNS, SOME)
    tags = (
        Label(run_id=RUNS - n, kind="tag", text="final", folded="final", at=NEWEST) for n in tagged
    )
    Label.objects.bulk_create(tags, batch_size=AT_ONCE)


def _fill_runs() -> None:
    from django.db import connection, transaction

    from dashboard.models import Run

    quote = connection.ops.quote_name
    columns = [quote(f.column) for f in Run._meta.concrete_fields if f.attname != "id"]
    names = ", ".join(columns)
    with transaction.atomic(), connection.cursor() as cursor:
        indexes = indexes_of(cursor)
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {quote(name)}")
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY dashboard_run ({names}) FROM STDIN") as copy:
                for row in rows():
                    copy.write_row(row)
        else:
            marks = ", ".join(["?"] * len(columns))
            insert = f"INSERT INTO dashboard_run ({names}) VALUES ({marks})"  # noqa: S608
            connection.connection.executemany(insert, rows())
        for _, statement in indexes:
            cursor.execute(statement)


def indexes_of(cursor: "CursorWrapper") -> list[tuple[str, str]]:
    """Names and statements of the table's indexes: made after the rows, they cost a tenth."""
    from django.db import connection

    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'dashboard_run'"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
    else:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
            " AND tbl_name = 'dashboard_run' AND sql IS NOT NULL"
        )
    return list(cursor.fetchall())
