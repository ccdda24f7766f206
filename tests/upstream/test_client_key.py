"""The client and its surroundings: the key, the netrc, proxies and cookies."""

import logging
import traceback
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dashboard.upstream import errors
from tests.upstream.asking import KEY, RUN, client, failure
from tests.wire import Wire, answer, cut


def test_a_netrc_does_not_replace_the_key(tmp_path: Path, monkeypatch: Any) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Wire(answer()) as wire:
        client(wire.url).get_run(RUN)
    assert f"Bearer {KEY}" in wire.requests[0]


def test_a_proxy_of_the_environment_does_not_stand_before_loopback(monkeypatch: Any) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with Wire(answer(b"1")) as wire:
        assert client(wire.url).get_run(RUN) == b"1"


def test_a_proxy_stands_before_everything_else(monkeypatch: Any) -> None:
    with Wire(answer(b"1")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/api"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert client("http://comfy.example/api").get_run(RUN) == b"1"
    assert proxy.requests[0].startswith(f"GET http://comfy.example/api/run/{RUN}")


def test_cookies_are_not_kept() -> None:
    with Wire(answer(set_cookie="__session=stolen; Path=/")) as wire:
        asking = client(wire.url)
        asking.get_run(RUN)
        asking.get_run(RUN)
    assert "stolen" not in wire.requests[1]


def test_an_accepted_key_gets_404_for_the_nil_uuid() -> None:
    with Wire(answer(b'{"detail":"Run not found"}', "404 Not Found")) as wire:
        client(wire.url).check_key()
    assert f"/run/{UUID(int=0)}" in wire.requests[0]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("401 Unauthorized", errors.KeyRejected),
        ("403 Forbidden", errors.Forbidden),
        ("500 Oops", errors.ServerFailed),
    ],
)
def test_a_key_that_is_not_accepted_raises(status: str, kind: type) -> None:
    with Wire(answer(b"", status)) as wire:
        assert type(failure(client(wire.url).check_key)) is kind


@pytest.mark.parametrize("key", ["two\r\nlines", "with space", "schlüssel", "tab\t"])
def test_a_key_that_cannot_be_sent_is_rejected_unsent(key: str) -> None:
    with Wire(answer()) as wire:
        asking = client(wire.url, key)
        with pytest.raises(errors.KeyRejected) as caught:
            asking.get_run(RUN)
        assert wire.requests == []
    assert key not in "".join(traceback.format_exception(caught.value))


def test_without_a_key_none_is_sent() -> None:
    with Wire(answer(b"", "401 Unauthorized")) as wire:
        assert type(failure(lambda: client(wire.url, "").get_run(RUN))) is errors.KeyRejected
    assert "uthorization" not in wire.requests[0]


def test_the_key_stands_in_no_repr_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with Wire(answer(), cut()) as wire, caplog.at_level(logging.DEBUG):
        asking = client(wire.url)
        asking.get_run(RUN)
        failure(lambda: asking.get_run(RUN))
    assert KEY not in repr(asking)
    assert KEY not in repr(vars(asking))
    assert KEY not in caplog.text
