"""An admin stays, whichever two of the ways out are taken at one moment."""

import threading
import time
from collections.abc import Callable
from itertools import product

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from dashboard.services.accounts import people, sign_in_links
from dashboard.services.accounts.admins import LastAdmin, admins, is_admin, require_another_admin
from tests.builders import person

Way = Callable[[User], object]
WAYS: dict[str, Way] = {
    "role": lambda user: people.set_role(user, "member", None),
    "deactivate": lambda user: people.deactivate(user, None),
    "command": lambda user: sign_in_links.issue(user.username, admin=False),
}


def attempt(way: Way, user: User, refused: list[str]) -> None:
    try:
        way(user)
    except LastAdmin as error:
        refused.append(error.user.username)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "second"), [*product(WAYS, repeat=2)])
def test_two_admins_cannot_step_down_at_once(first: str, second: str) -> None:
    eva, ida = person("eva", "admin"), person("ida", "admin")
    refused: list[str] = []
    other = threading.Thread(target=attempt, args=(WAYS[second], ida, refused))
    with transaction.atomic():
        WAYS[first](eva)
        other.start()
        time.sleep(0.1)  # the other waits for the lock meanwhile
        assert other.is_alive()
    other.join(20)
    assert refused == ["ida"]
    assert [user.username for user in admins()] == ["ida"]


@pytest.mark.django_db
def test_only_the_last_admin_who_can_sign_in_is_held() -> None:
    eva, ana = person("eva", "admin"), person("ana")
    require_another_admin(ana)
    with pytest.raises(LastAdmin, match="only admin"):
        require_another_admin(eva)
    ida = person("ida", "admin")
    require_another_admin(eva)
    people.deactivate(ida, eva)
    assert not is_admin("ida")
    with pytest.raises(LastAdmin):
        require_another_admin(eva)
