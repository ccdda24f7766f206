"""Why a run started cold and what it cost: on its page, in its JSON and on share links."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client

from dashboard.domain.sharing import ALL_SCOPES, COST, DEFAULT_SCOPES
from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines import prices, stories
from dashboard.services.runs import same_inputs
from dashboard.services.sharing import share_links
from tests.builders import answer, person, stamp, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db
CONTAINER = UUID(int=7)


@pytest.fixture
def run(now: datetime) -> Run:
    """A cold run, 46 min after the one before, on a container that has ended."""
    stories.forget()
    prices.store({"H100": Decimal("0.002338")}, now - timedelta(days=1))
    UsedMachine.objects.create(id="m1", idle_timeout=60, keep_warm=0)
    created = now - timedelta(hours=2)
    store(
        answer(
            created=created - timedelta(minutes=47),
            machine_id="m1",
            ended_at=stamp(created - timedelta(minutes=46)),
        )
    )
    times = {"queued_at": 1.4, "started_at": 32.6, "ended_at": 45.0}
    stamps = {name: stamp(created + timedelta(seconds=at)) for name, at in times.items()}
    run = store(
        answer(
            created=created,
            gpu="H100",
            machine_id="m1",
            gpu_event_id=str(CONTAINER),
            cold_start_duration=31.2,
            cold_start_duration_total=32.6,
            run_duration=12.4,
            duration=45.0,
            **stamps,
        )
    )
    Container.objects.create(
        id=CONTAINER,
        machine_id="m1",
        gpu="H100",
        started_at=created + timedelta(seconds=1),
        ended_at=created + timedelta(seconds=105),
        open=False,
        listed_at=now,
    )
    return run


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(person(role, role))
    return client


def text(client: Client, path: str) -> str:
    return one_line(client.get(path).content.decode())


def test_the_page_tells_why_and_how_much(run: Run) -> None:
    page = text(client_of("member"), run.get_absolute_url())
    assert "Why it started cold" in page and "had been idle for 46" in page
    assert "$0.102" in page and "$0.073" in page and "Not your invoice" in page
    assert "Its container cost $0.243 with boot and idle time" in page
    assert "likely" in page, "whether other runs were on the container before is not known"


def test_viewers_see_no_cost(run: Run) -> None:
    vera = client_of("viewer")
    page = text(vera, run.get_absolute_url())
    assert "Why it started cold" in page and "$" not in page.partition("<main")[2]
    told = vera.get(f"/runs/{run.uuid}.json").json()
    assert told["cost"] is None and told["start_reason"]["word"] == "idle"
    assert "$" not in text(vera, f"{run.get_absolute_url()}facts/")


def test_the_json_is_the_contracts(run: Run) -> None:
    told = client_of("member").get(f"/runs/{run.uuid}.json").json()
    assert told["container"]["id"] == str(CONTAINER)
    assert (told["container"]["gpu"], told["container"]["runs"]) == ("H100", 1)
    evidence = {"idle": pytest.approx(2760.0), "stays_warm": 60}
    assert told["start_reason"] == {"word": "idle", "sure": False, "evidence": evidence}
    cost = told["cost"]
    assert (cost["currency"], cost["price_per_second"]) == ("USD", "0.002338")
    assert Decimal(cost["start_up"]) + Decimal(cost["work"]) == Decimal(cost["total"])
    assert (cost["start_up"], cost["work"]) == ("0.072946", "0.028991")
    assert cost["container"] == cost["container_share"] == "0.243152"
    assert len(cost["prices_of"]) == 10


@pytest.mark.parametrize(
    ("scopes", "shown"),
    [(DEFAULT_SCOPES, False), (set(ALL_SCOPES) - {COST}, False), ({COST}, True)],
)
def test_a_share_link_shows_costs_only_where_ticked(
    run: Run, now: datetime, scopes: set[str], shown: bool
) -> None:
    _, token = share_links.make(run, None, scopes=scopes, title="", life="7", now=now)
    page = text(Client(), f"/s/{token}/").partition("<main")[2]
    assert ("$0.102" in page) == shown
    assert "idle for" not in page


def test_cost_is_not_ticked_at_first(run: Run) -> None:
    form = text(client_of("member"), f"{run.get_absolute_url()}share/")
    assert 'value="cost"' in form and 'value="cost" checked' not in form


def test_earlier_runs_with_the_same_inputs_are_led_to(now: datetime) -> None:
    same_inputs.forget()
    before, run = (store(answer(created=now - timedelta(minutes=at))) for at in (10, 5))
    member = client_of("member")
    page = text(member, run.get_absolute_url())
    assert "Same inputs before" in page and f'href="{before.get_absolute_url()}"' in page
    assert "Same inputs before" not in text(member, before.get_absolute_url())


def test_nothing_known_shows_nothing(now: datetime) -> None:
    bare = store(answer(created=now - timedelta(hours=1), gpu="Z9", machine_id=None))
    page = text(client_of("member"), bare.get_absolute_url())
    assert "Why it" not in page and "estimate" not in page.partition("<main")[2]
    told = client_of("admin").get(f"/runs/{bare.uuid}.json").json()
    assert (told["container"], told["start_reason"], told["cost"]) == (None, None, None)
