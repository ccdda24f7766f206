"""Who a user is, as ComfyDeploy tells it, and what the reader makes of nonsense."""

import json
from typing import Any

import pytest

from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.users import LONGEST_NAME, ToldUser, may_ask, read_user, user_path
from tests.conftest import SAMPLES

LOCAL = "http://127.0.0.1:8188"
RTL = "\u05e0\u05d5\u05e2\u05d4 \u05dc\u05d5\u05d9"
FAMILY = "\U0001f469\u200d\U0001f467"


def sample(name: str) -> bytes:
    return (SAMPLES / "users" / f"{name}.json").read_bytes()


def read(local_origin: str = "", **sent: Any) -> ToldUser:
    return read_user(json.dumps(sent).encode(), local_origin=local_origin)


def test_the_captured_answers_are_read() -> None:
    assert read_user(sample("user")) == ToldUser("Real User", "https://img.clerk.com/x.png")
    assert read_user(sample("user-missing")) == ToldUser()


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({}, ""),
        ({"first_name": "Mira", "last_name": "Okafor", "username": "mira"}, "Mira Okafor"),
        ({"first_name": "Mira", "last_name": None, "username": "mira"}, "Mira"),
        ({"last_name": "Okafor", "username": "mira"}, "Okafor"),
        ({"first_name": None, "last_name": "", "username": "mira"}, "mira"),
        ({"first_name": " \t\n", "last_name": "  ", "username": " mira "}, "mira"),
        ({"first_name": 7, "last_name": ["x"], "username": True}, ""),
        ({"first_name": {"a": 1}, "username": "mira"}, "mira"),
        ({"first_name": "<b>x</b>"}, "<b>x</b>"),
        ({"first_name": RTL}, RTL),
        ({"first_name": FAMILY, "last_name": "Ok"}, f"{FAMILY} Ok"),
        ({"first_name": "a\nb\r\n c"}, "a b c"),
        ({"first_name": "x" * 5000}, "x" * LONGEST_NAME),
        ({"first_name": "x" * 150, "last_name": "y" * 150}, "x" * 150 + " " + "y" * 49),
        ({"username": "see https://h.example/?token=abcdef"}, "see https://h.example/?token=•••"),
    ],
)
def test_a_name_is_first_and_last_else_the_user_name(sent: dict[str, Any], name: str) -> None:
    assert read(**sent).name == name


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://img.clerk.com/x.png?width=96", True),
        ("http://img.clerk.com/x.png", False),
        (f"{LOCAL}/media/portraits/a.webp", True),
        ("http://127.0.0.1:8189/a.webp", False),
        ("http://127.0.0.1:8188.evil.example/a.webp", False),
        ("https://" + "a" * 2000, False),
        *((url, False) for url in ("", None, 5, [], "javascript:alert(1)", "data:image/png,x")),
        *((url, False) for url in ("//img.clerk.com/x", "file:///etc/passwd", "https://")),
    ],
)
def test_a_picture_is_an_https_link_or_the_simulators(url: Any, taken: bool) -> None:
    assert read(LOCAL, image_url=url).picture_url == (url if taken else "")
    if taken and url.startswith("http:"):
        assert read(image_url=url).picture_url == "", "without a simulator"


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"7", b"Internal Server Error"])
def test_an_answer_about_nobody_is_refused(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        read_user(body)


@pytest.mark.parametrize(
    ("user_id", "path"),
    [
        ("user_alice", "/user/user_alice"),
        ("../run/1", "/user/..%2Frun%2F1"),
        ("a?b#c%2F", "/user/a%3Fb%23c%252F"),
        ("é", "/user/%C3%A9"),
    ],
)
def test_an_id_stays_one_part_of_the_path(user_id: str, path: str) -> None:
    assert may_ask(user_id)
    assert user_path(user_id) == path


@pytest.mark.parametrize("user_id", ["", ".", "..", "..."])
def test_what_would_lead_elsewhere_is_not_asked_for(user_id: str) -> None:
    assert not may_ask(user_id)
