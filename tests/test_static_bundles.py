"""Files that are served as one: whole, in order, once, collected or not."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from dashboard import static_bundles
from dashboard.management.commands.serve import static_state
from dashboard.static_bundles import BUNDLES, join, sources

NAMES = sorted(BUNDLES)


@pytest.fixture
def small(tmp_path: Path, settings) -> Path:
    """A folder of static files with two sources."""
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    settings.JOINED_STATIC = tmp_path / "joined"
    folder = tmp_path / "static" / "css" / "site"
    folder.mkdir(parents=True)
    (folder / "10-b.css").write_text("b {}\n")
    (folder / "02-a.css").write_text("a {}\n")
    (folder / "notes.txt").write_text("no style")
    return folder


def _words(path: Path) -> list[str]:
    """The words of a source that are sent: of a style sheet, those outside its comments."""
    text = path.read_text()
    kept = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL) if path.suffix == ".css" else text
    return kept.split()


@pytest.mark.parametrize("name", NAMES)
def test_a_joined_file_holds_every_source_once_and_in_order(name: str) -> None:
    content, files = join(name), sources(name)
    assert files
    assert {path.suffix for path in files} == {Path(name).suffix}
    assert content.decode().split() == [word for path in files for word in _words(path)]
    assert [path.name for path in files] == sorted(path.name for path in files)


def test_a_comment_is_kept_from_readers_and_words_between_comments_are_not(small: Path) -> None:
    (small / "10-b.css").write_text(
        '/* one\n   long */\n@layer b {\n\n  b { top: 0; } /* two */\n  i { content: "  "; }\n}\n'
    )
    assert join("css/site.css") == b'a {}\n@layer b {\nb { top: 0; } i { content: "  "; }\n}\n'


@pytest.mark.parametrize("name", NAMES)
def test_it_is_served_and_its_sources_are_not(name: str) -> None:
    response = Client().get(f"/static/{name}")
    assert response.status_code == 200
    assert b"".join(response) == join(name)  # type: ignore[arg-type]
    for path in sources(name):
        source = f"{BUNDLES[name]}/{path.name}"
        assert finders.find(source) is None
        assert Client().get(f"/static/{source}").status_code in {302, 404}, source


def test_it_is_collected_without_its_sources_under_hashed_names(tmp_path: Path, settings) -> None:
    settings.STATIC_ROOT = tmp_path
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    call_command("collectstatic", interactive=False, verbosity=0)
    for name, folder in BUNDLES.items():
        stem, ending = name.rsplit(".", 1)
        assert (tmp_path / name).read_bytes() == join(name)
        assert len(list(tmp_path.glob(f"{stem}.*.{ending}"))) == 1
        assert not (tmp_path / folder).exists()
    (style,) = tmp_path.glob("css/site.*.css")
    assert 'url("../fonts/geist-latin.' in style.read_text()
    assert "geist-latin.woff2" not in style.read_text()


def test_a_changed_source_is_joined_anew_at_once(small: Path, settings) -> None:
    finder = static_bundles.Finder()
    found = Path(str(finder.find_location("", "css/site.css")))
    assert found.read_text() == "a {}\nb {}\n"
    written = found.stat().st_mtime_ns
    assert finder.find_location("", "css/site.css") == str(found)
    assert found.stat().st_mtime_ns == written, "unchanged: not written again"
    (small / "10-b.css").write_text("c {}\n")
    finder.find_location("", "css/site.css")
    assert found.read_text() == "a {}\nc {}\n"
    assert oct(found.stat().st_mode)[-3:] == "644"
    assert list(found.parent.iterdir()) == [found]


def test_serve_collects_again_when_a_source_has_changed(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finders.get_finder.cache_clear()
    try:
        before = static_state()
        assert static_state() == before
        (small / "02-a.css").write_text("a { }\n")
        assert static_state() != before
    finally:
        finders.get_finder.cache_clear()
