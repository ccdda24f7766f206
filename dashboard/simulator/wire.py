"""An HTTP server with uvicorn's header names and order; closes connections idle for 5 s."""

import select
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import datetime
from email.message import Message
from email.utils import format_datetime
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dashboard.simulator.http_replies import Reply

IDLE = 5.0
Accepted = socket.socket | tuple[bytes, socket.socket]  # as socketserver names a request
Handle = Callable[[str, str, Message], Reply]


class Wire(ThreadingHTTPServer):
    """Passes requests to `handle` and sends its replies."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], handle: Handle, clock: Callable[[], datetime]
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.handle, self.clock = handle, clock
        self._open: set[Accepted] = set()
        super().__init__(address, _Connection)

    def server_bind(self) -> None:
        # The standard server looks up its own name in the DNS, which may take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def process_request(self, request: Accepted, client_address: object) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Accepted) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Accepted, client_address: object) -> None:
        # A client that closed its connection is no error; anything else is.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def end(self) -> None:
        """Stops listening and closes every connection."""
        self.shutdown()
        self.server_close()
        for connection in [each for each in list(self._open) if isinstance(each, socket.socket)]:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE
    disable_nagle_algorithm = True
    server: Wire
    raw_requestline: bytes

    def _serve(self) -> None:
        # The target as it was sent: the standard library shortens a leading "//".
        target = self.raw_requestline.split()[1].decode("latin-1")
        length = self.headers.get("content-length", "")
        if length.isdigit():
            self.rfile.read(min(int(length), 1_000_000))
        self._send(self.server.handle(self.command, target, self.headers))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _send(self, reply: Reply) -> None:
        if reply.stream is not None and self.command != "HEAD":
            self._send_parts(reply, reply.stream)
            return
        message = _head(reply, self.server.clock())
        if self.command != "HEAD":
            message += reply.body
        if reply.sent < 1.0:
            self.close_connection = True
            message = message[: int(len(message) * reply.sent)]
        self.wfile.write(message)

    def _send_parts(self, reply: Reply, stream: Generator[bytes, None, None]) -> None:
        """Sends a stream in chunks until it ends or the client is gone; no timeout ends it."""
        self.connection.settimeout(None)
        with closing(stream) as parts:
            if reply.head:
                self.wfile.write(_head(reply, self.server.clock()))
            for part in parts:
                if part:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
                elif self._is_gone():
                    self.close_connection = True
                    return
        self.wfile.write(b"0\r\n\r\n")
        self.connection.settimeout(self.timeout)

    def _is_gone(self) -> bool:
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing is logged: the simulator keeps its requests in memory."""


def _head(reply: Reply, now: datetime) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} {responses.get(reply.status, '')}",
        f"date: {format_datetime(now, usegmt=True)}",
        f"server: {reply.server}",
        *(f"{name}: {value}" for name, value in reply.headers),
    ]
    if reply.status != 304 and reply.stream is None:
        lines.append(f"content-length: {len(reply.body)}")
    if reply.content_type:
        lines.append(f"content-type: {reply.content_type}")
    if reply.stream is not None:
        lines.append("Transfer-Encoding: chunked")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
