"""The one client to ComfyDeploy, made from the settings."""

from functools import cache

from django.conf import settings
from django.core.signals import setting_changed

from dashboard import __version__
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.upstream.client import Client


@cache
def client() -> Client:
    """The client of this process; it keeps one connection for each thread."""
    return Client(
        settings.COMFYDEPLOY_API_URL,
        settings.COMFYDEPLOY_API_KEY,
        user_agent=f"Runboard/{__version__}",
        # A request that is sent again (its connection had been dropped) costs a second token.
        on_retry=lambda: token_bucket().charge(),
    )


def _drop_client(*, setting: str, **_: object) -> None:
    if setting.startswith("COMFYDEPLOY_"):
        client.cache_clear()


setting_changed.connect(_drop_client)
