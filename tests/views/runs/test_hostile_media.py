"""A media server that means harm: nothing reaches where it must not, and the page still works."""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Output, StoredFile
from tests.services.files.test_thumbnails import bomb, chunk
from tests.stored_files import copy_all, counted, on_disk, picture, prepare, run_with

pytestmark = pytest.mark.django_db
KEPT = ("good.png", "lies.png", "script.svg", "bomb.png", "packed.png")
HARMFUL = tuple(f"/{name}" for name in KEPT[1:])
NOTE = b"note\0\0" + zlib.compress(bytes(2_000_000))  # more than Pillow reads
PAGE = b"<!doctype html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"


@contextmanager
def serving(bodies: dict[str, Any], asked: list[str]) -> Iterator[int]:
    """Bytes are sent as image/png, a word is redirected to, None never ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = bodies.get(self.path, b"")
            if isinstance(body, str):
                self.send_response(302)
                self.send_header("Location", body)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            if body is not None:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body or b"")
                while body is None:
                    self.wfile.write(b"\x89PNG\r\n\x1a\n" * 8192)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def test_nothing_reaches_where_it_must_not(settings: Any, tmp_path: Path, ana: Client) -> None:
    inside: list[str] = []
    with serving({}, inside) as victim:
        bodies: dict[str, Any] = {
            "/good.png": picture(),
            "/lies.png": PAGE,
            "/script.svg": SVG,
            "/bomb.png": bomb(60_000, 60_000),
            "/packed.png": bomb(60_000, 60_000, chunk(b"zTXt", NOTE)),
            "/endless.png": None,
            "/cloud.png": "http://169.254.169.254/latest/meta-data/",
            "/back.png": f"http://[::ffff:127.0.0.1]:{victim}/admin",
            "/home.png": f"http://localhost:{victim}/admin",
            "/round.png": "/round.png",
        }
        with serving(bodies, []) as port:
            origin = f"http://127.0.0.1:{port}"
            prepare(settings, tmp_path, origin, KEEP_FILE_BYTES=2_000_000)
            run = run_with(*(origin + path for path in bodies))
            copy_all()
    found = {output.identity: output.filename for output in Output.objects.all()}
    whys = {found[one.identity]: one.reason for one in StoredFile.objects.all()}
    assert whys == {
        **dict.fromkeys(KEPT, ""),
        "endless.png": "too-big",
        **dict.fromkeys(("cloud.png", "back.png", "home.png", "round.png"), "refused"),
    }
    assert inside == []
    assert counted() == sum(path.stat().st_size for path in on_disk(tmp_path)) < 2_000_000
    page = ana.get(run.get_absolute_url())
    assert page.status_code == 200
    assert "Runboard doesn&#x27;t download from this address." in page.content.decode()
    for path in (run.get_absolute_url(), "/"):
        loaded = re.findall(r'\ssrc="([^"]*)"', ana.get(path).content.decode())
        assert not {origin + path for path in HARMFUL} & set(loaded)
    for one in StoredFile.objects.filter(reason=""):
        answer = ana.get(f"/runs/{run.uuid}/files/{one.pk}/{found[one.identity]}")
        shown = answer.headers["Content-Disposition"].startswith("inline")
        assert shown == (found[one.identity] == "good.png")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert b"".join(answer.streaming_content) == bodies[f"/{found[one.identity]}"]


def test_the_list_loads_no_picture_that_was_found_harmful(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    with serving({"/bomb.png": bomb(60_000, 60_000)}, []) as port:
        link = f"http://127.0.0.1:{port}/bomb.png"
        prepare(settings, tmp_path, f"http://127.0.0.1:{port}")
        run_with(link)
        assert link in ana.get("/").content.decode()
        copy_all()
        assert link not in ana.get("/").content.decode()
