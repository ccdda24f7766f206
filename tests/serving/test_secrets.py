"""No secret is found where it must not be: in logs, pages, JSON, the database or a backup."""

import gzip
import re
import secrets
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from dashboard.domain.search.tokens import tokens
from dashboard.simulator import Simulator
from tests.builders import answer, body
from tests.patience import PATIENCE, until
from tests.serving.people import Reader
from tests.serving.test_serve import Serving, checkout, clean, serving

pytestmark = pytest.mark.slow
__all__ = ["checkout", "serving"]  # fixtures
CODE = re.compile(r"with this code, which works once: (\S+)")
KEY = "key-of-this-very-test-0123456789"


class Board:
    """A served Runboard with its watcher, and every secret that somebody meets there."""

    def __init__(self, place: Path, start: Callable[..., Serving], upstream: Simulator) -> None:
        self.place, self.start, self.upstream = place, start, upstream
        self.environment = {
            "ACCESS": "login",
            "COMFYDEPLOY_API_KEY": KEY,
            "COMFYDEPLOY_API_URL": upstream.url,
        }
        self.serving = start(**self.environment)
        until(lambda: CODE.search(self.output()))
        self.pages: list[tuple[str, str]] = []
        self.secrets = {"key": KEY, "code": CODE.search(self.output())[1]}  # type: ignore[index]

    @property
    def database(self) -> Path:
        (found,) = (self.place / "var").glob("*.sqlite3")
        return found

    def output(self) -> str:
        return self.serving.log.read_text()

    def reader(self) -> Reader:
        return Reader(self.serving.url, self.pages)

    def password(self, whose: str) -> str:
        return self.secrets.setdefault(f"password of {whose}", f"pw-{secrets.token_hex(12)}")

    def keep_cookie(self, of: str, reader: Reader) -> None:
        self.secrets[f"session of {of}, {len(self.secrets)}"] = reader.cookie

    def keep_link(self, name: str, response: requests.Response) -> str:
        """The token of a link that is shown once, in this answer; which is not kept as read."""
        assert response.status_code == 200
        assert self.pages.pop()[1] == response.text
        link = re.search(r'data-copy-text="(http[^"]+/([\w-]{22,})/)"', response.text)
        assert link, response.text
        self.secrets[name] = link[2]
        return link[1]

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.place,
            env=clean(**self.environment),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        return done.stdout + done.stderr


@pytest.fixture
def board(checkout: Path, serving: Callable[..., Serving]) -> Iterator[Board]:
    with Simulator(port=0, key=KEY) as upstream:
        yield Board(checkout, serving, upstream)


def first_admin(board: Board) -> Reader:
    eva = board.reader()
    form = {"username": "eva", "password": board.password("eva")}
    assert eva.get("/welcome/").status_code == 200
    assert eva.post("/welcome/", code="AAAAA-BBBBB-CCCCC-DDDDD", **form).status_code == 422
    assert eva.post("/welcome/", code=board.secrets["code"], **form).status_code == 302
    assert eva.get("/people/").status_code == 200
    board.keep_cookie("eva", eva)
    return eva


def test_the_printed_code_makes_one_admin_and_no_second_one(board: Board) -> None:
    eva = first_admin(board)
    thief = board.reader()
    form = {"username": "mallory", "password": "another long password 9"}
    for code in (board.secrets["code"], board.secrets["code"].lower(), ""):
        response = thief.post("/welcome/", code=code, **form)
        assert (response.status_code, response.headers["Location"]) == (302, "/sign-in/")
    assert "mallory" not in eva.get("/people/").text
    assert thief.get("/").status_code == 302
    board.serving.end()
    again = board.start(**board.environment)
    until(lambda: "accepts the key" in again.log.read_text())
    assert not CODE.search(again.log.read_text()), "no code once there is an account"


def invited(board: Board, eva: Reader) -> None:
    link = board.keep_link("invitation", eva.post("/people/invite/", role="member"))
    ben = board.reader()
    assert ben.get(link).status_code == 200
    assert ben.post(link, token=False, username="ben", password="x").status_code == 403
    form = {"username": "ben", "password": board.password("ben")}
    assert ben.post(link, **form).status_code == 302
    board.keep_cookie("ben", ben)
    assert ben.post(link, **form).status_code == 410
    assert ben.get(f"{link}nothing/").status_code == 404
    assert ben.get(link.rstrip("/")).status_code == 301


def signed_in_by_link(board: Board, eva: Reader) -> None:
    pks = {int(found) for found in re.findall(r"/people/(\d+)/link/", eva.get("/people/").text)}
    link = board.keep_link("sign-in link", eva.post(f"/people/{max(pks)}/link/"))
    ben = board.reader()
    assert ben.get(link).status_code == 200
    assert ben.post(link, token=False).status_code == 403
    assert ben.post(link).status_code == 302
    board.keep_cookie("ben", ben)
    assert ben.post(link).status_code == 410
    assert ben.get(f"{link}?q=1").status_code == 410
    assert ben.get(f"{link}x/y").status_code == 404
    told = re.search(r"/sign-in/([\w-]{22,})/", board.command("user", "cleo"))
    assert told
    board.secrets["printed link"] = told[1]
    assert board.reader().post(f"/sign-in/{told[1]}/").status_code == 302


def signed_in_by_password(board: Board) -> None:
    eva = board.reader()
    assert eva.sign_in("eva", board.password("a wrong one")).status_code == 200
    assert eva.sign_in("eva", board.password("eva")).status_code == 302
    board.keep_cookie("eva", eva)
    assert eva.post("/sign-out/").status_code == 302
    assert eva.post("/sign-in/", token=False, password=board.password("eva")).status_code == 403


def called_back(board: Board, eva: Reader) -> None:
    shown = eva.get("/settings/hook/")
    assert board.pages.pop()[1] == shown.text  # shown to admins, on this page alone
    secret = re.search(r"/hooks/comfydeploy/([\w-]+)/", shown.text)
    assert secret
    board.secrets["hook"] = secret[1]
    path, caller = f"/hooks/comfydeploy/{secret[1]}", board.reader().session
    url, told = board.serving.url + path, {"run_id": str(uuid4()), "status": "running"}
    assert caller.post(f"{url}/", json=told, timeout=PATIENCE).status_code == 204
    assert caller.put(f"{url}/", json=told, timeout=PATIENCE).status_code == 405
    assert caller.get(f"{url}/more/", timeout=PATIENCE).status_code == 404
    assert caller.get(url, timeout=PATIENCE, allow_redirects=False).status_code in (301, 404)


def run_with_secrets(board: Board, eva: Reader) -> None:
    run_id = uuid4()
    board.secrets["input"] = secrets.token_hex(16)
    board.secrets["credentials in an address"] = secrets.token_hex(16)
    inputs = {
        "hf_token": board.secrets["input"],
        "image": f"https://ana:{board.secrets['credentials in an address']}@files.example.com/a",
    }
    board.upstream.script(run_id, [body(answer(run_id, workflow_inputs=inputs))])
    page = eva.get(f"/runs/{run_id}/")
    assert (page.status_code, "•••" in page.text) == (200, True)
    for part in (".json", "/snapshots.json", "/raw/", "/facts/", "/log/"):
        assert eva.get(f"/runs/{run_id}{part}").status_code == 200, part


def shared(board: Board, eva: Reader) -> None:
    run_id = uuid4()
    board.upstream.script(run_id, [body(answer(run_id))])
    assert eva.get(f"/runs/{run_id}/").status_code == 200
    form = {"tick": "times", "title": "For you", "life": "7"}
    link = board.keep_link("share link", eva.post(f"/runs/{run_id}/share/", **form))
    guest = board.reader()
    shown = guest.get(link)
    assert (shown.status_code, "For you" in shown.text) == (200, True)
    board.pages.pop()  # a link's own page may name itself
    for part, status in (("live/", 200), ("card.png", 200), ("nothing/", 404)):
        assert (
            board.reader().session.get(f"{link}{part}", timeout=PATIENCE).status_code == status
        ), part
    found = re.search(r"/shares/(\d+)/revoke/", eva.get("/shares/").text)
    assert found and eva.post(f"/shares/{found[1]}/revoke/").status_code == 302
    assert [guest.get(f"{link}{part}").status_code for part in ("", "live/")] == [410, 410]


def failed(board: Board, eva: Reader) -> None:
    """A database that fails under a page with a token: told, logged, and nothing given away."""
    link = board.keep_link("invitation that fails", eva.post("/people/invite/", role="viewer"))
    guest = board.reader()
    form = {"username": "dan", "password": board.password("dan")}
    with sqlite3.connect(board.database) as connection:
        connection.execute("ALTER TABLE dashboard_invitation RENAME TO elsewhere")
    for response in (guest.get(link), guest.post(link, **form)):
        assert response.status_code == 503
    assert "Service Unavailable: /invite/" in board.output()
    with sqlite3.connect(board.database) as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO dashboard_invitation")


def read_everything(board: Board, eva: Reader) -> None:
    assert eva.crawl("/") > 10
    assert eva.crawl("/django-admin/", most=80) > 20
    for path in ("/account/", "/people/", "/audit/", "/following/", "/readyz", "/nothing/"):
        eva.get(path)
    board.pages = [(path, text) for path, text in board.pages if path != "/settings/hook/"]


def places(board: Board) -> dict[str, str]:
    """Everything that outlives a request, as text, by where it stands."""
    board.command("backup", "all.gz")
    dump, searched = dumped(board.database)
    raw = b"".join(path.read_bytes() for path in sorted((board.place / "var").glob("*.sqlite3*")))
    return {
        "output": board.output(),
        "dump": dump,
        "searched": searched,
        "database file": raw.decode("latin-1"),
        "backup": gzip.decompress((board.place / "all.gz").read_bytes()).decode(),
        **{f"page {at} {path}": text for at, (path, text) in enumerate(board.pages)},
    }


def dumped(database: Path) -> tuple[str, str]:
    """All rows as text, and the words that runs are found by."""
    with sqlite3.connect(database) as there, sqlite3.connect(":memory:") as copy:
        there.backup(copy)
        packed = copy.execute("SELECT content FROM dashboard_searchdocument").fetchall()
        words = [zlib.decompress(content, wbits=-15).decode() for (content,) in packed]
        copy.execute("DROP TABLE dashboard_searchindex")  # its rows have no content to be read
        return "\n".join(copy.iterdump()), "\n".join(words)


def test_secrets_are_nowhere_but_where_they_are_given_out(board: Board) -> None:
    eva = first_admin(board)
    invited(board, eva)
    signed_in_by_password(board)
    signed_in_by_link(board, eva)
    called_back(board, eva)
    run_with_secrets(board, eva)
    shared(board, eva)
    failed(board, eva)
    read_everything(board, eva)
    found = places(board)
    assert len(board.secrets) >= 15
    assert "signed-in" in found["dump"] and "pbkdf2_" in found["dump"], "a dump holds something"
    told = [
        f"{name} in {place}"
        for name, secret in board.secrets.items()
        for place, text in found.items()
        if secret in text and (name, place) != ("code", "output")
    ]
    assert len(found["searched"]) > 20, "words are searched"
    told += [name for name, secret in board.secrets.items() if spelled(secret, found["searched"])]
    assert told == []


def spelled(secret: str, searched: str) -> bool:
    """Whether the words of a secret follow one another among those that are searched."""
    return " ".join(tokens(secret)) in searched
