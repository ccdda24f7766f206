"""The names of browsers and systems, and robots."""

import pytest

from dashboard.domain.text.user_agents import device_name, is_robot


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18 Safari/6", "Safari on Mac"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) CriOS/140.0 Safari/604", "Chrome on iPad"),
        ("curl/8.5.0", "curl"),
        ("", "Unknown device"),
        ("<script>", "Unknown device"),
    ],
)  # fmt: skip
def test_a_browser_is_called_by_its_name_and_system(agent: str, words: str) -> None:
    assert device_name(agent) == words


@pytest.mark.parametrize(
    ("agent", "robot"),
    [
        ("Slackbot-LinkExpanding 1.0", True),
        ("facebookexternalhit/1.1", True),
        ("WhatsApp/2.23", True),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36", False),
        ("", False),
    ],
)
def test_robots_are_told_from_browsers(agent: str, robot: bool) -> None:
    assert is_robot(agent) is robot
