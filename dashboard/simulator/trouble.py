"""A failing server: what goes wrong depends on the seed and the second of the request."""

from dataclasses import replace
from datetime import datetime

from dashboard.simulator.http_replies import BROKEN, CUT, Reply, detail
from dashboard.simulator.seeded_random import seeded_random

GATEWAY = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"
CALM_FOR = 3.0  # seconds without trouble at the beginning


def trouble(seed: int, start: datetime, now: datetime, healthy: Reply) -> Reply:
    """The healthy reply, delayed or cut short, or an error; unchanged more than half the time."""
    second = int((now - start).total_seconds())
    rng = seeded_random("trouble", seed, second)
    if second < CALM_FOR:
        return healthy
    kind = rng.random()
    if kind < 0.54:
        return healthy
    if kind < 0.62:
        return BROKEN
    if kind < 0.74:
        return _gateway(
            rng.choice(("502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"))
        )
    if kind < 0.83:
        return detail(429, "Too Many Requests", ("retry-after", str(rng.randint(2, 6))))
    if kind < 0.92:
        return replace(healthy, delay=rng.choice((2.5, 4.0, 11.0)))
    return CUT if kind < 0.96 else replace(healthy, sent=0.5)


def _gateway(line: str) -> Reply:
    return Reply(int(line[:3]), GATEWAY.format(line).encode(), "text/html", server="nginx")
