"""Connections whose reads all end at one deadline, however slowly an answer arrives.

requests counts its read timeout anew for each read, so an answer (or its
headers) that drips a byte a second would never end. Here the socket itself
ends at the deadline of the whole answer.
"""

import io
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Deadline(threading.local):
    """When this thread's request must end, and whether it has connected and received anything."""

    read_timeout = 10.0
    end = float("inf")
    fresh = False  # a new connection was made for the request
    received = False  # at least one byte of the answer has arrived

    def start(self, read_timeout: float, end: float) -> None:
        """Starts a request: `read_timeout` in seconds, `end` on the monotonic clock."""
        self.read_timeout, self.end = read_timeout, end
        self.reset()

    def reset(self) -> None:
        """Before another try under the same deadline."""
        self.fresh = self.received = False

    def remaining(self) -> float:
        """The seconds left; negative after the end."""
        return self.end - time.monotonic()


deadline = Deadline()
"""The deadline of the request that this thread sends."""


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        remaining = deadline.remaining()
        if remaining <= 0:
            raise TimeoutError("the whole answer took too long")
        self._sock.settimeout(min(deadline.read_timeout, remaining))
        size = self._raw.readinto(buffer)
        deadline.received |= bool(size)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedSocket:
    """A socket (plain or TLS) whose file reads by the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def __getattr__(self, name: str) -> object:
        return getattr(self._sock, name)

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock))


class _Connection(HTTPConnection):
    def connect(self) -> None:
        deadline.fresh = True
        super().connect()
        self.sock = _TimedSocket(self.sock)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        deadline.fresh = True
        super().connect()
        self.sock = _TimedSocket(self.sock)


class Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class DeadlineAdapter(HTTPAdapter):
    """The adapter of requests with a deadline, direct or through a proxy; it never retries."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}
        return manager
