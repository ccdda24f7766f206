"""A simulated ComfyDeploy server on this computer, for the demo and for tests.

with Simulator(port=0, key="test-key") as upstream:
    run_id = upstream.id("cold", seed=3, age=20)
    requests.get(f"{upstream.url}/run/{run_id}", headers={"Authorization": "Bearer test-key"})
    assert len(upstream.requests_for(run_id)) == 1
"""

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import NamedTuple, Self
from uuid import UUID

from dashboard.simulator import http_replies
from dashboard.simulator.api import Api, Request
from dashboard.simulator.demo_schedule import DemoSchedule
from dashboard.simulator.directory import Directory
from dashboard.simulator.feed import Feed
from dashboard.simulator.http_replies import Reply, Scripted, scripted
from dashboard.simulator.ids import encode
from dashboard.simulator.log_streams import LogStreams
from dashboard.simulator.machines import Machines
from dashboard.simulator.media_store import MediaStore
from dashboard.simulator.people import People
from dashboard.simulator.run_book import RunBook
from dashboard.simulator.run_lists import RunLists
from dashboard.simulator.timeline import State
from dashboard.simulator.wire import Wire
from dashboard.simulator.workspace import Workspace

REMEMBERED = 20_000


class RecordedRequest(NamedTuple):
    """One request that the simulator has answered."""

    time: datetime
    method: str
    path: str  # with its query string
    status: int
    run_id: UUID | None


def _real_time() -> datetime:
    return datetime.now(UTC)


class Simulator:
    """Answers GET run as ComfyDeploy does, and serves the files of its runs.

    Every duration of a run is divided by `speed`; a restart needs the same speed to find
    the same runs. `clock` returns the time that answers describe. `new_every` (seconds)
    and `live` are for the demo's runs; a `quiet` simulator lists only those made by
    `start_run` and `add_history`. `workspace` answers the lists beside them and may be
    changed. Port 0 takes any free port.
    """

    def __init__(
        self,
        port: int = 0,
        key: str = "demo",
        *,
        host: str = "127.0.0.1",
        speed: float = 1.0,
        new_every: float = 30.0,
        live: int = 4,
        clock: Callable[[], datetime] = _real_time,
        workspace: Workspace | None = None,
        quiet: bool = False,
    ) -> None:
        self.host, self.port, self.key, self.speed, self.clock = host, port, key, speed, clock
        self.requests: deque[RecordedRequest] = deque(maxlen=REMEMBERED)
        self.workspace = workspace or Workspace()
        schedule = DemoSchedule(new_every, live, speed, self.workspace.size, quiet)
        self._book = RunBook(schedule, speed, clock)
        self.feed = Feed(self._book, self.workspace)
        self.logs = LogStreams(speed, clock, self._is_foreign)
        self.people = People(self.workspace)
        self._machines = Machines(self._book, self.workspace)
        self._lists = RunLists(self._book, self.workspace, self._machines.told)
        self._started = itertools.count()
        self._scripts: dict[UUID | str, deque[Reply]] = {}
        self._lock = threading.Lock()
        self._media = MediaStore()
        self._server: Wire | None = None

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def url(self) -> str:
        """The value for COMFYDEPLOY_API_URL."""
        return f"{self.origin}/api"

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def up(self) -> None:
        """Starts to listen; after `down`, again on the same port. Raises OSError if it is taken."""
        if self._server is None:
            self._server = Wire((self.host, self.port), self._handle, self.clock)
            self.port = self._server.server_address[1]
            serve = self._server.serve_forever
            threading.Thread(target=serve, args=(0.02,), name="simulator", daemon=True).start()

    def down(self) -> None:
        """Ends every connection and refuses new ones."""
        if self._server is not None:
            self._server.end()
            self._server = None

    def id(
        self, scenario: str, *, start: datetime | None = None, seed: int = 0, age: float = 0.0
    ) -> UUID:
        """The ID of a run of this scenario that started `age` seconds ago, or at `start`."""
        return encode(scenario, start or self.clock() - timedelta(seconds=age), seed)

    def start_run(
        self,
        scenario: str = "warm",
        workflow: int = 0,
        seed: int | None = None,
        *,
        batch: UUID | str | None = None,
        user: str | None = None,
        age: float = 0.0,
        foreign: bool = False,
    ) -> UUID:
        """Makes a run of the workflow of this number: GET run, lists and the feed have it at once.

        Without a seed each differs from the last one. `user` is who made it; a `foreign`
        one comes from another organisation through a public share.
        """
        chosen = next(self._started) if seed is None else seed
        named = None if batch is None else str(batch)
        run = self._book.start(
            scenario, workflow, chosen, age, batch=named, user=user, foreign=foreign
        )
        return run.run_id

    def add_history(
        self, workflow: int = 0, count: int = 600, over: timedelta = timedelta(days=7)
    ) -> list[UUID]:
        """Makes finished runs, spread over the time before now; their IDs, newest first."""
        return self._book.add_history(workflow, count, over)

    @property
    def list_lag(self) -> float:
        """How many seconds the lists of runs are behind GET run."""
        return self._lists.lag

    @list_lag.setter
    def list_lag(self, seconds: float) -> None:
        self._lists.lag = seconds

    def script(self, run_id: UUID, answers: Iterable[Scripted], *, delay: float = 0.0) -> None:
        """Sets the answers for this run: each is given once in order, the last one repeats.

        Each is a body, a JSON value, (status, headers, body) or a `Reply`; each is
        sent after `delay` seconds.
        """
        with self._lock:
            self._scripts[run_id] = deque(scripted(answer, delay) for answer in answers)

    def script_path(self, path: str, answers: Iterable[Scripted]) -> None:
        """Like `script`, for a path below the API's address, with any query: `/machine/…`."""
        with self._lock:
            self._scripts[path] = deque(map(scripted, answers))

    def requests_at(self, path: str) -> list[RecordedRequest]:
        """The requests so far for a path below the API's address, with any query."""
        whole = f"/api{path}"
        return [one for one in list(self.requests) if one.path.partition("?")[0] == whole]

    def requests_for(self, run_id: UUID) -> list[RecordedRequest]:
        """The requests for this run so far, also those with a wrong key."""
        return [request for request in list(self.requests) if request.run_id == run_id]

    def count(self, run_id: UUID) -> int:
        return len(self.requests_for(run_id))

    def _next_scripted(self, about: UUID | str) -> Reply | None:
        with self._lock:
            left = self._scripts.get(about)
            if not left:
                return None
            return left.popleft() if len(left) > 1 else left[0]

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Reply:
        """The reply that would be sent now, without network and delay."""
        return self._reply(Request.read(method, target, headers, self.clock()))

    def _handle(self, method: str, target: str, headers: Message) -> Reply:
        request = Request.read(method, target, headers, self.clock())
        reply = self._reply(request)
        run_id = request.run_id()
        self.requests.append(RecordedRequest(request.now, method, target, reply.status, run_id))
        if reply.delay:
            time.sleep(reply.delay)
        return reply

    def _reply(self, request: Request) -> Reply:
        if request.path.startswith("/media/"):
            return self._media.answer(request)
        if request.path.startswith("/api/user/"):
            return self._person(request)
        if request.path.startswith("/api/"):
            return self._api().answer(request)
        return http_replies.UNKNOWN_PATH

    def _person(self, request: Request) -> Reply:
        told = self._next_scripted(request.path.removeprefix("/api"))
        return told or self.people.answer(request, self.origin) or http_replies.UNKNOWN_PATH

    def _api(self) -> Api:
        return Api(self.key, self.speed, self.origin, self._next_scripted, self._other, self._told)

    def _told(self, run_id: UUID, state: State) -> State:
        run = self._book.made(run_id)
        state = self._machines.told(run_id, state, self.clock())
        return run.told(state) if run else state

    def _is_foreign(self, run_id: UUID) -> bool:
        run = self._book.made(run_id)
        return run is not None and run.foreign

    def _other(self, request: Request) -> Reply | None:
        return (
            self._next_scripted(request.path.removeprefix("/api"))
            or self._lists.answer(request)
            or self.feed.answer(request)
            or self.logs.answer(request)
            or self._machines.answer(request)
            or Directory(self.speed, self.workspace, self._is_foreign).answer(request)
        )
