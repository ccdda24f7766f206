"""What of an output's tile the readers of a share link get."""

import pytest

from dashboard.domain.run.facts import Output
from dashboard.domain.sharing import INPUTS, NAMES, OUTPUTS
from dashboard.presentation.run.file_facts import StoredFileFacts
from dashboard.presentation.run.file_text import AWAITED, AWAITED_LIVE, NOT_STORED
from dashboard.presentation.run.tiles import Tile, tile
from dashboard.presentation.sharing.shared_tile import has_content, shared_tile

LINK = "https://bucket.example/a.png"


def made(kind: str = "image", stored: StoredFileFacts | None = None) -> Tile:
    output = Output(kind=kind, key="images", identity="x", url=LINK)
    return tile(output, stored, "")


def test_with_names_and_inputs_a_tile_is_whole() -> None:
    whole = made()
    scopes = (OUTPUTS, NAMES, INPUTS)
    assert shared_tile(whole, scopes, finished=True, stores_files=True) is whole


@pytest.mark.parametrize(
    ("finished", "stores", "reason"),
    [(True, True, AWAITED), (False, True, AWAITED_LIVE), (True, False, NOT_STORED)],
)
def test_without_them_no_upstream_address_is_given(
    finished: bool, stores: bool, reason: str
) -> None:
    given = shared_tile(made(), (OUTPUTS, INPUTS), finished=finished, stores_files=stores)
    assert (given.link, given.embed_url, given.missing) == (None, None, reason)
    assert not has_content(given)


def test_without_inputs_a_file_that_cannot_be_cleaned_is_withheld() -> None:
    psd = StoredFileFacts(url="/f/1", download_url="/f/1?download", type="application/zip")
    given = shared_tile(made("file", psd), (OUTPUTS, NAMES), finished=True, stores_files=True)
    assert given.withheld and given.link is None
    png = StoredFileFacts(url="/f/1", download_url="/f/1?download", type="image/png")
    given = shared_tile(made("image", png), (OUTPUTS,), finished=True, stores_files=True)
    assert (given.withheld, given.embed_url) == (False, "/f/1")
    assert has_content(given)
