"""Roles: each includes the ones before it."""

import pytest

from dashboard.domain.roles import ADMIN, MEMBER, ROLES, VIEWER, reaches


def test_each_role_includes_the_ones_before_it() -> None:
    order = list(ROLES)
    assert order == [VIEWER, MEMBER, ADMIN]
    for place, role in enumerate(order):
        assert [reaches(role, needed) for needed in order] == [n <= place for n in range(3)]


@pytest.mark.parametrize("role", ["", "owner"])
def test_an_unknown_role_reaches_nothing(role: str) -> None:
    assert not reaches(role, VIEWER)
