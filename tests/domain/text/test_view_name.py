"""What a saved view may be called."""

import pytest

from dashboard.domain.text.view_name import LONGEST_NAME, ViewRejected, read_name, shown_again


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Autumn,\tto \n review ", "Autumn, to review"),
        ("nul\0here", "nul here"),
        ("مراجعة الخريف", "مراجعة الخريف"),
        ("🎃", "🎃"),
        ("Cafe\u0301", "Café"),
        ("x" * LONGEST_NAME, "x" * LONGEST_NAME),
    ],
)
def test_names_that_are_taken(text: str, name: str) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Give the view a name."),
        (" \n\0", "Give the view a name."),
        ("\u200b\u202e", "Give the view a name."),
        ("x" * 61, "This one has 61."),
        ("x" * 2000, "This one has 2,000."),
        ("sk-proj-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4", "secret"),
        ("password=hunter2hunter2", "secret"),
    ],
)
def test_names_that_are_refused_say_why(text: str, why: str) -> None:
    with pytest.raises(ViewRejected, match=why.replace(".", r"\.")):
        read_name(text)


def test_a_refused_name_is_shown_again_unless_it_looks_like_a_secret() -> None:
    assert shown_again(" autumn\0to \n review " + "x" * 80) == "autumn to review " + "x" * 80
    for secret in ("password=hunter2hunter2", "x " * 60 + "password=hunter2hunter2"):
        assert shown_again(secret) == ""
