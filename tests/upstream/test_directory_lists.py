"""Lists of workflows, deployments and machines as ComfyDeploy sends them, and odd ones."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.directory import (
    DEPLOYMENTS,
    FLUID,
    LISTS,
    MACHINES,
    WORKFLOWS,
    ListedDeployment,
    ListedMachine,
    ListedWorkflow,
)
from dashboard.upstream.directory_lists import MOST_ROWS, PAGE_SIZE, list_path, read_page
from dashboard.upstream.errors import BadAnswer
from tests.conftest import SAMPLES

every_list = pytest.mark.parametrize("name", LISTS)


def sample(name: str) -> bytes:
    return (SAMPLES / "directory" / f"{name}.json").read_bytes()


def sent(*rows: Any) -> bytes:
    return json.dumps(rows).encode()


def test_captured_workflows_are_read() -> None:
    page = read_page(WORKFLOWS, sample("workflows-all"))
    assert page.last
    assert [row.name for row in page.rows] == [
        "Pinned, no version", "Upscaler 4x", "Product shots",
    ]  # fmt: skip
    assert page.rows[2] == ListedWorkflow(
        id=UUID("2ca3f0a3-9056-4e34-a0f1-edc4786b7985"),
        name="Product shots",
        org_id="org_acme",
        changed_at=datetime(2026, 11, 26, 21, 30, 17, 638608, UTC),
        deleted=False,
        cover_url="https://comfy-out.s3.us-east-2.amazonaws.com/covers/w1.png",
    )
    (personal,) = read_page(WORKFLOWS, sample("workflows-all-personal")).rows
    assert personal.org_id == ""


def test_captured_deployments_are_read() -> None:
    page = read_page(DEPLOYMENTS, sample("deployments"))
    assert page.last and len(page.rows) == 5
    shared = next(row for row in page.rows if row.name == "Product shots, public-share")
    assert shared == ListedDeployment(
        id=UUID("a45e52f0-97c1-46c2-a936-8f0b4ed987c6"),
        name="Product shots, public-share",
        org_id="org_acme",
        changed_at=datetime(2026, 11, 26, 21, 30, 17, 679000, UTC),
        deleted=False,
        environment="public-share",
        gpu="A10G",
        workflow_id=UUID("2ca3f0a3-9056-4e34-a0f1-edc4786b7985"),
        machine_id=UUID("7123804d-0eed-40af-827d-e8d3c9556b2f"),
        fluid=False,
    )
    (fluid,) = read_page(FLUID, sample("deployments-fluid")).rows
    assert isinstance(fluid, ListedDeployment) and fluid.fluid and fluid.gpu == "H100"


def test_captured_machines_are_read() -> None:
    page = read_page(MACHINES, sample("machines-all"))
    assert page.last
    machines = [row for row in page.rows if isinstance(row, ListedMachine)]
    assert [(row.name, row.gpu) for row in machines] == [
        ("dead", ""), ("Classic", ""), ("H100 <b>beta</b>", "H100"), ("Render farm A10G", "A10G"),
    ]  # fmt: skip


@every_list
@pytest.mark.parametrize("body", [b"", b"null", b"{}", b'{"data": []}', b'"x"', b"<html>"])
def test_what_is_no_list_is_a_bad_answer(name: str, body: bytes) -> None:
    with pytest.raises(BadAnswer):
        read_page(name, body)


@every_list
def test_rows_without_an_id_and_repeated_ones_are_left_out(name: str) -> None:
    row = {"id": str(uuid4()), "name": "first"}
    odd = (None, 3, [], {}, {"id": None}, {"id": 7}, {"id": "x"}, {"id": [row["id"]]})
    page = read_page(name, sent(*odd, row, {**row, "name": "second"}))
    assert [listed.name for listed in page.rows] == ["first"]


@every_list
@pytest.mark.parametrize(
    ("given_date", "read"),
    [
        ("2026-11-26T21:30:17.638608", datetime(2026, 11, 26, 21, 30, 17, 638608, UTC)),
        ("2026-11-26 21:30:17Z", datetime(2026, 11, 26, 21, 30, 17, tzinfo=UTC)),
        ("2026-11-26T21:30Z", datetime(2026, 11, 26, 21, 30, tzinfo=UTC)),
        ("2199-01-01T00:00:00", datetime(2199, 1, 1, tzinfo=UTC)),
        ("1795728617", datetime(2026, 11, 26, 21, 30, 17, tzinfo=UTC)),
        ("9999-12-31", None),
        ("soon", None),
        ([], None),
        (None, None),
    ],
)
def test_dates_in_any_shape(name: str, given_date: object, read: datetime | None) -> None:
    (row,) = read_page(name, sent({"id": str(uuid4()), "updated_at": given_date})).rows
    assert row.changed_at == read


@every_list
def test_wrong_types_are_unknown(name: str) -> None:
    keys = ("name", "org_id", "gpu", "environment", "workflow_id", "machine_id", "cover_image")
    for value in (3, True, [], {}, "x" * 100_000):
        (row,) = read_page(name, sent({"id": str(uuid4()), **dict.fromkeys(keys, value)})).rows
        assert len(row.name) <= 200 and not row.deleted


@pytest.mark.parametrize("value", [True, "true"])
def test_a_deleted_row_is_known_by_its_flag(value: object) -> None:
    (row,) = read_page(WORKFLOWS, sent({"id": str(uuid4()), "deleted": value})).rows
    assert row.deleted


@pytest.mark.parametrize(
    ("cover", "read"),
    [
        ("https://a.example/c.png", "https://a.example/c.png"),
        ("https://user:word@a.example/c.png", "https://a.example/c.png"),
        ("javascript:alert(1)", ""),
        ("https://a.example/" + "c" * 3000, ""),
        (7, ""),
    ],
)
def test_only_a_web_address_is_a_cover(cover: object, read: str) -> None:
    (row,) = read_page(WORKFLOWS, sent({"id": str(uuid4()), "cover_image": cover})).rows
    assert isinstance(row, ListedWorkflow) and row.cover_url == read


def test_a_secret_in_a_name_is_masked() -> None:
    (row,) = read_page(
        MACHINES, sent({"id": str(uuid4()), "name": "sk-abcdefgh12345678901234567890"})
    ).rows
    assert "abcdefgh12345678" not in row.name


def rows(number: int) -> bytes:
    return sent(*({"id": str(UUID(int=n))} for n in range(1, number + 1)))


@pytest.mark.parametrize(
    ("name", "number", "last"),
    [
        (DEPLOYMENTS, 0, True),
        (DEPLOYMENTS, PAGE_SIZE - 1, True),
        (DEPLOYMENTS, PAGE_SIZE, False),
        (FLUID, PAGE_SIZE, False),
        (DEPLOYMENTS, PAGE_SIZE + 1, True),  # page_size was ignored
        (WORKFLOWS, PAGE_SIZE, True),
        (WORKFLOWS, 10_000, True),
        (MACHINES, MOST_ROWS + 1, False),
    ],
)
def test_where_a_list_ends(name: str, number: int, last: bool) -> None:
    page = read_page(name, rows(number))
    assert page.last == last and len(page.rows) == min(number, MOST_ROWS)


def test_paths() -> None:
    assert list_path(WORKFLOWS) == "/workflows/all"
    assert list_path(DEPLOYMENTS, 50) == "/deployments?page_size=25&offset=50"
    assert list_path(FLUID) == "/deployments?is_fluid=true&page_size=25&offset=0"
    assert list_path(MACHINES) == "/machines/all"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.uuids().map(str),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
KEYS = ("id", "name", "updated_at", "deleted", "environment", "workflow", "workflow_id", "gpu")


@given(st.sampled_from(LISTS), st.lists(st.dictionaries(st.sampled_from(KEYS), values) | values))
def test_whatever_rows_hold_is_read_or_left_out(name: str, given_rows: list[Any]) -> None:
    page = read_page(name, sent(*given_rows))
    assert len({row.id for row in page.rows}) == len(page.rows) <= len(given_rows)
