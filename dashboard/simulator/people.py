"""Who made the runs: `/user/{id}`, which needs no key, and their portraits."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from dashboard.simulator.api import Request
from dashboard.simulator.http_replies import BROKEN, WRONG_METHOD, Reply, json_reply
from dashboard.simulator.pictures import PORTRAITS
from dashboard.simulator.workflows import PEOPLE
from dashboard.simulator.workspace import FORBIDDEN, Workspace

_USER = re.compile(r"/api/user/([^/]+)")


@dataclass(frozen=True, slots=True)
class Person:
    """A user as ComfyDeploy names one; `look` is that of the portrait, "" without one."""

    username: str
    first_name: str
    last_name: str
    look: str = ""


WITHOUT_PICTURE = "user_2demoTarikAydin000000000004"
KNOWN = {
    PEOPLE[0]: Person("mira", "Mira", "Okafor", "portrait_ember"),
    PEOPLE[1]: Person("jonas", "Jonas", "Lindqvist", "mountains_teal"),
    PEOPLE[2]: Person("rosa", "Rosa", "Santoro", "portrait_teal"),
    WITHOUT_PICTURE: Person("tarik", "Tarik", "Aydin"),
}


class People:
    """Answers who a user is. While `down`, every answer is 500, as without the sign-in service."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.down = False

    def answer(self, request: Request, origin: str) -> Reply | None:
        """The reply, or None for another path. `origin` begins the portraits' addresses."""
        found = _USER.fullmatch(request.path)
        if not found:
            return None
        if request.method != "GET":
            return WRONG_METHOD
        if "users" in self.workspace.forbidden:
            return FORBIDDEN
        return BROKEN if self.down else json_reply(200, _told(unquote(found[1]), origin))


def _told(user_id: str, origin: str) -> dict[str, object]:
    """The user in ComfyDeploy's fields; nulls for an unknown one."""
    person = KNOWN.get(user_id)
    if person is None:
        empty = dict.fromkeys(("image_url", "username", "first_name", "last_name"))
        return {"user_id": user_id, **empty}
    portrait = f"{origin}/media/{PORTRAITS}/{person.look}_{person.username}.webp"
    return {
        "user_id": user_id,
        "image_url": portrait if person.look else None,
        "username": person.username,
        "first_name": person.first_name,
        "last_name": person.last_name,
    }
