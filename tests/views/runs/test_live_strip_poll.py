"""The strip of live runs as the open list polls it."""

import pytest
from django.test import Client

from tests.builders import running, store

pytestmark = pytest.mark.django_db


def test_the_list_is_fetched_again_only_where_other_runs_are_live(ana: Client) -> None:
    store(running())
    first = ana.get("/runs/now/")
    assert "runs-changed" in first["HX-Trigger"]
    runs, _, version = first["HX-PTag"].split(".", 2)
    moved = ana.get("/runs/now/", headers={"HX-PTag": f"{runs}.h00000000.{version}"})
    assert moved.status_code == 200
    assert "HX-Trigger" not in moved
    store(running())
    assert ana.get("/runs/now/", headers={"HX-PTag": first["HX-PTag"]}).has_header("HX-Trigger")
