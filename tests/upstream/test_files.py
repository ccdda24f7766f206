"""Fetching outputs' files: from a hostile server, over real sockets."""

import gzip
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from dashboard.upstream import file_errors
from dashboard.upstream.files import Fetcher
from tests.wire import Wire, answer, chunked, cut, drip, hang, send, zipped

PATIENT = {"connect_timeout": 60.0, "read_timeout": 60.0, "total_timeout": 60.0}
PUBLIC = "93.184.215.14"
CAP = 1_000_000


def origin_of(wire: Wire) -> str:
    return wire.url.removesuffix("/api")


def fetcher(wire: Wire, **given: Any) -> Fetcher:
    settings = {"user_agent": "Runboard/test", "local_origin": origin_of(wire), **PATIENT, **given}
    return Fetcher(**settings)


def read(fetch: Fetcher, url: str, cap: int = CAP) -> bytes:
    with fetch.open(url, cap) as file:
        return b"".join(file.pieces)


def test_a_file_comes_whole() -> None:
    with Wire(answer(b"picture")) as wire:
        fetch = fetcher(wire)
        with fetch.open(f"{origin_of(wire)}/a b.png?x=%2F&y=1", CAP) as file:
            assert file.length == 7
            assert b"".join(file.pieces) == b"picture"
        assert read(fetch, f"{origin_of(wire)}/b.png") == b"picture"
        assert wire.requests[0].startswith("GET /a%20b.png?x=%2F&y=1 HTTP/1.1\r\n")
        assert wire.connections == 1


def test_nothing_of_the_environment_is_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with Wire(cut()) as proxy, Wire(answer(b"x", set_cookie="a=b")) as wire:
        monkeypatch.setenv("http_proxy", origin_of(proxy))
        fetch = fetcher(wire)
        for _ in range(2):
            url = origin_of(wire).replace("//", "//user:word@")
            assert read(fetch, f"{url}/a.png") == b"x"
        assert not proxy.requests
        sent = "".join(wire.requests).lower()
        assert "authorization" not in sent
        assert "cookie" not in sent
        assert "accept-encoding: identity" in sent


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://bucket.example/a", "data:text/plain,a", "//bucket/a", ""),
        *("http://", "http://[::1", "http://a:99999/", "http://exa\nmple/", "https:///a"),
    ],
)
def test_only_http_links_are_opened(url: str) -> None:
    fetch = Fetcher(user_agent="x", resolve=lambda *_: [PUBLIC])
    with pytest.raises(file_errors.AddressRefused):
        read(fetch, url)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "0", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"),
        *("169.254.169.254", "[::ffff:169.254.169.254]", "10.0.0.1", "192.168.0.1", "100.64.0.1"),
        *("[fe80::1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "0.0.0.0"),
    ],
)
def test_no_address_of_this_network_is_asked(host: str) -> None:
    with Wire(answer(b"secret")) as wire:
        port = urlsplit(wire.url).port
        with pytest.raises((file_errors.AddressRefused, file_errors.StorageUnreachable)):
            read(Fetcher(user_agent="x", **PATIENT), f"http://{host}:{port}/")
        assert not wire.connections


def test_one_bad_address_among_good_ones_is_enough() -> None:
    fetch = Fetcher(user_agent="x", resolve=lambda *_: [PUBLIC, "10.0.0.1"], **PATIENT)
    with pytest.raises(file_errors.AddressRefused):
        read(fetch, "https://bucket.example/a.png")


def test_the_name_is_looked_up_once_and_that_address_is_connected_to() -> None:
    with Wire(answer(b"picture")) as wire:
        port = urlsplit(wire.url).port
        answers = [["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"]]
        asked = []

        def changing(host: str, port: int) -> list[str]:
            asked.append(host)
            return answers.pop(0)

        # No system knows this name: only the address that was checked leads anywhere.
        name = f"http://files.test:{port}"
        fetch = fetcher(wire, local_origin=name, resolve=changing)
        assert read(fetch, f"{name}/a.png") == b"picture"
        assert asked == ["files.test"]
        assert f"\r\nHost: files.test:{port}\r\n" in wire.requests[0]
        with pytest.raises(file_errors.AddressRefused):
            read(fetch, f"{name}/a.png")
        assert wire.connections == 1


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, location=location)


@pytest.mark.parametrize(
    "location",
    [
        *("http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]:{other}/"),
        *("http://127.0.0.1:{other}/", "http://localhost:{other}/", "file:///etc/passwd"),
        *("//127.0.0.1:{other}/", "gopher://127.0.0.1:{other}/", "http://user:pw@0:{other}/"),
        *("http://[", "http://[::1", "//[/"),
    ],
)
def test_redirects_are_checked_again(location: str) -> None:
    with Wire(answer(b"secret")) as other:
        to = location.format(other=urlsplit(other.url).port)
        with Wire(redirect(to)) as wire, pytest.raises(file_errors.AddressRefused):
            read(fetcher(wire), f"{origin_of(wire)}/a.png")
        assert not other.connections


def test_a_redirect_from_outside_does_not_reach_the_local_origin() -> None:
    with Wire(answer(b"secret")) as wire:
        fetch = fetcher(wire)
        with pytest.raises(file_errors.AddressRefused):
            fetch._ask(f"{origin_of(wire)}/", local=False)
        assert not wire.connections


def test_three_redirects_are_followed_and_no_more() -> None:
    three = [redirect("/b"), redirect("c", "307 Temporary Redirect"), redirect("/d")]
    with Wire(*three, answer(b"end")) as wire:
        assert read(fetcher(wire), f"{origin_of(wire)}/a") == b"end"
    with Wire(redirect("/a")) as wire:
        with pytest.raises(file_errors.AddressRefused):
            read(fetcher(wire), f"{origin_of(wire)}/a")
        assert len(wire.requests) == 4


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("403 Forbidden", file_errors.FileForbidden),
        ("401 Unauthorized", file_errors.FileForbidden),
        ("404 Not Found", file_errors.FileRemoved),
        ("410 Gone", file_errors.FileRemoved),
        ("429 Too Many Requests", file_errors.StorageUnreachable),
        ("503 Slow Down", file_errors.StorageUnreachable),
        ("206 Partial Content", file_errors.DownloadBroken),
        ("204 No Content", file_errors.DownloadBroken),
    ],
)
def test_each_status_has_its_name(status: str, expected: type[file_errors.FileError]) -> None:
    with Wire(answer(b"no", status)) as wire, pytest.raises(expected):
        read(fetcher(wire), f"{origin_of(wire)}/a.png")


def endless(wire: Wire, peer: Any) -> bool:
    peer.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
    while not wire.over.is_set():
        peer.sendall(b"\x00" * 65_536)
    return False


def test_an_endless_body_ends_at_the_cap() -> None:
    got = 0
    with Wire(endless) as wire:
        fetch = fetcher(wire)
        with (
            pytest.raises(file_errors.FileTooLarge),
            fetch.open(f"{origin_of(wire)}/a.png", CAP) as file,
        ):
            for piece in file.pieces:
                got += len(piece)
    assert got <= CAP


def test_a_told_length_past_the_cap_is_not_read() -> None:
    with Wire(cut(answer(b"", length=CAP + 1))) as wire, pytest.raises(file_errors.FileTooLarge):
        read(fetcher(wire), f"{origin_of(wire)}/a.png")


def test_a_packed_body_is_counted_unpacked() -> None:
    bomb = gzip.compress(b"\0" * (20 * CAP))
    with (
        Wire(answer(bomb, content_encoding="gzip")) as wire,
        pytest.raises(file_errors.FileTooLarge),
    ):
        read(fetcher(wire), f"{origin_of(wire)}/a.png")
    with Wire(zipped(b"text")) as wire:
        assert read(fetcher(wire), f"{origin_of(wire)}/a.txt") == b"text"


@pytest.mark.parametrize(
    "script",
    [
        cut(answer(b"half", length=8)),
        cut(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nha"),
        cut(b"nonsense\r\n\r\n"),
        cut(b""),
        send(answer(b"not gzip", content_encoding="gzip")),
    ],
)
def test_a_cut_body_is_no_file(script: Any) -> None:
    with Wire(script) as wire, pytest.raises(file_errors.DownloadBroken):
        read(fetcher(wire), f"{origin_of(wire)}/a.png")


SLOWLY = 0.3  # seconds for each byte: minutes for the whole, more than a test may take


@pytest.mark.parametrize(
    ("script", "bound"),
    [
        (hang, "read_timeout"),
        (drip(answer(b"x" * 500), SLOWLY), "total_timeout"),
        (drip(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 99, SLOWLY), "total_timeout"),
    ],
)
def test_a_slow_answer_ends_in_time(script: Any, bound: str) -> None:
    with Wire(script) as wire, pytest.raises(file_errors.StorageUnreachable):
        read(fetcher(wire, **{bound: 0.5}), f"{origin_of(wire)}/a.png")


def test_bytes_past_the_told_length_are_not_the_next_file() -> None:
    lie = answer(b"first" + answer(b"planted"), length=5)
    with Wire(send(lie), answer(b"second")) as wire:
        fetch = fetcher(wire)
        assert read(fetch, f"{origin_of(wire)}/a.png") == b"first"
        assert read(fetch, f"{origin_of(wire)}/b.png") == b"second"


def test_a_kept_connection_that_was_closed_is_made_again() -> None:
    with Wire(send(answer(b"one")), cut(b""), send(answer(b"two"))) as wire:
        fetch = fetcher(wire)
        assert read(fetch, f"{origin_of(wire)}/a") == b"one"
        assert read(fetch, f"{origin_of(wire)}/b") == b"two"


def test_chunks_are_read() -> None:
    with Wire(chunked(b"ab", b"cd", b"")) as wire:
        assert read(fetcher(wire), f"{origin_of(wire)}/a") == b"abcd"


def test_where_nobody_listens() -> None:
    with Wire(answer()) as wire:
        origin = origin_of(wire)
    with pytest.raises(file_errors.StorageUnreachable):
        read(Fetcher(user_agent="x", local_origin=origin, **PATIENT), f"{origin}/a")


@pytest.fixture
def secure(tmp_path: Path) -> Callable[[Wire], str]:
    """A TLS front for a wire, with a certificate for files.test; gives the certificate."""
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=files.test",
    ]
    name = ["-addext", "subjectAltName=DNS:files.test"]
    try:
        subprocess.run(
            [*command, *name, "-keyout", key, "-out", certificate], check=True, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("no openssl to make a certificate with")

    def put(wire: Wire) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        wire._listener = context.wrap_socket(wire._listener, server_side=True)
        return str(certificate)

    return put


def test_a_certificate_is_held_to_the_name_not_the_address(
    secure: Callable[[Wire], str],
) -> None:
    wire = Wire(answer(b"picture"))
    certificate = secure(wire)
    with wire:
        port = urlsplit(wire.url).port
        for name, comes in (("files.test", True), ("other.test", False)):
            origin = f"https://{name}:{port}"
            fetch = fetcher(
                wire,
                local_origin=origin,
                ca_certs=certificate,
                resolve=lambda *_: ["127.0.0.1"],
            )
            if comes:
                assert read(fetch, f"{origin}/a.png") == b"picture"
            else:
                with pytest.raises(file_errors.StorageUnreachable):
                    read(fetch, f"{origin}/a.png")
