"""The read-only part of ComfyDeploy's API: checks the token and answers GET run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, unquote
from uuid import UUID

from dashboard.simulator import http_replies
from dashboard.simulator.http_replies import Reply, json_reply
from dashboard.simulator.ids import Ticket, decode
from dashboard.simulator.run_answers import PUBLISHED, PUBLISHED_ID, RunAnswer
from dashboard.simulator.timeline import State, faster
from dashboard.simulator.trouble import trouble

TRUE = ("true", "1", "on", "t", "yes", "y")


@dataclass(frozen=True, slots=True)
class Request:
    """The parts of an incoming HTTP request that its answer depends on."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    now: datetime
    target: str

    @classmethod
    def read(
        cls, method: str, target: str, headers: Mapping[str, str] | Message, now: datetime
    ) -> "Request":
        path, _, query = target.partition("?")
        fields = {
            name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()
        }
        named = {name.lower(): value for name, value in headers.items()}
        return cls(method, path, fields, named, now, target)

    def run_id(self) -> UUID | None:
        """The ID of the requested run; None if the request names no valid one."""
        if self.path == "/api/run":
            return http_replies.read_uuid(self.query.get("run_id", ""))
        _, found, given = self.path.rstrip("/").partition("/api/run/")
        return http_replies.read_uuid(unquote(given)) if found else None


class Api:
    """Answers requests under /api.

    `script` returns a test's own answer for a run, or None; `other` answers every path but
    GET run, or returns None for an unknown path. `told` changes a run's state to what is
    answered about it. `origin` begins the addresses of files.
    """

    def __init__(
        self,
        key: str,
        speed: float,
        origin: str,
        script: Callable[[UUID], Reply | None],
        other: Callable[["Request"], Reply | None] = lambda _: None,
        told: Callable[[UUID, State], State] = lambda _, state: state,
    ) -> None:
        self.key, self.speed, self.origin, self.script = key, speed, origin, script
        self.other, self.told = other, told

    def answer(self, request: Request) -> Reply:
        refused = self._refusal(token(request))
        if refused:
            return refused
        place, given = self._route(request)
        if not place:
            return self.other(request) or http_replies.UNKNOWN_PATH
        if request.path.endswith("/"):
            query = request.target[len(request.path) :]
            return http_replies.moved(self.origin + request.path.rstrip("/") + query)
        if request.method != "GET":
            return http_replies.WRONG_METHOD
        if given is None:
            return http_replies.NO_RUN_ID
        run_id = http_replies.read_uuid(given)
        if run_id is None:
            return http_replies.malformed(place, given)
        return self.script(run_id) or self._run(run_id, request)

    def _refusal(self, given: str | None) -> Reply | None:
        """The error reply for a token without access, or None. The real server checks it first."""
        if given is None:
            return http_replies.MISSING_TOKEN
        known = {
            self.key: None,
            f"{self.key}-revoked": http_replies.REVOKED_TOKEN,
            f"{self.key}-machine": http_replies.MACHINE_TOKEN,
        }
        return known.get(given, http_replies.BAD_TOKEN)

    def _route(self, request: Request) -> tuple[str, str | None]:
        """Where the run ID is ("path" or "query") and its text; ("", None) for other paths."""
        path = request.path.removesuffix("/")
        if path == "/api/run":
            return "query", request.query.get("run_id")
        given = path.removeprefix("/api/run/")
        if given == path or not given or "/" in given:
            return "", None
        return "path", unquote(given)

    def _run(self, run_id: UUID, request: Request) -> Reply:
        if run_id == PUBLISHED_ID:
            return json_reply(200, PUBLISHED)
        ticket = decode(run_id)
        if ticket is None or request.now < ticket.start:
            return http_replies.UNKNOWN_RUN
        if ticket.scenario.foreign:
            return http_replies.FOREIGN_RUN
        state = self.told(run_id, state_of(ticket, request.now, self.speed))
        answer = RunAnswer(run_id, ticket.start, state, self.origin, request.now)
        reply = json_reply(
            200, answer.body(request.query.get("queue_position", "").lower() in TRUE)
        )
        if ticket.scenario.flaky and state.ended is None:
            return trouble(ticket.seed, ticket.start, request.now, reply)
        return reply


def state_of(ticket: Ticket, now: datetime, speed: float = 1.0) -> State:
    """The run's state at `now`. At speed 10 a run of 60 s takes 6 s: all its times are divided."""
    scenario_now = ticket.start + (now - ticket.start) * speed
    return faster(ticket.scenario(ticket.start, ticket.seed, scenario_now), speed)


def token(request: Request) -> str | None:
    """The token of the request: cookie, query or header, in ComfyDeploy's order of precedence."""
    cookie = _cookie(request.headers.get("cookie", ""))
    if cookie or "cd_token" in request.query:
        return cookie or request.query["cd_token"]
    authorization = request.headers.get("authorization", "")
    if authorization.startswith("Bearer "):
        return authorization.split(" ")[1]
    return request.headers.get("x-api-key")


def _cookie(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get("__session")
    except CookieError:
        return None
    return morsel.value if morsel else None
