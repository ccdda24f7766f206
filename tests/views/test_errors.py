"""The page of a fault of our own."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.views.defaults import server_error


def test_a_fault_of_ours_is_told_without_the_database_or_a_request_context(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "cursor", None)
    response = server_error(RequestFactory().get("/"))
    text = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong" in text
    assert 'class="panel state-page"' in text
    assert 'rel="stylesheet" href="/static/css/site' in text
    assert "{%" not in text and "{#" not in text
