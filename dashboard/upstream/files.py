"""Fetches the files that outputs link to, from the public Internet alone.

Links come from workflows and are not trusted: the name is resolved once, every
address is checked, and the connection goes to a checked address. Redirects are checked again.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin

import certifi
import urllib3
from cachetools import LRUCache
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Timeout, Url, parse_url

from dashboard.domain.text.links import safe_url
from dashboard.domain.text.network_addresses import is_own, is_public
from dashboard.upstream.deadline import Pool, SecurePool, deadline
from dashboard.upstream.file_errors import (
    AddressRefused,
    DownloadBroken,
    FileForbidden,
    FileRemoved,
    FileTooLarge,
    StorageUnreachable,
)

MAX_REDIRECTS = 3
MAX_ADDRESSES = 3
MAX_POOLS = 32
CHUNK = 65_536
REDIRECTS = (301, 302, 303, 307, 308)
PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the system's order, once each."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Origin(NamedTuple):
    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Download:
    """A file being downloaded: its length where the server sent it, and its bytes, once."""

    length: int | None
    pieces: Iterator[bytes]


class Fetcher:
    """Opens links; persistent connections are shared by all threads.

    `local_origin` is the one origin on this computer that is let through: the
    simulator's. Nothing of the environment is used: no proxy, no netrc.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        local_origin: str = "",
        resolve: Resolve = resolve,
        connect_timeout: float = 5,
        read_timeout: float = 10,
        total_timeout: float = 300,
        at_once: int = 8,
        ca_certs: str = certifi.where(),
    ) -> None:
        self._headers = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        self._local = _origin(parse_url(local_origin)) if local_origin else None
        self._resolve = resolve
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._total_timeout = total_timeout
        self._at_once, self._ca_certs = at_once, ca_certs
        self._pools: LRUCache[tuple[Origin, str], HTTPConnectionPool] = LRUCache(MAX_POOLS)
        self._lock = threading.Lock()

    @contextmanager
    def open(self, url: str, max_bytes: int) -> Iterator[Download]:
        """A link's file, to be read inside; raises one of `upstream/file_errors.py`.

        Never more than `max_bytes` of it come, nor does it take longer than
        `total_timeout`, however slowly it drips.
        """
        deadline.start(self._read_timeout, time.monotonic() + self._total_timeout)
        try:
            with closing(self._follow(url)) as response:
                _check(response)
                length = response.length_remaining
                if length is not None and length > max_bytes:
                    raise FileTooLarge(f"{length:,} bytes are announced, {max_bytes:,} allowed.")
                length = None if response.headers.get("content-encoding") else length
                yield Download(length, _pieces(response, max_bytes))
        except (TimeoutError, urllib3.exceptions.TimeoutError):
            raise StorageUnreachable("It did not come in time.") from None
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.SSLError) as error:
            raise StorageUnreachable(f"No connection: {type(error).__name__}.") from None
        except HTTPError as error:
            raise DownloadBroken(f"The answer broke off: {type(error).__name__}.") from None

    def _follow(self, url: str) -> BaseHTTPResponse:
        local = _read(url)[0] == self._local
        for _ in range(MAX_REDIRECTS + 1):
            response = self._ask(url, local)
            if response.status not in REDIRECTS:
                return response
            response.close()
            url = _onward(url, response.headers.get("location", ""))
        raise AddressRefused(f"It redirects more than {MAX_REDIRECTS} times.")

    def _ask(self, url: str, local: bool) -> BaseHTTPResponse:
        origin, target, host = _read(url)
        for address in self._addresses(origin, local)[:MAX_ADDRESSES]:
            try:
                return self._get(origin, address, target, host)
            except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
                if deadline.remaining() <= 0:
                    break
        raise StorageUnreachable(f"{origin.host} takes no connection.")

    def _get(self, origin: Origin, address: str, target: str, host: str) -> BaseHTTPResponse:
        pool = self._pool(origin, address)
        deadline.reset()
        try:
            return self._once(pool, target, host)
        except urllib3.exceptions.ProtocolError:
            # A persistent connection that was closed while idle: once more over a new one.
            if deadline.fresh or deadline.received:
                raise
        deadline.reset()
        return self._once(pool, target, host)

    def _once(self, pool: HTTPConnectionPool, target: str, host: str) -> BaseHTTPResponse:
        return pool.urlopen(
            "GET",
            target,
            headers={**self._headers, "Host": host},
            retries=False,
            redirect=False,
            timeout=Timeout(
                connect=max(0.01, min(self._connect_timeout, deadline.remaining())),
                read=self._read_timeout,
            ),
            preload_content=False,
            decode_content=False,
        )

    def _addresses(self, origin: Origin, local: bool) -> list[str]:
        """Where to connect: every address of the name was found good."""
        try:
            found = self._resolve(origin.host, origin.port)
        except (OSError, UnicodeError):
            raise StorageUnreachable(f"{origin.host} is not known.") from None
        own = local and origin == self._local
        if not found or not all(is_own(each) if own else is_public(each) for each in found):
            raise AddressRefused(f"{origin.host} is no address of the public Internet.")
        with self._lock:
            return sorted(found, key=lambda address: (origin, address) not in self._pools)

    def _pool(self, origin: Origin, address: str) -> HTTPConnectionPool:
        with self._lock:
            pool = self._pools.get((origin, address))
            if pool is None:
                pool = self._pools[origin, address] = self._new_pool(origin, address)
            return pool

    def _new_pool(self, origin: Origin, address: str) -> HTTPConnectionPool:
        """Connections to the checked address alone; a certificate is held to the name."""
        if origin.scheme == "http":
            return Pool(address, origin.port, maxsize=self._at_once)
        return SecurePool(
            address,
            origin.port,
            maxsize=self._at_once,
            cert_reqs="CERT_REQUIRED",
            ca_certs=self._ca_certs,
            server_hostname=origin.host,
        )


def _read(url: str) -> tuple[Origin, str, str]:
    """Where a link leads, what is asked for there, and the Host header."""
    safe = safe_url(url)
    try:
        parts = parse_url(safe or "")
    except LocationParseError:
        raise AddressRefused("Its link cannot be read.") from None
    if safe is None or not parts.host:
        raise AddressRefused("Its link is no address of the web.")
    return _origin(parts), parts.request_uri, parts.netloc or ""


def _onward(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise AddressRefused("It redirects to what cannot be read.") from None


def _origin(parts: Url) -> Origin:
    scheme = parts.scheme or ""
    host = (parts.host or "").strip("[]").rstrip(".")
    return Origin(scheme, host, parts.port or PORTS.get(scheme, 0))


def _check(response: BaseHTTPResponse) -> None:
    status = response.status
    if status == 200:
        return
    message = f"The answer is {status}."
    if status in (400, 401, 403):
        raise FileForbidden(message)
    if status in (404, 410):
        raise FileRemoved(message)
    raise StorageUnreachable(message) if status == 429 or status >= 500 else DownloadBroken(message)


def _pieces(response: BaseHTTPResponse, max_bytes: int) -> Iterator[bytes]:
    """The decoded body as it comes; a packed one is counted unpacked."""
    size = 0
    for piece in response.stream(CHUNK, decode_content=True):
        size += len(piece)
        if size > max_bytes:
            raise FileTooLarge(f"More than {max_bytes:,} bytes came.")
        yield piece
