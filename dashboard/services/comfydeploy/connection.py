"""Whether data comes from ComfyDeploy at all: the trouble that concerns every page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from dashboard.domain.polling.schedule import NETWORK
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import DirectoryList, Follow, Run, SharedState
from dashboard.services import clock
from dashboard.services.comfydeploy import client, gate, shared_state
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.upstream.errors import UpstreamError


@dataclass(frozen=True, slots=True)
class ConnectionTrouble:
    """Why no data comes, when ComfyDeploy last answered, and when it is asked again."""

    word: str
    answered_at: datetime | None = None
    retry_at: datetime | None = None


def current_trouble(now: datetime) -> ConnectionTrouble | None:
    """The trouble at this moment; None while ComfyDeploy answers. Never asks or writes.

    Told from the first request that found no way, long before the gate closes.
    """
    shared = SharedState.read()
    gate.read_state()  # what follows uses it again, so every page has the same queries
    answered = shared.get(shared_state.UPSTREAM)
    answered_at = answered.at if answered else None
    stop = gate.current_stop(now)
    if stop:
        return ConnectionTrouble(stop.reason, answered_at, stop.until)
    if shared_state.key_rejected(shared):
        return ConnectionTrouble(Trouble.KEY_REJECTED, answered_at)
    return _unanswered(answered_at) if gate.unanswered() else None


def _unanswered(answered_at: datetime | None) -> ConnectionTrouble | None:
    """What the newest requests met on the network: for live runs, then for lists of any kind."""
    runs = Run.objects.live().filter(trouble__in=NETWORK)
    follows = Follow.objects.active().filter(trouble__in=NETWORK)
    workspace = DirectoryList.objects.filter(trouble__in=NETWORK)
    for rows, due in ((runs, "next_refresh_at"), (follows, "next_at"), (workspace, "next_at")):
        found = rows.values("trouble").annotate(due=Min(due)).order_by("due").first()
        if found:
            return ConnectionTrouble(found["trouble"], answered_at, found["due"])
    return None


def try_now() -> None:
    """Asks ComfyDeploy once, for "Try now", unless a limit runs or a probe is just out.

    Asks and writes; raises nothing of upstream.
    """
    if gate.admit_on_demand():
        _ask()


def probe() -> None:
    """Asks ComfyDeploy once, for a watcher that has claimed the probe and nothing to ask for.

    Asks and writes; raises nothing of upstream.
    """
    token_bucket().charge()
    _ask()


def _ask() -> None:
    try:
        client.client().check_key()
    except UpstreamError as error:
        gate.record_outcome(error, clock.now())
    else:
        gate.record_outcome(None, clock.now())
