"""Whatever stands in an address, a query string or a form: never a failure of ours."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.models import StoredFile
from dashboard.services.sharing import share_links
from tests.builders import answer, element, person, store
from tests.stored_files import put_kept

pytestmark = pytest.mark.django_db
RUN = UUID("7c1e9f42-3b0a-4d1e-9a57-2f6d0c88e1b4")
# Each example asks for several pages.
FEWER = settings(max_examples=settings().max_examples * 2 // 5)

# What breaks readers of text: NUL, surrogates' neighbours, digits that are none of ours, size.
ODD = st.sampled_from(
    [
        *("\0", "\ufffd", "\u202e", "٣٤", "🦊", "'", "{{1}}", "%00", "../.."),
        *("1e999", "-1", "9" * 30, "a" * 3000),
    ]
)
TEXT = st.one_of(ODD, st.text(max_size=80), st.uuids().map(str), st.integers().map(str))
NAMES = ("q", "show", "ids", "over", "after", "before", "tag", "starred", "who", "tick", "title")
QUERY = st.dictionaries(st.sampled_from(NAMES), TEXT, max_size=4)
SEGMENT = st.one_of(TEXT, st.sampled_from([str(RUN), str(RUN).upper(), f"{RUN}.json", RUN.hex]))
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "HX-Request": st.sampled_from(["true", "x"]),
        "HX-PTag": TEXT.map(quote),
        "Accept": st.sampled_from(["application/json", "*/*", "x"]),
        "Range": st.sampled_from(["bytes=0-1", "x"]),
    },
)


@pytest.fixture
def reader(client: Client) -> Client:
    store(answer(RUN, outputs=[element()]))
    client.force_login(person("eva", "admin"))
    return client


def ours(status: int) -> bool:
    """502 and 504 tell of ComfyDeploy, which is not there in these tests."""
    return status < 500 or status in (502, 503, 504)


@FEWER
@given(query=QUERY, headers=HEADERS)
@example(query={"after": "9" * 18 + "_" + "9" * 18}, headers={})
@example(query={"ids": "A" * 22, "over": "9" * 8, "tag": "\0"}, headers={})
def test_query_strings(reader: Client, query: dict[str, str], headers: dict[str, str]) -> None:
    for path in ("/", f"/runs/{RUN}/", f"/runs/{RUN}/live/", f"/runs/{RUN}/share/", "/audit/"):
        assert reader.get(path, query, headers=headers).status_code < 500, path


@FEWER
@given(segment=SEGMENT, end=st.sampled_from(["", "/", ".json", "/snapshots.json", "/live/", "/x"]))
@example(segment=str(RUN), end="/snapshots.json")
@example(segment=f"{{{RUN}}}", end=".json")
def test_json_addresses(reader: Client, segment: str, end: str) -> None:
    response = reader.get(f"/runs/{quote(segment, safe='')}{end}")
    assert ours(response.status_code)
    if response.headers.get("Content-Type") == "application/json":
        assert isinstance(response.json(), dict)


@FEWER
@given(segment=TEXT, to=st.sampled_from(["hooks/comfydeploy", "sign-in", "invite", "s", "people"]))
def test_paths_with_a_token(reader: Client, segment: str, to: str) -> None:
    path = f"/{to}/{quote(segment, safe='')}/"
    for asked in (reader.get, reader.post):
        assert asked(path).status_code < 500


@pytest.fixture
def readers(reader: Client) -> dict[str, Client]:
    """One browser for each role, and one that is not signed in."""
    clients = {"anonymous": Client(), "admin": reader}
    for role in ("viewer", "member"):
        clients[role] = Client()
        clients[role].force_login(person(role, role))
    return clients


@FEWER
@given(query=QUERY, headers=HEADERS, end=st.sampled_from([".json", "/snapshots.json"]))
@example(query={"q": "\0"}, headers={"HX-PTag": "%00", "Range": "bytes=0-1"}, end=".json")
def test_json_of_a_run_for_every_reader(
    readers: dict[str, Client], query: dict[str, str], headers: dict[str, str], end: str
) -> None:
    for role, client in readers.items():
        response = client.get(f"/runs/{RUN}{end}", query, headers=headers)
        assert response.status_code == (401 if role == "anonymous" else 200), role
        if headers.get("HX-Request") != "true":
            assert isinstance(response.json(), dict)


@pytest.fixture
def shared(db: None) -> str:
    """The address of a good link to a run with a kept file."""
    run = store(answer(RUN, outputs=[element()]))
    StoredFile.objects.filter(pk=put_kept(run).pk).update(type="text/plain", inline=True)
    scopes, now = ("outputs", "times"), timezone.now()
    _, token = share_links.make(run, person("ana"), scopes=scopes, title="", life="7", now=now)
    return f"/s/{token}"


@FEWER
@given(pk=TEXT, name=TEXT, query=QUERY, headers=HEADERS)
@example(pk="9" * 30, name="a.png", query={}, headers={"Range": "bytes=0-1"})
@example(pk="9" * 18, name="\0", query={}, headers={})
def test_odd_files_of_a_good_link(
    shared: str, pk: str, name: str, query: dict[str, str], headers: dict[str, str]
) -> None:
    path = "/".join(quote(each, safe="") for each in (pk, name))
    response = Client().get(f"{shared}/files/{path}", query, headers=headers)
    assert response.status_code in (200, 206, 304, 404, 416)


FORMS: list[tuple[str, Callable[[str], dict[str, Any]]]] = [
    ("/runs/", lambda text: {"q": text}),
    ("/following/", lambda text: {"q": text, "kind": text}),
    ("/people/invite/", lambda text: {"role": text}),
    ("/account/sessions/end/", lambda text: {"session": text}),
    (f"/runs/{RUN}/title/", lambda text: {"text": text}),
    (f"/runs/{RUN}/tags/", lambda text: {"text": text}),
    (f"/runs/{RUN}/notes/", lambda text: {"text": text}),
    (f"/runs/{RUN}/share/", lambda text: {"tick": text, "title": text, "life": text}),
    (f"/runs/{RUN}/star/", lambda text: {"on": text, "from": text}),
]


@FEWER
@given(text=TEXT)
@example(text="\ud7ff\ue000 \0 \x1b[0m")
def test_forms(reader: Client, text: str) -> None:
    for path, form in FORMS:
        assert ours(reader.post(path, form(text)).status_code), path


@FEWER
@given(raw=st.binary(max_size=60))
def test_bytes_that_are_no_text(reader: Client, raw: bytes) -> None:
    escaped = quote(raw, safe="")
    for path in (f"/?q={escaped}&tag={escaped}", f"/runs/{escaped}/", f"/runs/{escaped}.json"):
        assert ours(reader.get(path).status_code), path
    sent = "application/x-www-form-urlencoded"
    assert ours(reader.post("/runs/", b"q=" + raw, content_type=sent).status_code)
