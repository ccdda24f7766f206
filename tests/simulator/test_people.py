"""Who made the runs, and their portraits."""

import io
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from dashboard.simulator import Simulator
from dashboard.simulator.people import KNOWN, WITHOUT_PICTURE
from dashboard.simulator.workflows import PEOPLE
from tests.simulator.conftest import Wire

NAMES = ["Mira Okafor", "Jonas Lindqvist", "Rosa Santoro"]


def person(wire: Wire, user_id: str) -> Any:
    got = wire.get(f"/api/user/{user_id}")
    assert got.status == 200
    return json.loads(got.body)


def test_a_user_is_told_without_a_key_in_the_captured_fields(wire: Wire) -> None:
    for user_id, name in zip(PEOPLE, NAMES, strict=True):
        told = person(wire, user_id)
        assert list(told) == ["user_id", "image_url", "username", "first_name", "last_name"]
        assert (told["user_id"], f"{told['first_name']} {told['last_name']}") == (user_id, name)
    assert wire.get(f"/api/user/{PEOPLE[0]}", Authorization="Bearer wrong").status == 200


def test_portraits_are_square_small_and_different(wire: Wire) -> None:
    bodies = set()
    for user_id in PEOPLE:
        address = urlsplit(person(wire, user_id)["image_url"])
        got = wire.get(address.path)
        with Image.open(io.BytesIO(got.body)) as portrait:
            assert portrait.width == portrait.height >= 128
        assert got.named["content-type"] == "image/webp" and len(got.body) < 60_000
        bodies.add(got.body)
    assert len(bodies) == len(PEOPLE)


def test_some_have_no_picture_and_some_are_unknown(wire: Wire) -> None:
    told = person(wire, WITHOUT_PICTURE)
    assert told["image_url"] is None and told["first_name"] == KNOWN[WITHOUT_PICTURE].first_name
    unknown = person(wire, "user_%3Cb%3E")
    assert unknown.pop("user_id") == "user_<b>"
    assert set(unknown.values()) == {None}


@pytest.mark.parametrize("user_id", [PEOPLE[0], "user_unknown"])
def test_the_sign_in_service_may_be_down(simulator: Simulator, wire: Wire, user_id: str) -> None:
    simulator.people.down = True
    got = wire.get(f"/api/user/{user_id}")
    assert (got.status, got.body) == (500, b"Internal Server Error")
    simulator.people.down = False
    assert wire.get(f"/api/user/{user_id}").status == 200


def test_people_may_be_forbidden_scripted_and_counted(simulator: Simulator, wire: Wire) -> None:
    simulator.workspace.forbidden = {"users"}
    assert wire.get(f"/api/user/{PEOPLE[0]}").status == 403
    simulator.script_path(f"/user/{PEOPLE[0]}", [(200, {}, {"user_id": 7})])
    assert json.loads(wire.get(f"/api/user/{PEOPLE[0]}").body) == {"user_id": 7}
    assert len(simulator.requests_at(f"/user/{PEOPLE[0]}")) == 2
