"""What holds for templates and static files as they lie: no page has to be made for it."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from dashboard import static_bundles
from dashboard.presentation.run.display import run_display
from dashboard.presentation.words import status_words
from tests.timed_run import done, live, lost, seen

ROOT = Path(__file__).parent.parent
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
JOINED = {name: static_bundles.join(name) for name in static_bundles.BUNDLES}
CSS = (
    JOINED["css/site.css"] + JOINED["css/board.css"] + JOINED["css/list.css"]
).decode() + "".join(path.read_text() for path in sorted((STATIC / "css").glob("*.css")))
FACES = re.findall(r"@font-face \{([^}]+)\}", CSS)
STATES = ("not-started", "queued", "started", "running", "uploading", "paused")
# For pages and folds that few open, and what opens on a click.
PAGES_OWN = (
    *("log.js", "pair.js", "patterns.js", "pick.js", "patterns.css", "board.css"),
    *("people.css", "share.css", "list.css", "list.js", "marks.js", "marks.css"),
    *("palette.css", "palette.js", "large.js", "insights.css"),
)
ENDS = ("success", "failed", "timeout", "cancelled")


def test_files_of_others_are_those_that_are_listed() -> None:
    rows = re.findall(r"^\| ([\w/.-]+) \| .* \| ([0-9a-f]{64}) \|$", _vendor_list(), re.M)
    assert {name for name, _ in rows} == {
        str(path.relative_to(STATIC))
        for path in (
            *STATIC.glob("vendor/**/*.js"),
            *STATIC.glob("vendor/**/*.css"),
            *STATIC.glob("fonts/*.woff2"),
        )
    }
    for name, digest in rows:
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest, name


def _vendor_list() -> str:
    return (STATIC / "vendor" / "VENDOR.md").read_text()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_has_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style|javascript:|\son[a-z]+\s*=|hx-on|hx-vals=.js", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_a_line_of_a_template_is_an_element_or_an_attribute() -> None:
    """A long line is one attribute's value, or the words of one."""
    words = TEMPLATES / "runs" / "detail" / "_copy_state.html"
    attribute = re.compile(r"\s+[\w-]+=(\"[^\n]*\"|'[^\n]*')")
    for path in PAGES:
        for line in path.read_text().splitlines():
            assert len(line) <= 120 or attribute.fullmatch(line) or path == words, (path, line)


def test_stylesheets_stand_in_layers_and_force_nothing() -> None:
    assert CSS.count("@layer tokens, base, parts, pages, paper, calm;") == 1
    assert "!important" not in CSS
    assert len(list((STATIC / "css").glob("*.css"))) <= 6


def test_what_a_first_visit_loads_is_small() -> None:
    def packed(*patterns: str) -> int:
        files = [path for pattern in patterns for path in STATIC.glob(pattern)]
        files = [path for path in files if path.name not in PAGES_OWN]
        return sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)

    def wanted(name: str, ending: str) -> bool:
        return name.endswith(ending) and Path(name).name not in PAGES_OWN

    def joined(ending: str) -> int:
        files = [content for name, content in JOINED.items() if wanted(name, ending)]
        return sum(len(gzip.compress(content, 9)) for content in files)

    css = packed("css/*.css") + joined(".css")
    js = packed("js/*.js", "vendor/*.js") + joined(".js")
    fonts = sum(path.stat().st_size for path in STATIC.glob("fonts/*-latin.woff2"))
    assert css <= 20_000
    assert js <= 40_000
    assert css + js + fonts + packed("img/icons.svg", "img/favicons/done.svg") <= 110_000


def test_text_is_soon_in_its_own_face_and_moves_nothing_when_that_comes() -> None:
    faces = [dict(re.findall(r"([\w-]+): ([^;]+);", face)) for face in FACES]
    fetched = [face for face in faces if "url(" in face["src"]]
    stand_ins = {face["font-family"]: face for face in faces if face not in fetched}
    assert {face["font-display"] for face in fetched} == {"swap"}
    for family in {face["font-family"] for face in fetched}:
        stand_in = family.replace("Variable", "Stand-in")
        assert f"{family}, {stand_in}, " in CSS
        assert {"ascent-override", "descent-override"} <= stand_ins[stand_in].keys()


def test_what_is_ours_lies_in_small_files() -> None:
    ours = [path for kind in ("css", "js") for path in (STATIC / kind).rglob(f"*.{kind}")]
    assert len(ours) > 40
    assert {path.name for path in ours if len(path.read_text().splitlines()) > 200} == set()


def test_scripts_put_one_name_into_the_window() -> None:
    texts = [path.read_text() for path in (STATIC / "js").rglob("*.js")]
    assert {name for text in texts for name in re.findall(r"window\.(runboard\w*)", text)} == {
        "runboard"
    }
    assert all(text.count("\n(() => {\n") == 1 and text.endswith("\n})();\n") for text in texts)


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img" / "icons.svg").read_text()))
    named = {name for path in PAGES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())}
    states = {status_words(status).icon for status in (*STATES, *ENDS, None)}
    assert named | states <= drawn


def test_every_state_has_its_favicon() -> None:
    runs = [live(status) for status in STATES] + [done(status=status) for status in ENDS]
    pictures = [run_display(run, seen(), title="Run") for run in runs]
    pictures += [run_display(live(progress=n / 10), seen(), title="Run") for n in range(11)]
    pictures.append(run_display(live(), lost(), title="Run"))
    for name in {one.favicon for one in pictures} | {"idle"}:
        assert (STATIC / "img" / "favicons" / f"{name}.svg").exists(), name


def _tokens(theme: str) -> dict[str, str]:
    both = re.findall(r"--([\w-]+): light-dark\((#\w{3,6}), (#\w{3,6})\);", CSS)
    return {name: light if theme == "light" else dark for name, light, dark in both}


def _contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        r, g, b = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT = [
    *(("ink", ground) for ground in ("page", "surface", "sunken", "hover")),
    *(("ink-2", ground) for ground in ("page", "surface", "sunken", "mat", "late-soft")),
    *(("ink-2", ground) for ground in ("fail-soft", "queue-bg", "hover")),
    *(("ink-3", ground) for ground in ("page", "surface", "sunken")),
    ("live", "live-soft"),
    ("live", "page"),
    ("cold-ink", "cold-soft"),
    ("cold-ink", "page"),
    ("done", "done-soft"),
    ("fail", "fail-soft"),
    ("late", "late-soft"),
    ("cold-on", "cold"),
    ("run-on", "run"),
    ("ink-inv", "action"),
]
SHAPES = [
    ("cold", "page"),
    ("run", "page"),
    ("queue-line", "queue-bg"),
    ("line-ctl", "page"),
    ("focus", "page"),
    ("fail-fill", "page"),
    ("late-fill", "page"),
    ("live-fill", "page"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_can_be_told_apart(theme: str) -> None:
    tokens = _tokens(theme)
    for pairs, least in ((TEXT, 4.5), (SHAPES, 3.0)):
        for one, other in pairs:
            assert _contrast(tokens[one], tokens[other]) >= least, (one, other)
