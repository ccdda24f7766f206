"""Tiles of a gallery, their days, and stacks of files that differ in the seed alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dashboard.domain.run.facts import Output
from dashboard.domain.run.marks import Mark
from dashboard.presentation import gallery
from dashboard.presentation.gallery import GalleryTile, RunCaption, stacked
from dashboard.presentation.run.file_facts import StoredFileFacts
from dashboard.presentation.run.tiles import tile

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
STORED = StoredFileFacts(
    url="/f", download_url="/f?download", thumb_url="/f?small", width=16, height=9
)


def caption(key: int, alike: tuple[str, ...] = ("w", "v", "d"), inputs: str = "") -> RunCaption:
    return RunCaption(
        key, f"/runs/{key}/", "A run", (), NOW, "", "", None, alike, inputs or str(key)
    )


def output(kind: str = "image", **given: Any) -> Output:
    plain = {
        "identity": "i",
        "key": "images",
        "filename": "a.png",
        "url": "https://x.example/a.png",
    }
    return Output(**{"kind": kind, "node_id": "9", **plain, **given})


def shot(run: RunCaption, file: StoredFileFacts | None = STORED, **given: Any) -> GalleryTile:
    return gallery.gallery_tile(tile(output(**given), file, ""), run, NOW, 4.2)


def told(tiles: list[GalleryTile]) -> list[tuple[int, str, bool]]:
    return [(one.run.key, one.badge, one.folded) for one in tiles]


def test_what_differs_in_the_seed_alone_lies_behind_its_newest() -> None:
    other = caption(2, ("w", "other"))
    made = stacked([shot(caption(3)), shot(other), shot(caption(1))])
    assert told(made) == [(3, "2 seeds", False), (1, "", True), (2, "", False)]
    assert made[0].stack == made[1].stack != made[2].stack


def test_runs_without_a_workflow_or_fingerprint_are_like_none() -> None:
    made = stacked([shot(caption(2, ())), shot(caption(1, ()))])
    assert told(made) == [(2, "", False), (1, "", False)]


def test_the_same_seed_is_no_other_seed() -> None:
    made = stacked([shot(caption(n, inputs="same")) for n in (2, 1)])
    assert made[0].badge == "2 alike"


def test_files_of_one_run_are_no_stack_and_each_has_its_like_in_the_other() -> None:
    tiles = [shot(caption(run), identity=name) for run in (2, 1) for name in "ab"]
    made = stacked(tiles)
    assert [(one.run.key, one.tile.output.identity) for one in made] == [
        *((2, "a"), (1, "a"), (2, "b"), (1, "b"))
    ]
    assert [one.badge for one in made] == ["2 seeds", "", "2 seeds", ""]
    assert len({one.stack for one in made}) == 2


def test_nodes_and_kinds_are_never_one_stack() -> None:
    made = stacked(
        [shot(caption(3)), shot(caption(2), node_id="8"), shot(caption(1), kind="video")]
    )
    assert {one.badge for one in made} == {""}


def test_nothing_is_lost_in_stacks() -> None:
    tiles = [shot(caption(run), identity=str(n)) for run in range(5) for n in range(run)]
    assert sorted((one.run.key, one.tile.output.identity) for one in stacked(tiles)) == sorted(
        (one.run.key, one.tile.output.identity) for one in tiles
    )


@pytest.mark.parametrize(
    ("given", "file", "look", "opens"),
    [
        ({}, STORED, "image", True),
        ({}, None, "image", True),
        ({"kind": "video"}, STORED, "video", True),
        ({"kind": "video"}, None, "video", True),
        ({"kind": "audio"}, STORED, "file", False),
        ({"text": "words", "url": None}, None, "text", False),
        ({"url": None}, None, "missing", False),
        ({"url": None}, StoredFileFacts(reason="gone"), "missing", False),
        ({"url": None, "unsafe": True}, None, "file", False),
        ({"url": "http://x.example/a.png"}, None, "file", False),
    ],
)
def test_a_tile_looks_as_what_it_is(
    given: dict[str, Any], file: StoredFileFacts | None, look: str, opens: bool
) -> None:
    one = shot(caption(1), file, **given)
    assert (one.look, one.opens) == (look, opens)


def test_an_unsafe_file_has_a_lock_and_no_address() -> None:
    one = shot(caption(1), None, url=None, unsafe=True)
    assert (one.icon, one.tile.link, one.tile.thumbnail_url) == ("lock", None, None)


def test_a_link_that_has_ended_leaves_our_thumbnail_or_a_dashed_tile() -> None:
    ended = {"expires_at": NOW}
    gone = shot(caption(1), None, **ended)
    assert (gone.look, gone.opens, gone.tile.link) == ("missing", False, None)
    assert gone.tile.short_reason == "Link expired"
    small = shot(caption(1), StoredFileFacts(thumb_url="/f?small", reason="too-big"), **ended)
    assert (small.look, small.opens, small.tile.embed_url) == ("image", True, None)
    film = shot(caption(1), StoredFileFacts(thumb_url="/f?small"), kind="video", **ended)
    assert (film.look, film.opens) == ("video", False)
    assert shot(caption(1), STORED, **ended).tile.embed_url == "/f"
    assert shot(caption(1), None, expires_at=NOW + timedelta(seconds=1)).look == "image"


def test_only_films_have_a_length() -> None:
    assert shot(caption(1), kind="video").length == "0:04"
    assert shot(caption(1)).length == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "0:01"), (4.4, "0:04"), (59.6, "1:00"), (3723, "1:02:03")]
)
def test_lengths_are_shown_as_players_do(seconds: float, text: str) -> None:
    assert gallery.film_length(seconds) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 26), "Today, Thu 26 Nov"),
        (date(2026, 11, 25), "Yesterday, Wed 25 Nov"),
        (date(2026, 11, 3), "Tue 3 Nov"),
        (date(2025, 12, 31), "Wed 31 Dec 2025"),
    ],
)
def test_days_are_named(day: date, text: str) -> None:
    assert gallery.day_title(day, date(2026, 11, 26)) == text


def test_counts_of_a_day() -> None:
    assert gallery.files_text(35, 8) == "35 files from 8 runs"
    assert gallery.files_text(1, 1) == "1 file from 1 run"
    assert gallery.files_text(0, 0) == ""
    assert gallery.without_text(2, more=True) == "2 more runs made no files"
    assert gallery.without_text(1, more=False) == "1 run made no files"
    assert gallery.without_text(0, more=True) == ""


@pytest.mark.parametrize(
    ("inputs", "seed"),
    [
        ({"prompt": "a", "noise_seed": 7}, "7"),
        ({"seed": "secret"}, ""),
        ({"seed": True}, ""),
        ({"seed": 10**40}, "1" + "0" * 23),
        (["seed"], ""),
        (None, ""),
    ],
)
def test_a_seed_is_a_number(inputs: object, seed: str) -> None:
    assert gallery.seed_of(inputs) == seed  # type: ignore[arg-type]


def test_a_text_is_shown_by_its_beginning() -> None:
    one = shot(caption(1), None, url=None, text="x" * 9000)
    assert len(one.head) == gallery.TEXT_HEAD
    assert replace(one, tile=replace(one.tile, text=None)).head == ""


def test_a_stack_has_one_name_on_each_page_of_its_day_and_tells_its_picks() -> None:
    first, second = stacked([shot(caption(3))], "day"), stacked([shot(caption(2))], "day")
    assert first[0].stack == second[0].stack != stacked([shot(caption(1))], "other")[0].stack
    picked = replace(shot(caption(1)), tile=replace(shot(caption(1)).tile, mark=Mark("picked")))
    assert [one.picks for one in stacked([shot(caption(2)), picked], "day")] == [1, 0]


def test_headings_of_prompts_and_workflows() -> None:
    assert gallery.by_prompt("a") == gallery.by_prompt("a") != gallery.by_prompt("b")
    assert gallery.by_prompt("").title == "No prompt"
    assert gallery.by_prompt("a").key != gallery.by_workflow("a", "").key
    assert gallery.by_workflow("1a2b3c4d5e", "").title == "Workflow 1a2b3c4d"
    assert gallery.by_workflow("", "").title == "No workflow"
    assert gallery.by_workflow("w", "new name").key == gallery.by_workflow("w", "old").key


def test_versions_of_a_workflow_are_never_one_stack() -> None:
    made = stacked([shot(caption(2, ("w", "v1", "d"))), shot(caption(1, ("w", "v2", "d")))])
    assert [one.badge for one in made] == ["", ""]
