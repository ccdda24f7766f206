"""The feed of new runs: one long answer, read as it comes and stopped from outside."""

import contextlib
import math
import socket
import threading
import time
from typing import Any

import requests
import urllib3
from urllib3.connection import HTTPConnection

from dashboard.upstream.client import Client
from dashboard.upstream.deadline import DeadlineAdapter, deadline
from dashboard.upstream.errors import BadAnswer, KeyRejected, TimedOut, Unreachable
from dashboard.upstream.failures import name_failure, raise_for_answer

CHUNK = 16_384
EVENT_STREAM = "text/event-stream"
# Seconds; only a thread that nobody has stopped waits that long for a byte.
LONGEST_SILENCE = 900.0


def _keep_alive() -> list[tuple[int, int, int]]:
    """Socket options that find out within two minutes that the other side has gone."""
    wanted = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}
    return [
        *HTTPConnection.default_socket_options,
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        *(
            (socket.IPPROTO_TCP, getattr(socket, name), value)
            for name, value in wanted.items()
            if hasattr(socket, name)  # not on every system
        ),
    ]


class FeedAdapter(DeadlineAdapter):
    """The client's adapter with TCP keep-alive: the feed itself sends nothing while idle."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, socket_options=_keep_alive(), **kwargs)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return super().proxy_manager_for(*args, socket_options=_keep_alive(), **kwargs)


class Feed:
    """One stream with a connection of its own; one thread opens and reads it, any may stop it."""

    def __init__(self, client: Client, path: str) -> None:
        self._client = client
        self._url = f"{client.base_url}{path}"
        self._lock = threading.Lock()
        self._stopped = False
        self._session: requests.Session | None = None
        self._response: requests.Response | None = None

    def open(self) -> None:
        """Connects and reads the headers; raises one of `upstream/errors.py`.

        One request, within the client's bounds for connecting and answering.
        """
        client = self._client
        if not client.sendable:
            raise KeyRejected("COMFYDEPLOY_API_KEY holds characters that no key has.")
        deadline.start(client.read_timeout, time.monotonic() + client.total_timeout)
        try:
            self._ask()
        # Nothing is chained: what requests raises may show the request's headers.
        except requests.Timeout:
            raise TimedOut("ComfyDeploy's feed did not open in time.") from None
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
            raise name_failure(error) from None
        deadline.start(LONGEST_SILENCE, math.inf)

    def _ask(self) -> None:
        self._session = self._client.new_session(FeedAdapter(max_retries=0), accept=EVENT_STREAM)
        response = self._session.get(
            self._url,
            timeout=(self._client.connect_timeout, self._client.read_timeout),
            headers={"Accept-Encoding": "identity", "Cache-Control": "no-cache"},
            stream=True,
            allow_redirects=False,
        )
        with self._lock:
            self._response = response
            if self._stopped:
                self._shut_down()
        raise_for_answer(response)
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        encoded = response.headers.get("Content-Encoding", "identity").strip().lower()
        if response.status_code != 200 or kind != EVENT_STREAM or encoded != "identity":
            raise BadAnswer("What answered is no feed.")

    def read(self) -> bytes:
        """The next bytes, at most 16 KB, waiting for them; empty at the end and when stopped.

        Raises Unreachable where the stream breaks off.
        """
        assert self._response is not None
        try:
            return b"" if self._stopped else self._response.raw.read1(CHUNK) or b""
        except (OSError, ValueError, urllib3.exceptions.HTTPError):
            if self._stopped:
                return b""
            raise Unreachable("The feed broke off.") from None

    def stop(self) -> None:
        """Ends a read under way in another thread, or the stream as soon as it opens."""
        with self._lock:
            self._stopped = True
            self._shut_down()

    def _shut_down(self) -> None:
        if self._response is None:
            return
        # Closing would wait for the read that is under way; shutting down ends it.
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            self._response.raw.shutdown()

    def close(self) -> None:
        """Gives the connection up; for the thread that reads."""
        with self._lock:
            response, self._response = self._response, None
        if response is not None:
            response.close()
        if self._session is not None:
            self._session.close()
