"""The address in links that commands print."""

from typing import Any

import pytest

from dashboard.services.accounts import public_address

pytestmark = pytest.mark.django_db


def test_without_public_url_it_is_the_address_served_last(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert public_address.public_address() == "http://testserver"
    monkeypatch.delenv("PUBLIC_URL")
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert public_address.is_local()
    settings.PUBLIC_URL = "http://runs.lan:8000"
    public_address.remember_address()
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert public_address.public_address() == "http://runs.lan:8000"
    assert not public_address.is_local()
