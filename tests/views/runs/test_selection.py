"""Acting on selected runs over the wire: who may, what is taken, how it goes on."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from dashboard.domain.roles import ADMIN, VIEWER
from dashboard.models import BulkAction, Label, Name, Run
from dashboard.services import clock
from dashboard.services.comfydeploy import shared_state
from dashboard.services.ops import bulk
from dashboard.services.runs import labels, pasted
from tests.builders import answer, person, running, store

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def client_of(name: str, role: str) -> Client:
    client = Client()
    client.force_login(person(name, role))
    return client


def packed(*runs: Run) -> str:
    return pasted.pack([run.uuid for run in runs])


def tagged() -> set[int]:
    return set(Label.objects.filter(text="hero").values_list("run_id", flat=True))


def tag(client: Client, query: str = "", **form: str) -> str:
    given = {"action": "tag", "text": "hero", **form}
    response = client.post(f"/selection/{query}", given, headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


def test_selected_runs_are_tagged_and_the_tag_taken_off_again(ana: Client) -> None:
    runs = [store(answer()) for _ in range(3)]
    said = tag(ana, ids=packed(*runs[:2]))
    assert "Tagged 2 runs." in said
    assert tagged() == {runs[0].pk, runs[1].pk}
    [undo] = re.findall(r'hx-post="(/selection/\d+/undo/)"', said)
    response = ana.post(undo, headers=HTMX)
    assert "Undone." in response.content.decode()
    assert "runs-changed" in response.headers["HX-Trigger"]
    assert tagged() == set()
    assert "any more" in ana.post(undo, headers=HTMX).content.decode()
    assert ana.post(undo).status_code == 422


def test_all_that_match_are_those_of_the_address(ana: Client) -> None:
    failed = [store(answer(status="failed")) for _ in range(2)]
    store(answer())
    offer = offered(ana, "?status=failed")
    late = store(answer(status="failed"))
    tag(ana, "?status=failed&after=nonsense", **offer)
    assert tagged() == {run.pk for run in failed}
    assert late.pk not in tagged()


def offered(client: Client, query: str = "") -> dict[str, str]:
    """What the bar sends for all runs of a filter that were counted."""
    text = client.get(f"/selection/all/{query}").content.decode()
    names = ("number", "upto", "which", "asked")
    found = {name: re.search(rf'data-{name}="(\w+)"', text) for name in names}
    number, *others = (one[1] if one else "" for one in found.values())
    assert f"All {number} matching" in text
    return {"all": "1", "counted": number, **dict(zip(names[1:], others, strict=True))}


def test_all_runs_without_a_filter_are_live_ones_too(ana: Client) -> None:
    store(answer())
    store(running())
    tag(ana, **offered(ana))
    assert len(tagged()) == 2


def test_ids_that_cannot_be_read_are_no_runs(ana: Client) -> None:
    store(answer())
    assert 'data-number="0"' in ana.get("/selection/all/?ids=!!!").content.decode()
    assert "No runs are selected" in tag(ana, "?ids=!!!", **offered(ana))
    assert tagged() == set()


def test_a_removal_of_others_than_were_counted_is_refused() -> None:
    admin, runs = client_of("cleo", ADMIN), [store(answer(status="failed")) for _ in range(2)]
    offer = offered(admin, "?status=failed")
    Run.objects.filter(pk=runs[0].pk).update(status="success")
    given = {"action": "remove", **offer}
    said = admin.post("/selection/?status=failed", given, headers=HTMX).content.decode()
    assert "Now 1 run matches. Select them again." in said and Run.objects.count() == 2
    Run.objects.filter(pk=runs[0].pk).update(status="failed")
    admin.post("/selection/?status=failed", given, headers=HTMX)
    assert not Run.objects.exists()


def test_a_removal_of_as_many_others_is_refused() -> None:
    admin, runs = client_of("cleo", ADMIN), [store(answer(status="failed")) for _ in range(2)]
    other = store(answer())
    offer = offered(admin, "?status=failed")
    Run.objects.filter(pk=runs[0].pk).update(status="success")
    Run.objects.filter(pk=other.pk).update(status="failed")
    given = {"action": "remove", **offer}
    said = admin.post("/selection/?status=failed", given, headers=HTMX).content.decode()
    assert "Other runs match by now. Select them again." in said and Run.objects.count() == 3


@pytest.mark.parametrize("action", ["tag", "title", "star", "remove"])
def test_all_under_a_filter_that_lost_a_part_is_refused(action: str) -> None:
    admin, run = client_of("cleo", ADMIN), store(answer(workflow_id="w"))
    store(answer())
    named, _ = Name.objects.update_or_create(
        kind="workflow", upstream_id="w", defaults={"text": "Cats"}
    )
    offer = offered(admin, "?workflow=Cats")
    given = {"action": action, "text": "hero", **offer}
    Name.objects.filter(pk=named.pk).update(text="Dogs")
    said = admin.post("/selection/?workflow=Cats", given, headers=HTMX).content.decode()
    assert "The filter is not what it was" in said
    assert Run.objects.count() == 2 and not BulkAction.objects.exists()
    Name.objects.filter(pk=named.pk).update(text="Cats")
    admin.post("/selection/?workflow=Cats", given, headers=HTMX)
    assert [item.run_uuid for item in BulkAction.objects.get().items.all()] == [run.uuid]


def test_the_offer_of_few_names_them_and_all_have_one_digest(ana: Client) -> None:
    runs = [store(answer()) for _ in range(3)]
    [ids] = re.findall(r'data-ids="([^"]*)"', ana.get("/selection/all/").content.decode())
    assert set(pasted.unpack(ids)) == {run.uuid for run in runs}


def test_the_last_action_waits_on_the_list_to_be_undone(ana: Client) -> None:
    assert "Undo" not in ana.get("/").content.decode()
    tag(ana, ids=packed(store(answer())))
    page = ana.get("/").content.decode()
    assert "Tagged 1 run." in page and "Undo" in page
    assert "Tagged 1 run." not in client_of("ben", "member").get("/").content.decode()
    assert "Tagged 1 run." not in client_of("vera", VIEWER).get("/").content.decode()


def test_a_long_action_goes_on_with_the_polls_where_no_watcher_is(
    ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    said = tag(ana, ids=packed(*(store(answer()) for _ in range(3))))
    [progress] = re.findall(r'hx-get="(/selection/\d+/)"', said)
    assert "0 done" in said
    assert "2 done" in ana.get(progress).content.decode()
    last = ana.get(progress)
    assert "Tagged 3 runs." in last.content.decode()
    assert "hx-get" not in last.content.decode()
    assert "runs-changed" in last.headers["HX-Trigger"]


def test_polls_only_look_where_a_watcher_is(ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    tag(ana, ids=packed(*(store(answer()) for _ in range(3))))
    shared_state.write_heartbeat(clock.now())
    assert "0 done" in ana.get(f"/selection/{BulkAction.objects.get().pk}/").content.decode()
    assert tagged() == set()


def test_members_label_and_admins_alone_remove() -> None:
    run = store(answer())
    viewer, member, admin = (client_of(role, role) for role in (VIEWER, "member", ADMIN))
    remove = {"action": "remove", "ids": packed(run)}
    assert viewer.post("/selection/", {**remove, "action": "star"}).status_code == 403
    assert viewer.post("/selection/", remove).status_code == 403
    assert member.post("/selection/", remove).status_code == 403
    assert Run.objects.exists()
    assert admin.post("/selection/", remove).status_code == 200
    assert not Run.objects.exists()


def test_another_members_action_is_not_offered_to_be_undone(ana: Client) -> None:
    tag(ana, ids=packed(store(answer())))
    pk = BulkAction.objects.get().pk
    ben = client_of("ben", "member")
    assert "Undo" not in ben.get(f"/selection/{pk}/").content.decode()
    assert ben.post(f"/selection/{pk}/undo/").status_code == 422
    assert len(tagged()) == 1
    admin = client_of("cleo", ADMIN)
    assert "Undo" in admin.get(f"/selection/{pk}/").content.decode()
    admin.post(f"/selection/{pk}/undo/")
    assert tagged() == set()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"ids": ""},
        {"ids": "nonsense"},
        {"ids": "é.%00." + "x" * 10_000},
        {"ids": ".".join("A" * 22 for _ in range(450)), "action": "nonsense"},
        {"text": "x" * 10_000, "ids": "fB6fQjsKTR6aVy9tDIjhtA"},
        {"text": "\x00\ud7ff", "ids": "", "all": "yes"},
    ],
)
def test_nonsense_is_refused_in_words_and_leaves_nothing(ana: Client, form: dict[str, str]) -> None:
    given = {"action": "tag", "text": "hero", **form}
    assert ana.post("/selection/", given).status_code == 422
    said = ana.post("/selection/", given, headers=HTMX)
    assert (said.status_code, "is-refused" in said.content.decode()) == (200, True)
    assert not BulkAction.objects.exists()


def test_an_unknown_run_is_told_as_gone(ana: Client) -> None:
    run = store(answer())
    assert "Tagged 1 run. 1 run was gone." in tag(ana, ids=pasted.pack([run.uuid, uuid4()]))


def test_a_tag_before_and_the_text_are_escaped(ana: Client) -> None:
    run = store(answer())
    labels.add_tag(run, "hero", None)
    assert "Tagged 1 run." in tag(ana, ids=packed(run))
    assert "<script" not in tag(ana, text="<script>", ids=packed(run))


def test_an_action_that_is_none_is_not_found(ana: Client) -> None:
    for pk in ("1", "99999999999999999999"):
        assert ana.get(f"/selection/{pk}/").status_code == 404
        assert ana.post(f"/selection/{pk}/undo/").status_code == 404


def test_more_ticked_runs_than_an_address_takes_are_all_tagged(ana: Client) -> None:
    others = [uuid4() for _ in range(230)]
    run = store(answer())
    tag(ana, ids=pasted.pack([*others, run.uuid]))
    action = BulkAction.objects.get()
    assert action.total == 231
    while action.running:
        bulk.advance(action, clock.now())
        action.refresh_from_db()
    assert (action.gone, tagged()) == (230, {run.pk})


ADDRESSES = ("/runs.csv", "/runs.jsonl", "/selection/outputs.zip", "/selection/size/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_with_more_runs_than_it_takes_is_refused(ana: Client, address: str) -> None:
    store(answer())
    response = ana.get(address, {"ids": pasted.pack([uuid4() for _ in range(230)])})
    told = response.content.decode()
    assert response.status_code == 400
    assert "takes the IDs of up to 200 runs. This one has 230." in told


def test_the_list_tells_how_many_runs_of_its_address_are_left_out(ana: Client) -> None:
    run = store(answer())
    ids = pasted.pack([run.uuid, *(uuid4() for _ in range(229))])
    [told] = ana.get("/runs.json", {"ids": ids}).json()["ignored"]
    assert told == {"name": "ids", "value": "", "why": "the last 30: up to 200 are read"}
    assert "the last 30: up to 200 are read" in ana.get("/", {"ids": ids}).content.decode()
    assert ana.get("/runs.json", {"ids": packed(run)}).json()["ignored"] == []
