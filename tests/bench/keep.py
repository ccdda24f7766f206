"""Keeping 400 images of 200 KB from a server that takes 20 ms, beside curl's parallel download."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from random import Random
from statistics import median

from PIL import Image

FILES, BYTES, LATENCY, AT_ONCE, ROUNDS = 400, 200_000, 0.02, 8, 3
SERVER = """
import sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from tests.bench.keep import LATENCY, image
body = image()
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 18
    def do_GET(self):
        time.sleep(LATENCY)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""
FILE_WORKER = """
import sys, time, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from dashboard.models import StoredFile
from dashboard.services.worker.file_worker import FileWorker
from tests.bench.keep import names
from tests.stored_files import run_with
run_with(*names(sys.argv[1]))
start = time.monotonic()
FileWorker(print).start()
while StoredFile.objects.filter(next_at__isnull=False).exists():
    time.sleep(0.05)
print(time.monotonic() - start, StoredFile.objects.filter(reason="").count())
"""


def main() -> None:
    print(f"\nKeeping {FILES} images of {BYTES // 1000} KB, {LATENCY * 1000:.0f} ms each, "
          f"{AT_ONCE} at once")  # fmt: skip
    if not shutil.which("curl"):
        print("(left out: there is no curl)")
        return
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    origin = f"http://127.0.0.1:{server.stdout.readline().strip()}"
    try:
        pairs = [(by_curl(origin), by_runboard(origin)) for _ in range(ROUNDS)]
    finally:
        server.kill()
    curl, ours = median(one for one, _ in pairs), median(two for _, two in pairs)
    print(f"{'curl --parallel':34}{curl:10.2f} s")
    print(f"{'Runboard, with small pictures':34}{ours:10.2f} s{ours / curl:8.1f} x")


def by_curl(origin: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        command = [
            "curl",
            "-sS",
            "--no-progress-meter",
            "--parallel",
            "--parallel-max",
            str(AT_ONCE),
            "--remote-name-all",
        ]
        subprocess.run([*command, *names(origin)], cwd=folder, check=True)
        took = time.monotonic() - start
        assert len(list(Path(folder).iterdir())) == FILES
    return took


def by_runboard(origin: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        given = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/keep.sqlite3",
            "COMFYDEPLOY_API_URL": f"{origin}/api",
            "KEEP_OUTPUTS": "all",
            "KEEP_FREE_PERCENT": "0",
            "FILES_FOLDER": f"{folder}/files",
        }
        command = [sys.executable, "-c", FILE_WORKER, origin]
        done = subprocess.run(command, env=given, check=True, capture_output=True, text=True)
    took, kept = done.stdout.split()[-2:]
    assert int(kept) == FILES, done.stdout
    return float(took)


def names(origin: str) -> list[str]:
    return [f"{origin}/{number:03}.jpg" for number in range(FILES)]


def image() -> bytes:
    """A JPEG with something to decode, of BYTES bytes."""
    noise = Image.frombytes("RGB", (256, 192), Random(1).randbytes(256 * 192 * 3))
    out = BytesIO()
    noise.resize((1024, 768)).save(out, "JPEG", quality=40)
    assert out.tell() <= BYTES, out.tell()
    return out.getvalue().ljust(BYTES, b"\0")
