"""Whatever stands in an address of the list: an answer, nobody's names, and no failure."""

import random
from datetime import datetime, timedelta
from itertools import product
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client

from dashboard.domain.filters.fields import NAMES
from dashboard.domain.roles import VIEWER
from dashboard.services.runs import labels
from tests.builders import answer, element, person, running, store

pytestmark = pytest.mark.django_db
STARTER = "user_canary"
VALUES = (
    *("", "-", "=", '"', "'", "*", "%", "_", "NEAR(a b)", "c++", "-word", "a OR b", "NOT x", "()"),
    *("\0", "\u202eabc", "\u200b", "🦄", "漢字", "٣", "²", "\n\r\t", "<script>", "{{x}}", "a:b"),
    *("9" * 400, "1e999", "nan", "inf", "-1", ">", "..", "1..", "..1", "5..1", ">nan", "0h"),
    *("0001-01-01", "9999-12-31", "0001-01-01..9999-12-31", "<0001-01-01", "99999999d"),
    *(">9999-12-31T23:59:59.999999Z", "today", "7d", "v15", ">=v15", ">=v", str(UUID(int=7))),
    *("x" * 10_000, "a," * 3_000, '"a","b"', "status:failed", "-tag:", "any", "live", "1"),
    *("-total~1.5~1_1", "999999999999999999_1", "-999999999999999999_1", "total~1e308~1_1"),
)
BESIDE = (
    *(
        "q",
        "sort",
        "view",
        "zone",
        "after",
        "before",
        "limit",
        "ids",
        "saved",
        "all",
        "stack",
        "group",
    ),
    *("show", "over", "low", "high", "which"),
)
PATHS = (
    *("/", "/runs.json", "/runs.jsonl", "/runs.csv", "/runs/tabs/", "/selection/all/"),
    *(f"/runs/facets/{name}/" for name in ("gpu", "workflow", "tag", "created", "duration")),
    *("/runs/facets/more/", "/runs/facets/duration/set/", "/runs/facets/created/set/"),
    *("/selection/size/", "/selection/outputs.zip", "/shares/new/"),
)
MORE: tuple[tuple[str, str], ...] = (
    *(("view", "gallery"), ("sort", "-total"), ("sort", "queue"), ("sort", "created")),
    ("sort", "-cost"),
    *(("zone", "Pacific/Apia"), ("zone", "America/Lima"), ("status", "attention")),
)
ASKED = 30  # of each address


@pytest.mark.parametrize("role", ["member", VIEWER])
@pytest.mark.parametrize("path", PATHS)
def test_it_is_answered(path: str, role: str, now: datetime) -> None:
    client = Client()
    client.force_login(person("reader", role))
    for hours in range(3):
        made = answer(created=now - timedelta(hours=hours), user_id=STARTER, outputs=[element()])
        labels.add_tag(store(made), "hero", None)
    store(running(created=now))
    draw = random.Random(path)
    names = (*NAMES, *(f"{name}!" for name in NAMES), *BESIDE)
    for pair in draw.sample(list(product(names, VALUES)), ASKED):
        address = f"{path}?{urlencode([pair, *draw.sample(MORE, draw.randrange(3))])}"
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
        assert response.status_code < 500, address
        assert role != VIEWER or STARTER.encode() not in body, address
