"""The sentence that says how many files are stored."""

from types import SimpleNamespace

from dashboard.presentation.run.stored_text import stored_text
from dashboard.presentation.run.tiles import Tile


def made(
    *, stored: bool = False, thumbnail: bool = False, url: str | None = "https://a.example"
) -> Tile:
    output = SimpleNamespace(url=url)
    return Tile(output, "image", "a.png", "", "", stored=stored, has_thumbnail=thumbnail)


def test_nothing_is_said_where_nothing_is_stored() -> None:
    assert stored_text([]) == ""
    assert stored_text([made(), made()]) == ""


def test_all_some_one_or_the_thumbnails_alone() -> None:
    assert stored_text([made(stored=True), made(stored=True)]) == "All files are stored"
    assert stored_text([made(stored=True), made()]) == "1 of 2 files are stored"
    assert stored_text([made(stored=True)]) == "The file is stored"
    assert stored_text([made(thumbnail=True), made()]) == "Thumbnails are stored"
    assert stored_text([made(thumbnail=True)]) == "Thumbnails are stored"


def test_texts_in_the_answer_are_no_files() -> None:
    assert stored_text([made(stored=True), made(url=None)]) == "The file is stored"
