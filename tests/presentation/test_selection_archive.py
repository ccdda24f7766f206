"""Folders of an archive of several runs: one for each, whatever they are called."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from dashboard.presentation.selection_archive import run_folder


def folder_of(run_id: UUID, title: str, taken: set[str]) -> str:
    run: Any = SimpleNamespace(uuid=run_id, short_id=run_id.hex[:8])
    text: Any = SimpleNamespace(identity="a", url="", text="words", filename=None, node_id="9")
    folder, slash, name = (
        run_folder(run, title, [text], {}, {}, taken).entries[0].name.partition("/")
    )
    assert slash and "/" not in name
    return folder


def test_runs_of_one_title_and_beginning_have_folders_of_their_own() -> None:
    taken: set[str] = set()
    ids = [UUID(f"7c1e9f42-3b0a-4d1e-9a57-{n:012}") for n in range(3)]
    names = [folder_of(run_id, title, taken) for run_id, title in zip(ids, "Aaa", strict=True)]
    assert names == ["A-7c1e9f42", f"a-{ids[1]}", f"a-{ids[2]}"]


def test_no_title_leads_out_of_the_archive() -> None:
    for title in ("../../etc", "/", "..", "C:\\x", "a\x00b"):
        name = folder_of(UUID(int=1), title, set())
        assert name.endswith("-00000000")
        assert not set(name) & set("/\\:\x00")
        assert not name.startswith(".")
