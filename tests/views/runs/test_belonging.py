"""What a run belongs to: on its page, in lists and in its JSON."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.domain.listing import DEPLOYMENT, MACHINE, VERSION, WORKFLOW
from dashboard.domain.sharing import ALL_SCOPES
from dashboard.models import Deployment, Follow, Name, Run
from dashboard.services.runs import follow, pasted
from dashboard.services.sharing import share_links
from dashboard.views.runs.belonging import list_url
from tests.builders import NOON, answer, person, running, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db
BATCH = "8a9f57c0-45c1-4fd9-8fd1-0b6a5a2f1c52"
PRODUCTION = "54dc8e5d-27b4-4a0b-b21c-5a9fd6f5b771"


@pytest.fixture
def run() -> Run:
    run = store(answer())
    Run.objects.filter(pk=run.pk).update(deployment_id=PRODUCTION, batch_id=BATCH)
    run.refresh_from_db()
    Deployment.objects.create(
        uuid=PRODUCTION, environment="production", seen_at=timezone.now(), name="flux-live"
    )
    for kind, upstream_id, text in (
        (WORKFLOW, run.workflow_id, "Light & <dunes>"),
        (VERSION, run.workflow_version_id, "v14"),
        (DEPLOYMENT, PRODUCTION, "flux-live"),
        (MACHINE, run.machine_id, "flux-h100-eu"),
    ):
        Name.objects.update_or_create(kind=kind, upstream_id=upstream_id, defaults={"text": text})
    return run


def text(client: Client, path: str) -> str:
    return one_line(client.get(path).content.decode())


def links_to(page: str, url: str) -> bool:
    return f'href="{url}"' in page


def test_names_lead_to_the_filtered_list(ana: Client, run: Run) -> None:
    for path in ("", "facts/"):
        page = text(ana, f"{run.get_absolute_url()}{path}")
        for name, value, shown in (
            ("workflow", run.workflow_id, "Light &amp; &lt;dunes&gt;"),
            ("version", run.workflow_version_id, "v14"),
            ("deployment", PRODUCTION, "flux-live"),
            ("machine", run.machine_id, "flux-h100-eu"),
        ):
            assert links_to(page, f"/?{name}={value}"), name
            assert f"<bdi>{shown}</bdi>" in page
        assert 'href="/?environment=production">production</a>' in page


def test_each_of_these_lists_has_the_run_and_names_the_filter(ana: Client, run: Run) -> None:
    store(
        answer(workflow_id=str(uuid4()), workflow_version_id=str(uuid4()), machine_id=str(uuid4()))
    )
    for name, value, chip in (
        ("workflow", run.workflow_id, "Workflow Light &amp; &lt;dunes&gt;"),
        ("version", run.workflow_version_id, "Version v14"),
        ("deployment", PRODUCTION, "Deployment flux-live"),
        ("machine", run.machine_id, "Machine flux-h100-eu"),
        ("environment", "production", "Environment production"),
        ("batch", BATCH, f"Batch {BATCH[:8]}"),
    ):
        page = text(ana, f"/?{urlencode({name: value})}")
        assert page.count('<tr class="row"') == 1, name
        label, _, value = chip.partition(" ")
        assert f'<span class="facet-name">{label}</span>' in page
        assert f'<strong class="cut"><bdi>{value}</bdi></strong>' in page
        assert f"<title>{chip} · Runboard</title>" in page


def test_tabs_keep_the_filter_and_chips_take_one_term_away(ana: Client, run: Run) -> None:
    page = text(ana, f"/?machine={run.machine_id}&environment!=-&show=cold")
    kept = f"environment%21=-&amp;machine={run.machine_id}"
    for tab in ("&amp;status=attention", "&amp;status=live", "&amp;starred=1", ""):
        assert links_to(page, f"/?{kept}{tab}"), tab
    assert links_to(page, f"/?machine={run.machine_id}&amp;start=cold")
    assert links_to(page, "/?environment%21=-&amp;start=cold")


def test_pages_of_a_filtered_list_keep_the_filter(ana: Client) -> None:
    for number in range(52):
        store(answer(created=NOON - timedelta(minutes=number)))
    machine = Run.objects.first().machine_id  # type: ignore[union-attr]
    other = store(answer(machine_id=str(uuid4())))
    first = ana.get(f"/?machine={machine}")
    older = ana.get(first.context["older_url"])
    assert older.content.decode().count('class="row"') == 2
    assert str(other.uuid) not in first.content.decode() + older.content.decode()


def test_what_cannot_be_read_is_named_and_left_out(ana: Client, run: Run) -> None:
    page = text(ana, "/?machine=h100&workflow=no-such&workflow=%3Cb%3E")
    assert page.count('<tr class="row"') == 1
    assert "Left out of the filter:" in page
    assert "machine “h100” (not an ID)" in page
    assert "workflow “no-such” (no workflow has this name)" in page
    assert "workflow “&lt;b&gt;”" in page
    assert "<title>Runboard</title>" in page


def test_an_empty_list_leads_to_where_the_most_runs_are(ana: Client, run: Run) -> None:
    page = text(ana, f"/?environment=staging&status=live,success&machine={run.machine_id}")
    assert "<h2>No run matches these filters</h2>" in page
    assert "Without Environment there is 1." in " ".join(page.split())
    assert links_to(page, f"/?machine={run.machine_id}&amp;status=live&amp;status=success")


def test_an_empty_list_leads_nowhere_where_no_single_filter_is_to_blame(
    ana: Client, run: Run
) -> None:
    page = text(ana, "/?environment=staging&status=live")
    assert "<h2>No run matches these filters</h2>" in page and "Without" not in page


def test_neighbours_stay_in_the_filter(ana: Client, run: Run) -> None:
    store(answer(created=NOON - timedelta(minutes=1), machine_id=str(uuid4())))
    same = store(answer(created=NOON - timedelta(minutes=2)))
    response = ana.get(f"{run.get_absolute_url()}older/?machine={run.machine_id}")
    assert response["Location"] == same.get_absolute_url()
    end = ana.get(f"{same.get_absolute_url()}older/?machine={run.machine_id}")
    assert end["Location"] == f"/?machine={run.machine_id}"
    ids = pasted.pack([run.uuid, same.uuid])
    assert ana.get(f"{same.get_absolute_url()}newer/?ids={ids}")["Location"].endswith(
        f"{run.uuid}/"
    )
    assert ana.get(f"{run.get_absolute_url()}newer/?ids={ids}")["Location"] == f"/?ids={ids}"


def test_the_place_in_the_batch_follows_as_more_runs_come(ana: Client, run: Run) -> None:
    assert "Run 1 of 1 in this batch" in text(ana, run.get_absolute_url())
    for minutes in (-1, 1):
        other = store(answer(created=NOON + timedelta(minutes=minutes)))
        Run.objects.filter(pk=other.pk).update(batch_id=BATCH)
    page = text(ana, run.get_absolute_url())
    assert f'href="/batches/{BATCH}/">Run 2 of 3 in this batch' in page


def test_an_environment_that_changes_is_shown(ana: Client, run: Run) -> None:
    text(ana, run.get_absolute_url())
    Deployment.objects.update(environment="staging")
    assert 'href="/?environment=staging">staging</a>' in text(ana, run.get_absolute_url())


def test_json_tells_batch_and_environment(ana: Client, run: Run) -> None:
    told = ana.get(f"/runs/{run.uuid}.json").json()
    assert (told["batch_id"], told["deployment_id"]) == (BATCH, PRODUCTION)
    assert told["names"]["environment"] == "production"
    bare = ana.get(f"/runs/{store(answer()).uuid}.json").json()
    assert (bare["batch_id"], bare["names"]["environment"]) == (None, None)


def test_a_run_of_another_workspace_is_marked(ana: Client, run: Run) -> None:
    assert "ot your workspace" not in text(ana, run.get_absolute_url()) + text(ana, "/")
    Run.objects.filter(pk=run.pk).update(foreign=True, extras_version=99)
    assert text(ana, run.get_absolute_url()).count("Not your workspace") == 2
    assert "not your workspace" in text(ana, "/")


def test_members_follow_its_workflow_from_its_page(ana: Client, run: Run) -> None:
    page = text(ana, run.get_absolute_url())
    assert "may-follow" in page
    assert f'name="next" value="{run.get_absolute_url()}"' in page
    ana.post("/following/", {"q": run.workflow_id, "kind": "workflow"})
    assert Follow.objects.get().target == UUID(run.workflow_id)
    again = text(ana, run.get_absolute_url())
    assert "may-follow" not in again
    assert 'id="follow-form"' not in again


def test_what_was_left_out_can_be_followed_again(ana: Client, run: Run) -> None:
    row, _ = follow.add("workflow", UUID(run.workflow_id), NOON)
    follow.leave_out(row.pk, NOON)
    assert "may-follow" in text(ana, run.get_absolute_url())


def test_viewers_do_not_follow(run: Run) -> None:
    client = Client()
    client.force_login(person("vera", "viewer"))
    assert 'id="follow-form"' not in text(client, run.get_absolute_url())


@pytest.mark.parametrize("make", [answer, running])
def test_it_opens_in_comfydeploy_where_its_site_is_known(ana: Client, settings, make) -> None:  # type: ignore[no-untyped-def]
    run = store(make())
    settings.COMFYDEPLOY_API_URL = "https://comfy.example.com/api"
    assert "Open in ComfyDeploy" not in text(ana, f"{run.get_absolute_url()}")
    settings.COMFYDEPLOY_API_URL = "https://api.comfydeploy.com/api"
    other = store(answer())
    page = text(ana, other.get_absolute_url())
    address = (
        f"https://app.comfydeploy.com/workflows/{other.workflow_id}/requests?run-id={other.uuid}"
    )
    assert f'href="{address}" target="_blank" rel="noopener noreferrer"' in page


def test_share_pages_tell_names_without_links_and_no_batch(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(foreign=True)
    by = person("eva", "admin")
    _, token = share_links.make(run, by, scopes=ALL_SCOPES, title="", life="7", now=timezone.now())
    page = text(Client(), f"/s/{token}/")
    assert 'class="fact-name">flux-h100-eu</span>' in page
    for private in (
        "/?workflow",
        "/?machine",
        "/batches/",
        BATCH,
        "atch</dt>",
        "production",
        "our workspace",
        "app.comfydeploy",
    ):
        assert private not in page, private


def test_what_is_no_id_or_environment_leads_nowhere() -> None:
    for name, value in (
        *(("workflow", value) for value in ("flux", "a,b", "-", '"flux"', "")),
        ("version", "v15"),
        *(("machine", value) for value in ("h100", "-", f"{BATCH},{PRODUCTION}")),
        *(("environment", value) for value in ("-", "a,b", "prod/eu", "")),
    ):
        assert list_url(name, value) == "", (name, value)
    assert list_url("machine", BATCH) == f"/?machine={BATCH}"
    assert list_url("environment", "production") == "/?environment=production"


@pytest.mark.parametrize(
    "query", ["sort=-total", "sort=total", "sort=created", "sort=-run&gpu=H100"]
)
def test_older_and_newer_follow_the_order_of_the_list(ana: Client, query: str) -> None:
    for n in range(5):
        run = store(answer(created=NOON - timedelta(minutes=n)))
        Run.objects.filter(pk=run.pk).update(total=n * 3 % 5 or None, run=n % 2)
    listed = [one["id"] for one in ana.get(f"/runs.json?{query}").json()["runs"]]
    assert len(listed) == 5
    for step, order in (("older", listed), ("newer", listed[::-1])):
        for run_id, follows in zip(order, [*order[1:], None], strict=True):
            to = ana.get(f"/runs/{run_id}/{step}/?{query}")["Location"]
            assert follows in to if follows else to.startswith("/?")
