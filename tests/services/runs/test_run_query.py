"""Which runs the filters of a query string let through."""

from uuid import uuid4

import pytest
from django.utils import timezone

from dashboard.domain.filters.query import parse
from dashboard.domain.listing import DEPLOYMENT, MACHINE, VERSION, WORKFLOW
from dashboard.models import Deployment, Name, Run, Workflow
from dashboard.services.runs import run_query, search_index
from dashboard.services.runs.run_filter import RunFilter
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db
FLUX, VIDEO = "2ca3f0a3-9056-4e34-a0f1-edc4786b7985", "999e772e-7cc5-4152-83d1-6854a5aafcbe"
V9, V15, V16, V15_VIDEO = (f"{number}84bd1a0-5b0d-4a53-b8a0-7f4a4b6a3c11" for number in "1234")
PRODUCTION, STAGING, UNKNOWN = (f"{number}4dc8e5d-27b4-4a0b-b21c-5a9fd6f5b771" for number in "567")
BATCH, OTHER_BATCH = (f"{number}a9f57c0-45c1-4fd9-8fd1-0b6a5a2f1c52" for number in "89")
MACHINE_ID = "7123804d-0eed-40af-827d-e8d3c9556b2f"

# The runs by letter: workflow, version, deployment, batch; every second is live.
RUNS = {
    "a": (FLUX, V9, PRODUCTION, BATCH),
    "b": (FLUX, V15, STAGING, BATCH),
    "c": (FLUX, V16, UNKNOWN, OTHER_BATCH),
    "d": (VIDEO, V15_VIDEO, PRODUCTION, None),
    "e": (None, None, None, None),
}
NAMED = {
    (WORKFLOW, FLUX): "lighthouse-flux",
    (WORKFLOW, VIDEO): "Dunes, slow",
    (VERSION, V9): "v9",
    (VERSION, V15): "v15",
    (VERSION, V16): "v16",
    (VERSION, V15_VIDEO): "v15",
    (DEPLOYMENT, PRODUCTION): "flux-live",
    (MACHINE, MACHINE_ID): "flux-h100-eu",
}


@pytest.fixture
def board() -> dict[int, str]:
    """The letters of stored runs by their keys."""
    now, letters = timezone.now(), {}
    for at, (letter, (workflow, version, deployment, batch)) in enumerate(RUNS.items()):
        made = running if at % 2 else answer
        run = store(
            made(
                workflow_id=workflow,
                workflow_version_id=version,
                machine_id=MACHINE_ID if letter in "ab" else None,
            )
        )
        Run.objects.filter(pk=run.pk).update(deployment_id=deployment, batch_id=batch)
        letters[run.pk] = letter
    for (kind, upstream_id), text in NAMED.items():
        Name.objects.update_or_create(kind=kind, upstream_id=upstream_id, defaults={"text": text})
    for pk, environment in ((PRODUCTION, "production"), (STAGING, "staging"), (UNKNOWN, "")):
        Deployment.objects.create(uuid=pk, environment=environment, seen_at=now)
    search_index.index_runs(letters)
    return letters


def listed(board: dict[int, str], *pairs: tuple[str, str]) -> str:
    query = run_query.settled(parse(pairs))
    runs = RunFilter(query=query).runs()
    return "".join(sorted(board[run.pk] for run in runs))


@pytest.mark.parametrize(
    ("pairs", "letters"),
    [
        ([("workflow", FLUX)], "abc"),
        ([("workflow", FLUX), ("workflow", VIDEO)], "abcd"),
        ([("workflow", f"{FLUX},{VIDEO}")], "abcd"),
        ([("workflow", "lighthouse-flux")], "abc"),
        ([("workflow", '"Dunes, slow",lighthouse-flux')], "abcd"),
        ([("workflow", f'"Dunes, slow",{FLUX}')], "abcd"),
        ([("workflow!", FLUX)], "de"),
        ([("workflow!", "lighthouse-flux")], "de"),
        ([("workflow!", f"{FLUX},{VIDEO}")], "e"),
        ([("workflow", "-")], "e"),
        ([("workflow!", "-")], "abcd"),
        ([("workflow", f"-,{VIDEO}")], "de"),
        ([("workflow!", f"-,{VIDEO}")], "abc"),
        ([("version", V9)], "a"),
        ([("version", "-")], "e"),
        ([("workflow", FLUX), ("version", "v15")], "b"),
        ([("workflow", FLUX), ("version", "v15,v9")], "ab"),
        ([("workflow", FLUX), ("version", ">=v15")], "bc"),
        ([("workflow", FLUX), ("version", ">=v9")], "abc"),
        ([("workflow", FLUX), ("version", ">=v10")], "bc"),
        ([("workflow", FLUX), ("version", ">=v17")], ""),
        ([("workflow", FLUX), ("version!", ">=v15")], "a"),
        ([("workflow", FLUX), ("version!", "v15")], "ac"),
        ([("workflow", f"{FLUX},{VIDEO}"), ("version", "v15")], "bd"),
        ([("deployment", PRODUCTION)], "ad"),
        ([("deployment!", PRODUCTION)], "bce"),
        ([("deployment", "-")], "e"),
        ([("environment", "production")], "ad"),
        ([("environment", "Production,staging")], "abd"),
        ([("environment!", "production")], "bce"),
        ([("environment", "-")], "ce"),
        ([("environment!", "-")], "abd"),
        ([("environment", "-,staging")], "bce"),
        ([("environment", "preview")], ""),
        ([("machine", MACHINE_ID)], "ab"),
        ([("machine!", MACHINE_ID)], "cde"),
        ([("machine", "-")], "cde"),
        ([("batch", BATCH)], "ab"),
        ([("batch", f"{BATCH},{OTHER_BATCH}")], "abc"),
        ([("batch", "-")], "de"),
        ([("batch!", BATCH), ("batch!", "-")], "c"),
        ([("batch", str(uuid4()))], ""),
        ([("workflow", FLUX), ("environment", "production"), ("batch", BATCH)], "a"),
        ([("workflow", FLUX), ("workflow!", FLUX)], ""),
    ],
)
def test_terms_are_or_ed_within_a_name_and_and_ed_between(
    board: dict[int, str], pairs: list[tuple[str, str]], letters: str
) -> None:
    assert listed(board, *pairs) == letters


def test_what_cannot_be_read_is_never_an_empty_list(board: dict[int, str]) -> None:
    query = run_query.settled(parse([("workflow", "no-such"), ("version", "v15")]))
    assert query.terms == ()
    assert [(each.name, each.why) for each in query.ignored] == [
        ("workflow", run_query.NO_NAME),
        ("version", "needs a workflow"),
    ]
    assert listed(board, ("machine", "h100"), ("batch", BATCH)) == "ab"


def test_a_workflow_without_runs_is_known_by_its_name(board: dict[int, str]) -> None:
    Workflow.objects.create(uuid=uuid4(), name="brand new", seen_at=timezone.now())
    query = run_query.settled(parse([("workflow", "brand new")]))
    assert not query.ignored
    assert listed(board, ("workflow", "brand new")) == ""


def test_they_join_with_tabs_and_searches(board: dict[int, str]) -> None:
    assert listed(board, ("workflow", FLUX), ("status", "live")) == "b"
    assert listed(board, ("environment", "production"), ("status", "live")) == "d"
    assert listed(board, ("workflow", FLUX), ("q", "dunes")) == ""
    assert listed(board, ("deployment", PRODUCTION), ("q", "dunes")) == "d"
    assert listed(board, ("q", f"dunes deployment:{PRODUCTION}")) == "d"
    assert listed(board, ("q", f"dunes -deployment:{PRODUCTION}")) == ""
    assert listed(board, ("batch", BATCH), ("starred", "1")) == ""


def test_terms_are_called_by_their_names(board: dict[int, str]) -> None:
    listed_only = uuid4()
    Workflow.objects.create(uuid=listed_only, name="brand new", seen_at=timezone.now())
    query = parse([
        ("workflow", f"{FLUX},{listed_only}"), ("version", f"{V9},>=v15"), ("machine", MACHINE_ID),
        ("deployment", STAGING), ("batch", BATCH), ("environment", "production,-"),
    ])  # fmt: skip
    assert list(run_query.called(query).values()) == [
        "lighthouse-flux", "brand new", "v9", ">=v15", STAGING[:8], "production", "-",
        "flux-h100-eu", BATCH[:8],
    ]  # fmt: skip


def test_an_environment_is_found_in_any_case(board: dict[int, str]) -> None:
    Deployment.objects.filter(environment="staging").update(environment="Staging")
    found = run_query.narrowed(Run.objects.all(), parse([("environment", "Staging")]))
    assert {board[run.pk] for run in found} == {"b"}
