"""A million runs: lists, search, facets, files and the index of words, on one database.

`python -m tests.bench.lists` builds a database of its own (`LISTS_DATABASE_URL`: one that
is kept, and filled where it is empty), and measures whole requests, signed in.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tests.bench.million import PROMPTS, RUNS, text_id

if TYPE_CHECKING:
    from django.test import Client

ROUNDS = 5
SLOW = 2_000.0  # ms; of what takes longer one round is enough
ROWS = min(RUNS, 100_000)  # of a file that are read

FILTERS = (
    *("gpu=H100", "gpu=T4", "gpu=L4", "gpu=L4,T4", "gpu!=H100", "gpu=-"),
    *("origin=api", "origin=queue", "origin=share", "by=user_1", "by=user_some", "by=user_rare"),
    *("status=success", "status=failed", "status=timeout", "status=failed,timeout"),
    *("status=attention", "status=live", "start=cold", "start=unknown"),
    *("environment=production", "environment=staging", "environment=rare"),
    *(f"workflow={text_id(1, 3)}", f"deployment={text_id(2, 99)}"),
    *("created=>2026-11-26", "created=>2026-11-26T23:59Z", "created=<2025-09-01"),
    *("created=2026-01-01..2026-01-02", "created=2026-01-01..2026-03-01"),
    *("ended=>2026-11-26", "ended=>2026-11-26T23:59Z", "ended=<2025-09-01"),
    *("ended=2026-01-01..2026-01-02", "ended=2026-01-01..2026-03-01", "ended=-"),
    *("total=>600", "total=>160", "total=<30", "total=100..101", "total=-"),
    *("run=>600", "run=>100", "run=<10", "cold_start=>600", "cold_start=>39.9", "cold_start=<1"),
    *("queue=>600", "queue=>15", "queue=<2", "queue=-"),
    *("cost=>1", "cost=>0.2", "cost=<0.002", "cost=0.1..0.101", "cost=-"),
)
SORTS = (
    *("", "created", "-total", "total", "-run", "run", "-cold_start", "cold_start"),
    *("-queue", "queue", "-cost", "cost"),
)
MOST = 1.5  # times the plain list


FACETS = (
    *("created", "workflow", "status", "version", "gpu", "machine", "tag", "duration"),
    *("start", "error", "environment", "deployment", "origin", "by", "batch", "starred", "slow"),
)
FACETED = (
    *("", "gpu=T4", "status=failed", "status=timeout", "status=failed,timeout"),
    *("total=>100", "total=>40", "gpu=H100&start=cold"),
    *("created=2026-01-01..2026-03-01", "q=common"),
)
MOST_FACET = 100.0  # ms
HARD = ("word12", "bygone")  # how a thousand words begin; one of very many runs, all of them old
SEARCHES = (
    *("rare", "sometimes", "common", "word0", "rare%20common", "-common", '"word1 word0"'),
    "former",  # in old runs alone
    *HARD,
)
MOST_SEARCH = 50.0  # ms
LEAST_ROWS = 20_000  # of a file, a second
MOST_INDEX = 20.0  # seconds for the prompts
MOST_INDEX_SIZE = 60.0  # MB


def once(client: "Client", address: str) -> float:
    """Milliseconds of one request."""
    begun = time.perf_counter()
    response = client.get(address, headers={"HX-Request": "true"} if "facets" in address else {})
    assert response.status_code == 200, address
    return (time.perf_counter() - begun) * 1000


def quickest(client: "Client", address: str) -> float:
    """What the request takes where nothing else is in its way; of a very slow one the first."""
    first = once(client, address)
    return first if first > SLOW else min(once(client, address) for _ in range(ROUNDS))


def beside_plain(client: "Client", address: str) -> float:
    """How many times the plain list a request takes: both by turns, the quickest of each."""
    pairs = [(once(client, address), once(client, "/"))]
    while len(pairs) <= ROUNDS and pairs[-1][0] <= SLOW:
        pairs.append((once(client, address), once(client, "/")))
    own, plain = (min(side) for side in zip(*pairs, strict=True))
    return own / plain


def report_lists(
    client: "Client", filters: Sequence[str] = FILTERS, sorts: Sequence[str] = SORTS
) -> None:
    from tests.bench.musts import must

    plain = quickest(client, "/")
    print(f"\nThe first page of {RUNS:,} runs: {plain:.1f} ms; times that, by filter and sort")
    print(f"{'':44}" + "".join(f"{sort or '-created':>12}" for sort in sorts))
    for each in ("", *filters):
        queries = [f"{each}&sort={sort}" if sort else each for sort in sorts]
        ratios = [beside_plain(client, f"/?{query}") for query in queries]
        cells = "".join(f"{ratio:11.2f}{' ' if ratio <= MOST else '!'}" for ratio in ratios)
        print(f"{each:44}{cells}", flush=True)
        # A filter and an order together are told, and need not hold.
        for query, ratio in zip(queries, ratios, strict=True):
            if "&" not in query or not each:
                must(f"list ?{query}", ratio, MOST, " x the plain list")


def report_facets(client: "Client") -> None:
    from tests.bench.musts import must

    client.get("/runs/facets/gpu/")  # what a process does once is no facet's
    print("\nA facet on opening, in ms, by the rest of the filter")
    print(f"{'':34}" + "".join(f"{name:>12}" for name in FACETS))
    for query in FACETED:
        figures = [quickest(client, f"/runs/facets/{name}/?{query}") for name in FACETS]
        cells = "".join(f"{one:11.0f}{' ' if one <= MOST_FACET else '!'}" for one in figures)
        print(f"{query:34}{cells}", flush=True)
        for name, figure in zip(FACETS, figures, strict=True):
            must(f"facet {name} of ?{query}", figure, MOST_FACET, " ms")


def report_search(client: "Client") -> None:
    """The list's first page for words, beside the plain list; and how long its finding takes."""
    from dashboard.domain.filters.query import parse
    from dashboard.domain.filters.sorts import NEWEST
    from dashboard.services.runs import filter_pages
    from dashboard.services.runs.run_filter import RunFilter
    from tests.bench.musts import must

    print("\nSearch: its runs, and the whole page of the list, in ms")
    for text in SEARCHES:
        query = parse([("q", text.replace("%20", " "))])
        taken = []
        for _ in range(ROUNDS + 1):
            begun = time.perf_counter()
            page = filter_pages.page_of(RunFilter(query), NEWEST)
            taken.append((time.perf_counter() - begun) * 1000)
        found, whole = min(taken), quickest(client, f"/?q={text}")
        told = "no must" if text in HARD else must(f"search {text}", found, MOST_SEARCH, " ms")
        print(f"{text:24}{found:9.1f} {whole:9.1f}   {len(page.keys)} runs, {told}", flush=True)


def report_files(client: "Client") -> None:
    from tests.bench.musts import must

    print(f"\nFiles: the first {ROWS:,} lines, a second")
    for address in ("/runs.csv", "/runs.csv?sort=-total", "/runs.csv?gpu=H100", "/runs.jsonl"):
        begun = time.perf_counter()
        lines = 0
        for piece in stream(client, address):
            lines += piece.count(b"\n")
            if lines >= ROWS:
                break
        rate = lines / (time.perf_counter() - begun)
        asked = "csv" in address
        told = must(f"{address} (-rows a second)", -rate, -LEAST_ROWS) if asked else "no must"
        print(f"{address:28}{rate:9,.0f}   {lines:,} lines, {told.replace('-', '')}", flush=True)


def stream(client: "Client", address: str) -> Iterator[bytes]:
    content: Iterable[bytes] = getattr(client.get(address), "streaming_content")  # noqa: B009
    return iter(content)


def report_index() -> None:
    """What it takes to put the prompts of the newest runs into the index, and how large that is."""
    from django.db import transaction

    from dashboard.services.runs import search_index
    from tests.bench.million import AT_ONCE, newest_keys, stored_bytes
    from tests.bench.musts import must

    keys, before = newest_keys(), stored_bytes()
    begun = time.perf_counter()
    for first in range(0, len(keys), AT_ONCE):
        with transaction.atomic():
            search_index.index_runs(keys[first : first + AT_ONCE])
    spent, size = time.perf_counter() - begun, (stored_bytes() - before) / 1e6
    print(f"\nThe index of {PROMPTS:,} prompts")
    print(f"  {spent:6.1f} s   {must('index', spent, MOST_INDEX, ' s')}")
    print(f"  {size:6.1f} MB  {must('index size', size, MOST_INDEX_SIZE, ' MB')}")


def main() -> int:
    folder = tempfile.mkdtemp(prefix="runboard-lists-")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="dashboard.settings",
        ACCESS="login",
        SECRET_KEY="bench",
        COMFYDEPLOY_API_KEY="bench",
        COMFYDEPLOY_API_URL="http://127.0.0.1:9/api",
        DATABASE_URL=os.environ.get("LISTS_DATABASE_URL", f"sqlite:///{folder}/lists.sqlite3"),
        WATCH="off",
        PUBLIC_URL="http://127.0.0.1:8000",
    )
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from dashboard.models import Run
    from tests.bench import million, musts
    from tests.builders import person

    call_command("migrate", verbosity=0, interactive=False)
    if not Run.objects.exists():
        million.fill()
        report_index()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person(f"bench-{time.time_ns()}"), "dashboard.access.RoleBackend")
    parts = sys.argv[1:] or ["lists", "search", "facets", "files"]
    reports = {
        "lists": report_lists,
        "search": report_search,
        "facets": report_facets,
        "files": report_files,
    }
    for part in parts:
        reports[part](client)
    return musts.outcome()


if __name__ == "__main__":
    sys.exit(main())
