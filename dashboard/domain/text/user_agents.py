"""Names of browsers and systems, from the User-Agent header."""

import re

_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
    ("curl", r"^curl/"),
    ("Python", r"^python-|^Python"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)

_ROBOT = re.compile(
    r"bot\b|crawl|spider|preview|unfurl|facebookexternalhit|embed|^WhatsApp/", re.IGNORECASE
)


def device_name(agent: str) -> str:
    """Such as Chrome on Windows; "Unknown device" where nothing of it is known."""
    browser = _first(_BROWSERS, agent)
    system = _first(_SYSTEMS, agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "Unknown device"


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, agent)), "")


def is_robot(agent: str) -> bool:
    """Whether a chat's link preview or a search engine sent it, not a person's browser."""
    return bool(_ROBOT.search(agent))
