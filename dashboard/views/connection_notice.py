"""What stands above lists while no data comes from ComfyDeploy; nothing while it does."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from dashboard import __version__
from dashboard.domain.polling.trouble import Trouble
from dashboard.presentation.format import span
from dashboard.presentation.trouble import NoticeText, connection_text
from dashboard.services import clock
from dashboard.services.comfydeploy import connection
from dashboard.services.comfydeploy.connection import ConnectionTrouble

ICONS = {
    Trouble.KEY_REJECTED: "lock",
    Trouble.RATE_LIMITED: "clock",
    Trouble.TIMED_OUT: "clock",
}
POLL_SECONDS = 5


@dataclass(frozen=True, slots=True)
class ConnectionNotice:
    """The trouble in words, as a template draws it."""

    trouble: ConnectionTrouble
    now: datetime

    @property
    def text(self) -> NoticeText:
        return connection_text(self.trouble.word)

    @property
    def icon(self) -> str:
        return ICONS.get(Trouble(self.trouble.word), "plug")

    @property
    def retry_in(self) -> str:
        at = self.trouble.retry_at
        return span(max(1.0, (at - self.now).total_seconds())) if at else ""


def connection_notice(now: datetime) -> ConnectionNotice | None:
    """The notice at this moment; None while ComfyDeploy answers."""
    trouble = connection.current_trouble(now)
    return ConnectionNotice(trouble, now) if trouble else None


def notice_tag(notice: ConnectionNotice | None) -> str:
    """A part of a ptag: changes with the trouble and with its next try."""
    if notice is None:
        return "well"
    at = notice.trouble.retry_at
    return f"{notice.trouble.word}{int(at.timestamp()) if at else 0}"


class ConnectionContext(TypedDict):
    connection: ConnectionNotice | None
    connection_tag: str
    connection_poll: int


def connection_context() -> ConnectionContext:
    """The template context of the part that polls itself."""
    notice = connection_notice(clock.now())
    return {
        "connection": notice,
        "connection_tag": f"{notice_tag(notice)}.{__version__}",
        "connection_poll": POLL_SECONDS,
    }
