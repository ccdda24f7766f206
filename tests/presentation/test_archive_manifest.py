"""Names of what is taken away: readable, safe, and each once."""

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.domain.media.stored_files import safe_name
from dashboard.presentation.archive_manifest import entries


def names(title: str, *outputs: Any, nodes: bool = True) -> list[str]:
    kept = {each.identity: SimpleNamespace(reason="") for each in outputs}
    return [one.name for one in entries(outputs, kept, {}, title, "7c1f03aa", nodes=nodes)]


def output(number: int = 1, node: str | None = "9", filename: str = "a.png") -> Any:
    return SimpleNamespace(
        identity=str(number), node_id=node, filename=filename, text=None, url="https://b.example/x"
    )


def test_a_name_tells_the_title_the_run_the_node_and_the_place() -> None:
    assert names("Lighthouse flux", output()) == ["Lighthouse-flux-7c1f03aa-9-01.png"]
    assert names("Lighthouse", output(), nodes=False) == ["Lighthouse-7c1f03aa-01.png"]


@pytest.mark.parametrize(
    "node", ["12/3", "12:3", "12\\3", "../3", "n" * 40, "灯" * 40, "a.b", None]
)
@pytest.mark.parametrize("title", ["A title " * 20, "灯台" * 90, "𐍈" * 90, "../../x", "", "-"])
def test_names_are_whole_whatever_title_and_node_are(title: str, node: str | None) -> None:
    found = names(title, *(output(n, node) for n in range(120)))
    assert len({name.lower() for name in found}) == 120
    assert found[11].endswith("-012.png") and "-7c1f03aa-" in found[11]
    assert not any(set(name) & set("/\\:") or name.startswith((".", "-")) for name in found)
    assert max(len(name.encode()) for name in found) < 255


def test_a_nodes_path_keeps_the_title_and_the_run() -> None:
    assert names("Lighthouse", output(node="12/3")) == ["Lighthouse-7c1f03aa-12-3-01.png"]


@pytest.mark.parametrize("filename", ["a", "a.", "a." + "x" * 90, "a.p/ng", "a.b c", ""])
def test_an_ending_that_is_none_is_left_out(filename: str) -> None:
    assert names("T", output(filename=filename))[0] in ("T-7c1f03aa-9-01", "T-7c1f03aa-9-01.x")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\r\nb.png", "a-b.png"),
        ("Bild äöü.PNG", "Bild äöü.PNG"),
        ("x" * 300 + ".webp", "x" * 80 + ".webp"),
        ("x" * 79 + " y.png", "x" * 79 + ".png"),
        ("", "file"),
        ("..", "file"),
    ],
)
def test_a_file_has_a_safe_name(given: str, name: str) -> None:
    assert safe_name(given) == name
