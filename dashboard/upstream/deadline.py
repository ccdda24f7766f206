"""Connections whose every read ends at one deadline, however slowly an answer drips.

requests counts its read timeout anew for each read, so an answer (or its
headers) that drips a byte a second would never end. Here the socket itself
knows when the whole answer must be over.
"""

import io
import socket
import threading
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Deadline(threading.local):
    """How long this thread's request may take, and how far it has come."""

    read_timeout = 10.0
    end = float("inf")
    fresh = False  # a new connection was made for it
    heard = False  # at least one byte has come back

    def start(self, read_timeout: float, end: float) -> None:
        self.read_timeout, self.end = read_timeout, end
        self.again()

    def again(self) -> None:
        self.fresh = self.heard = False

    def remaining(self) -> float:
        return self.end - time.monotonic()


watch = Deadline()


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._raw: Any = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = watch.remaining()
        if remaining <= 0:
            raise TimeoutError("the whole answer took too long")
        self._sock.settimeout(min(watch.read_timeout, remaining))
        size: int | None = self._raw.readinto(buffer)
        watch.heard |= bool(size)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedSocket:
    """A socket (plain or TLS) whose file reads by the watch."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock))


class _Connection(HTTPConnection):
    def connect(self) -> None:
        watch.fresh = True
        super().connect()
        self.sock = _TimedSocket(self.sock)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        watch.fresh = True
        super().connect()
        self.sock = _TimedSocket(self.sock)


class Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class DeadlineAdapter(HTTPAdapter):
    """requests' adapter over watched connections, direct or through a proxy; it never retries."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = {"http": Pool, "https": SecurePool}
        return manager
