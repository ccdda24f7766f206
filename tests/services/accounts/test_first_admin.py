"""The first admin's code."""

import pytest
from django.core.exceptions import ValidationError

from dashboard.services.accounts import first_admin, people
from tests.builders import person

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


def test_the_newest_code_makes_one_admin() -> None:
    older, code = first_admin.new_code(), first_admin.new_code()
    assert first_admin.make_first(older, "ana", PASSWORD) is None
    with pytest.raises(ValidationError):
        first_admin.make_first(code, "local", PASSWORD)
    ana = first_admin.make_first(code.lower().replace("-", " "), "ana", PASSWORD)
    assert ana and people.role_of(ana) == "admin"
    assert first_admin.make_first(code, "ben", PASSWORD) is None
    assert not first_admin.is_open()


def test_there_is_no_code_once_there_is_an_account() -> None:
    person("ana")
    assert first_admin.new_code() == ""
