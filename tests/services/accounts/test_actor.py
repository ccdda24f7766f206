"""Who acts, and what the audit stores of it."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils.functional import SimpleLazyObject

from dashboard.access import local_user
from dashboard.services.accounts.actor import Actor, account_of, name_of
from tests.builders import person

pytestmark = pytest.mark.django_db


def test_an_account_is_stored_with_its_name_whether_loaded_or_lazy() -> None:
    ana = person("ana")
    for actor in (ana, SimpleLazyObject(lambda: ana)):
        assert (account_of(actor), name_of(actor)) == (ana, "ana")
    assert name_of(local_user()) == "local"


@pytest.mark.parametrize(
    ("actor", "name"),
    [(None, ""), ("make user", "make user"), (User(username="local"), "local")],
)
def test_what_has_no_row_is_stored_by_name_alone(actor: Actor, name: str) -> None:
    assert (account_of(actor), name_of(actor)) == (None, name)
    assert account_of(AnonymousUser()) is None
