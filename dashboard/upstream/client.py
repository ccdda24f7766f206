"""The client of ComfyDeploy's API: reads only, within bounds, with named failures."""

import ipaddress
import threading
import time
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit
from uuid import UUID

import requests
import urllib3
from requests.auth import AuthBase

from dashboard.upstream.deadline import DeadlineAdapter, deadline
from dashboard.upstream.errors import BadAnswer, KeyRejected, NotFound, TimedOut, Unreachable
from dashboard.upstream.failures import name_failure, raise_for_answer

NIL = UUID(int=0)
CHUNK = 16_384
TOO_SLOW = "ComfyDeploy did not finish its answer within {:g} s."
TOO_LARGE = "ComfyDeploy's answer is larger than {:,} bytes."


class _Bearer(AuthBase):
    """The key as an auth object: a header would lose to an entry of a netrc file."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request

    def __repr__(self) -> str:
        return "<key>"


class Client:
    """One ComfyDeploy API with one key; one persistent connection a thread."""

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        user_agent: str,
        connect_timeout: float = 5,
        read_timeout: float = 10,
        total_timeout: float = 20,
        max_bytes: int = 20_000_000,
        on_retry: Callable[[], None] = lambda: None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.user_agent = user_agent
        self.connect_timeout = connect_timeout
        self.read_timeout = read_timeout
        self.total_timeout = total_timeout
        self.max_bytes = max_bytes
        self._on_retry = on_retry
        self._auth = _Bearer(key)
        # Requests names the whole header when it refuses one: such a key is never handed to it.
        self.sendable = key.isascii() and key.isprintable() and " " not in key
        self._local = threading.local()

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"

    def get_run(self, run_id: UUID) -> bytes:
        """The body of GET run, as sent.

        Raises one of `upstream/errors.py`: at most one request and, where a
        persistent connection had been dropped, one retry, all within `total_timeout`.
        """
        return self.get(f"/run/{run_id}?queue_position=true")

    def get(self, path: str) -> bytes:
        """The body at a path of the API (with its query), under the same bounds and errors."""
        return self._ask(f"{self.base_url}{path}")

    def check_key(self) -> None:
        """Returns when ComfyDeploy accepts the key; raises KeyRejected, or what went wrong.

        Requests the nil UUID, which no run has: an accepted key gets 404.
        """
        try:
            self.get_run(NIL)
        except NotFound:
            return

    def _ask(self, url: str) -> bytes:
        if not self.sendable:
            raise KeyRejected("COMFYDEPLOY_API_KEY holds characters that no key has.")
        deadline.start(self.read_timeout, time.monotonic() + self.total_timeout)
        try:
            try:
                return self._once(url)
            except requests.ConnectionError as error:
                if not _dropped_before_an_answer(error):
                    raise
            deadline.reset()
            self._on_retry()
            return self._once(url)
        # Nothing is chained: what requests raises may show the request's headers.
        except requests.ConnectTimeout:
            raise TimedOut(
                f"ComfyDeploy did not take a connection within {self.connect_timeout:g} s."
            ) from None
        except requests.Timeout:
            raise TimedOut(self._too_slow()) from None
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
            raise name_failure(error) from None

    def _once(self, url: str) -> bytes:
        wait = max(0.01, min(self.connect_timeout, deadline.remaining()))
        response = self._session().get(
            url, timeout=(wait, self.read_timeout), stream=True, allow_redirects=False
        )
        try:
            raise_for_answer(response)
            return self._read(response)
        finally:
            response.close()

    def _read(self, response: requests.Response) -> bytes:
        """The decoded body, never more of it than the cap."""
        if (response.raw.length_remaining or 0) > self.max_bytes:
            raise BadAnswer(TOO_LARGE.format(self.max_bytes))
        chunks, size = [], 0
        try:
            for chunk in response.raw.stream(CHUNK, decode_content=True):
                size += len(chunk)
                if size > self.max_bytes:
                    break
                chunks.append(chunk)
        except (urllib3.exceptions.ReadTimeoutError, TimeoutError):
            raise TimedOut(self._too_slow()) from None
        except urllib3.exceptions.DecodeError:
            raise BadAnswer("ComfyDeploy's answer could not be unpacked.") from None
        except (urllib3.exceptions.HTTPError, OSError):
            raise Unreachable("The connection broke off in the middle of an answer.") from None
        if size > self.max_bytes:
            raise BadAnswer(TOO_LARGE.format(self.max_bytes))
        return b"".join(chunks)

    def _too_slow(self) -> str:
        if deadline.remaining() <= 0:
            return TOO_SLOW.format(self.total_timeout)
        return f"ComfyDeploy did not answer within {self.read_timeout:g} s."

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            adapter = DeadlineAdapter(pool_connections=1, pool_maxsize=1, max_retries=0)
            session = self._local.session = self.new_session(adapter)
        return session

    def new_session(
        self, adapter: DeadlineAdapter, *, accept: str = "application/json"
    ) -> requests.Session:
        """A session with the key and the manners of this client, over that adapter."""
        session = requests.Session()
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.auth = self._auth
        session.headers.update({"User-Agent": self.user_agent, "Accept": accept})
        # A proxy of the environment cannot reach this computer's own loopback.
        session.trust_env = not _is_loopback(self.base_url)
        # ComfyDeploy prefers a session cookie to the key: none is stored.
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return session


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _dropped_before_an_answer(error: requests.ConnectionError) -> bool:
    """Whether a persistent connection was closed while idle: uvicorn does so after 5 s."""
    if deadline.fresh or deadline.received or isinstance(error, requests.Timeout):
        return False
    return deadline.remaining() > 0
