"""Strings that try to break a page: markup, scripts, text direction marks, emoji."""

from random import Random

from dashboard.simulator.node_outputs import file
from dashboard.simulator.timeline import Item, Report
from dashboard.simulator.workflows import RunDetails

INPUTS: dict[str, object] = {
    "<script>alert(11)</script>": '"><img src=x onerror=alert(12)>',
    "img": "javascript:alert(13)",
    "hx-vals": "js:{x:alert(14)}",
    "prompt": "灯台 🏝️ — a café at 3 a.m. <b>bold</b> {{ 7*7 }} {% now %} \u202egnp.exe",
    "العربية": "منارة على صخرة عند الغروب",
    "עברית": "מגדלור בשקיעה",
    "family": "👩‍👩‍👧‍👦 e\u0301 ñ ﷽",
    "__proto__": {"polluted": True},
    "long word": "a" * 600,
    "controls": "tab\tbell\u0007end\u200b",
}
NAMES = (
    "<img src=x onerror=alert(1)>.png",
    "a\".png' onload=alert(3) x='.png",
    "灯台 🏝️ 1.png",
    "\u202egnp.exe.png",
    "../../etc/passwd.png",
    "x" * 200 + ".png",
)
URLS = (
    ("click.png", "javascript:alert(document.domain)"),
    ("page.png", "data:text/html;base64,PHNjcmlwdD5hbGVydCg1KTwvc2NyaXB0Pg=="),
    ("local.png", "file:///etc/passwd"),
    ("old.png", "ftp://files.example.com/old.png"),
)
TEXTS = (
    "</script><script>alert(6)</script>",
    "<a href='javascript:alert(7)'>open</a> & &lt;",
    "منارة 🗼 \u2066left\u2069 \u202eright",
)
LIVE_STATUS = "Executing <script>alert(15)</script> \u202e🗼"


def reports(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    images = tuple(file(rng, "images", name) for name in NAMES)
    links = tuple(Item("images", name, url=url) for name, url in URLS)
    texts = tuple(Item("<b>text</b>", value=text) for text in TEXTS)
    return (
        Report(
            end - 2.0,
            "9",
            images,
            "SaveImage</td><script>alert(4)</script>",
            '"><script>alert(2)</script>',
        ),
        Report(end - 1.5, "9'\">", links, "SaveImage"),
        Report(end - 1.0, "🗼", texts, "ShowText"),
    )
