"""What an account may be called."""

import pytest
from django.core.exceptions import ValidationError

from dashboard.services.accounts.account_name import LOCAL, check_name
from tests.builders import person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", [LOCAL, "", "a b", "a\0", "x" * 151])
def test_what_can_be_no_name(name: str) -> None:
    for new in (True, False):
        with pytest.raises(ValidationError):
            check_name(name, new=new)


def test_a_taken_name_is_refused_to_new_accounts_alone() -> None:
    person("ana")
    check_name("ana", new=False)
    check_name("ben")
    with pytest.raises(ValidationError, match="taken"):
        check_name("ANA")
