"""Requests for lists, names and logs: what they cost and what the gate learns from them."""

import time

import pytest
from django.utils import timezone

from dashboard.models import Gate
from dashboard.services.comfydeploy import gate
from dashboard.services.comfydeploy.api_requests import get_body, wait_for_token
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.simulator import Simulator
from dashboard.upstream.errors import KeyRejected, RateLimited, UpstreamError

pytestmark = pytest.mark.django_db
PATH = "/workflow/x"


def test_a_request_costs_a_token_unless_one_was_taken_for_it(upstream: Simulator, settings) -> None:  # type: ignore[no-untyped-def]
    settings.UPSTREAM_RATE = 0.1
    upstream.script_path(PATH, [(200, {}, {"name": "x"})] * 2)
    before = token_bucket().ready_in()
    get_body(PATH, token_taken=True)
    assert token_bucket().ready_in() <= before
    assert b"name" in get_body(PATH)
    assert token_bucket().ready_in() > before


def test_a_limit_concerns_all_requests(upstream: Simulator) -> None:
    upstream.script_path(PATH, [(429, {"retry-after": "17"}, {})])
    with pytest.raises(RateLimited):
        get_body(PATH)
    assert Gate.read().reason == "rate-limited"


def test_a_failure_of_one_path_says_nothing_of_the_others(upstream: Simulator) -> None:
    upstream.script_path(PATH, [(500, {}, {})] * 9)
    for _ in range(9):
        with pytest.raises(UpstreamError):
            get_body(PATH)
    assert (Gate.read().reason, Gate.read().strikes) == ("", 0)


def test_a_token_is_waited_for_until_the_time_is_up(settings) -> None:  # type: ignore[no-untyped-def]
    settings.UPSTREAM_RATE = 10
    token_bucket().take(20)
    assert wait_for_token(time.monotonic() + 5)
    token_bucket().take(20)
    assert not wait_for_token(time.monotonic())


def test_no_token_is_waited_for_while_the_gate_is_closed() -> None:
    gate.record_outcome(KeyRejected("no"), timezone.now())
    began = time.monotonic()
    assert not wait_for_token(began + 30)
    assert time.monotonic() - began < 5
