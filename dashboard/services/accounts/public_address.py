"""The address under which people reach this board, for links that commands print."""

from urllib.parse import urlsplit

from django.conf import settings

from dashboard import config
from dashboard.models import SharedState
from dashboard.services import clock

STATE = "address"
"""The name of the shared state that holds it."""


def public_address() -> str:
    """PUBLIC_URL; where none is set, the address under which this board was served last."""
    if config.text("PUBLIC_URL"):
        return str(settings.PUBLIC_URL)
    served = SharedState.objects.filter(name=STATE).values_list("word", flat=True).first()
    return served or str(settings.PUBLIC_URL)


def remember_address() -> None:
    """Stores the address of the server that starts, so that `make user` prints links to it."""
    SharedState.put(STATE, clock.now(), settings.PUBLIC_URL[:200])


def is_local() -> bool:
    """Whether links to this board open on this computer alone."""
    return config.is_loopback(urlsplit(public_address()).hostname or "")
