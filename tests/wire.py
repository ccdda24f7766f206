"""A server of scripted bytes on a real socket: drops, drips and nonsense included."""

import contextlib
import gzip
import socket
import threading
from collections.abc import Callable
from types import TracebackType

Step = Callable[["Wire", socket.socket], bool]  # False ends the connection


def answer(
    body: bytes = b"{}", status: str = "200 OK", *, length: int | None = None, **headers: str
) -> bytes:
    """One HTTP answer; a header's underscores become hyphens."""
    fields = {"content-length": str(len(body) if length is None else length)}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def zipped(body: bytes) -> bytes:
    return answer(gzip.compress(body), content_encoding="gzip")


def chunked(*pieces: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def send(data: bytes) -> Step:
    """Answers and keeps the connection."""

    def step(_: "Wire", peer: socket.socket) -> bool:
        peer.sendall(data)
        return True

    return step


def cut(data: bytes = b"") -> Step:
    """Sends this much and closes."""

    def step(_: "Wire", peer: socket.socket) -> bool:
        peer.sendall(data)
        return False

    return step


def drip(data: bytes, every: float) -> Step:
    """Sends a byte at a time, until the other side has had enough."""

    def step(wire: "Wire", peer: socket.socket) -> bool:
        for byte in data:
            if wire.over.wait(every):
                return False
            peer.sendall(bytes([byte]))
        return True

    return step


def hang(wire: "Wire", _: socket.socket) -> bool:
    """Says nothing for as long as the test lasts."""
    wire.over.wait(30)
    return False


class Wire:
    """Each request takes the next step of the script; the last one repeats."""

    def __init__(self, *script: Step | bytes) -> None:
        self.script = list(script)
        self.requests: list[str] = []
        self.connections = 0
        self.over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/api"

    def __enter__(self) -> "Wire":
        self._start(self._accept)
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, peer)

    def _serve(self, peer: socket.socket) -> None:
        peer.settimeout(0.1)
        with peer, contextlib.suppress(OSError):
            while (request := self._read(peer)) is not None:
                self.requests.append(request)
                step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
                step = send(step) if isinstance(step, bytes) else step
                if not step(self, peer):
                    return

    def _read(self, peer: socket.socket) -> str | None:
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            try:
                piece = peer.recv(65536)
            except TimeoutError:
                if self.over.is_set():
                    return None
                continue
            if not piece:
                return None
            data += piece
        return data.decode("latin-1")
