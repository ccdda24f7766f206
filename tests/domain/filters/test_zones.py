"""Time zones as an address names them."""

import pytest

from dashboard.domain.filters.zones import read_zone


def test_a_name_of_the_list_is_a_zone() -> None:
    assert str(read_zone("Europe/Berlin")) == "Europe/Berlin"
    assert str(read_zone("UTC")) == "UTC"


@pytest.mark.parametrize(
    "text",
    ["", "Berlin", "../../etc/passwd", "/etc/localtime", "Europe", "a" * 65, "Europe/\0", "é",
     "localtime", "posixrules", "Factory", "right/UTC", "posix/Europe/Berlin"],
)  # fmt: skip
def test_anything_else_is_none(text: str) -> None:
    assert read_zone(text) is None
