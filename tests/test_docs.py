"""What README, docs and the files beside them say of the repository is so."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from dashboard.domain.filters.fields import NAMES
from dashboard.domain.logs.causes import Cause
from dashboard.presentation.run.cause_text import CAUSE_TEXTS

ROOT = Path(__file__).parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PARTS = ("What", "Why", "What was given up")
MADE = (".git", *(ROOT / ".gitignore").read_text().replace("/", "").split())
"""What is made in a checkout and is not of the repository."""

ENDINGS = re.compile(r"\.(?:md|py|txt|toml|yml|yaml|html|css|js|example)$")
NO_PATH = re.compile(r"[^\w./*-]")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
every_decision = pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)


def prose(page: Path) -> str:
    """The text without its blocks of code: these are what a reader types, not what is here."""
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)


def paths(text: str) -> Iterator[str]:
    """The words in backticks that look like paths of the repository."""
    for word in " ".join(re.findall(r"`([^`\n]+)`", text)).split():
        first = word.split("/")[0]
        if NO_PATH.search(word) or word.startswith("/") or first in MADE:
            continue
        ours = "/" in word and first and (ROOT / first).exists()
        if ours or ENDINGS.search(word) or (word.endswith("/") and word != "/"):
            yield word


def links(text: str) -> list[tuple[str, str]]:
    """The path and the fragment of every link to somewhere in the repository."""
    found = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)", text)
    return [(unquote(path), fragment) for path, fragment in found]


def anchors(page: Path) -> set[str]:
    """What a heading is called in an address."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in headings}


def test_a_path_is_told_from_other_words() -> None:
    text = "`docs/gone.md` `dashboard/` `lost/` `gone.py` `docs/*.md` `python manage.py serve`"
    assert list(paths(text)) == [
        "docs/gone.md", "dashboard/", "lost/", "gone.py", "docs/*.md", "manage.py",
    ]  # fmt: skip
    others = "`/runs/<id>/` `var/files` `.env` `image/png` `a/b` `https://x.example/a.py` `KEEP=1`"
    assert list(paths(others)) == []


@every_page
def test_every_path_that_is_named_is_there(page: Path) -> None:
    lost = [path for path in paths(prose(page)) if not any(ROOT.glob(path.rstrip("/")))]
    assert lost == []


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, fragment in links(prose(page)):
        target = page.parent / path if path else page
        assert target.resolve().is_relative_to(ROOT) and target.exists(), path
        assert not fragment or fragment in anchors(target), f"{path}#{fragment}"


@every_page
def test_every_make_target_that_is_named_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M))
    spans = re.findall(r"`make ([a-z -]+)", page.read_text())
    assert {target for span in spans for target in span.split()} <= targets


def test_the_readme_is_a_page() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 200


def test_every_page_of_docs_is_found_from_the_readme() -> None:
    told = {path for path, _ in links(prose(ROOT / "README.md"))}
    for page in PAGES[1:]:
        path = page.relative_to(ROOT)
        assert {str(path), f"{path.parent}/"} & told, path


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.stem[:4]) for page in DECISIONS]
    assert numbers[0] == 1 and all(after == before + 1 for before, after in pairwise(numbers))


@every_decision
def test_every_decision_has_its_three_parts(page: Path) -> None:
    lines = page.read_text().splitlines()
    assert lines[0].startswith(f"# {int(page.stem[:4])}. ")
    assert 15 <= len(lines) <= 40
    parts = re.split(r"^## (.+)$", page.read_text(), flags=re.M)[1:]
    assert tuple(parts[::2]) == PARTS
    assert all(len(text.split()) > 20 for text in parts[1::2])


def test_pre_commit_runs_what_lint_runs() -> None:
    makefile = (ROOT / "Makefile").read_text()
    recipe = re.search(r"^lint:.*\n((?:\t.+\n)+)", makefile, re.M)
    assert recipe
    told = recipe[1].replace("$(PY)", "$(VENV)/bin/python").replace("$(VENV)", ".venv")
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"entry: (.+)", hooks) == re.findall(r"^\t@(.+)$", told, re.M)
    assert set(re.findall(r"repo: (\S+)", hooks)) == {"local"}


def test_every_cause_is_in_the_glossary_as_the_page_says_it() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    for word, text in CAUSE_TEXTS.items():
        assert f"| `{word}` | {text.title} |" in glossary
    assert set(CAUSE_TEXTS) == set(Cause)


def test_every_filter_is_on_its_page() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \|", (ROOT / "docs" / "filters.md").read_text(), re.M)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(NAMES)
