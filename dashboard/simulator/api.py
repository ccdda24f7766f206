"""The part of ComfyDeploy's server that the simulator has: what reads, and nothing that writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
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
    """One request, as far as answers depend on it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    now: datetime
    target: str

    @classmethod
    def read(cls, method: str, target: str, headers: Mapping[str, str], now: datetime) -> "Request":
        path, _, query = target.partition("?")
        fields = {
            name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()
        }
        named = {name.lower(): value for name, value in headers.items()}
        return cls(method, path, fields, named, now, target)

    def run_id(self) -> UUID | None:
        """The run that is asked for, where it can be read."""
        if self.path == "/api/run":
            return http_replies.read_uuid(self.query.get("run_id", ""))
        _, found, given = self.path.rstrip("/").partition("/api/run/")
        return http_replies.read_uuid(unquote(given)) if found else None


class Api:
    """Answers what lies under /api.

    `script` may answer for a run in the simulator's place; `beside` answers all but GET run.
    """

    def __init__(
        self,
        key: str,
        speed: float,
        origin: str,
        script: Callable[[UUID], Reply | None],
        beside: Callable[["Request"], Reply | None] = lambda _: None,
    ) -> None:
        self.key, self.speed, self.origin, self.script = key, speed, origin, script
        self.beside = beside

    def answer(self, request: Request) -> Reply:
        refused = self._refusal(token(request))
        if refused:
            return refused
        place, given = self._route(request)
        if not place:
            return self.beside(request) or http_replies.UNKNOWN_PATH
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
        """Who may not read: captured from a server that looks at the token before all else."""
        if given is None:
            return http_replies.MISSING_TOKEN
        known = {
            self.key: None,
            f"{self.key}-revoked": http_replies.REVOKED_TOKEN,
            f"{self.key}-machine": http_replies.MACHINE_TOKEN,
        }
        return known.get(given, http_replies.BAD_TOKEN)

    def _route(self, request: Request) -> tuple[str, str | None]:
        """Where the run ID stands ("path" or "query") and what it says; "" for other paths."""
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
        state = state_of(ticket, request.now, self.speed)
        answer = RunAnswer(run_id, ticket.start, state, self.origin, request.now)
        reply = json_reply(
            200, answer.body(request.query.get("queue_position", "").lower() in TRUE)
        )
        if ticket.scenario.flaky and state.ended is None:
            return trouble(ticket.seed, ticket.start, request.now, reply)
        return reply


def state_of(ticket: Ticket, now: datetime, speed: float = 1.0) -> State:
    """A run's state. At speed 10 a run that takes 60 s takes 6: all its stamps move together."""
    scenario_now = ticket.start + (now - ticket.start) * speed
    return faster(ticket.scenario(ticket.start, ticket.seed, scenario_now), speed)


def token(request: Request) -> str | None:
    """The token, from the places and in the order that ComfyDeploy looks."""
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
