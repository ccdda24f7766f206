"""Clients with patience and with a short bound, and what a failure may tell."""

import traceback
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from dashboard.upstream import errors
from dashboard.upstream.client import Client

RUN = UUID("9b3711ad-d3b9-4081-b567-0185bedeeca3")
KEY = "eyJfake.fake-key.signature"
PATIENT = {"connect_timeout": 60.0, "read_timeout": 60.0, "total_timeout": 60.0}


def client(url: str, key: str = KEY, **bounds: Any) -> Client:
    return Client(url, key, user_agent="Runboard/0.1.0", **{**PATIENT, **bounds})


def impatient(url: str) -> Client:
    """Ends where nothing comes for a moment; the whole answer has its time."""
    return client(url, read_timeout=0.4)


def hurried(url: str) -> Client:
    """Ends where the whole answer takes long, however it comes."""
    return client(url, total_timeout=0.8)


def failure(act: Callable[[], Any]) -> errors.UpstreamError:
    with pytest.raises(errors.UpstreamError) as caught:
        act()
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told
    assert "Authorization" not in told
    assert str(caught.value).endswith(".")
    return caught.value
