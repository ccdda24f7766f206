"""A workflow's graph: what is one, and what its nodes are called."""

from typing import Any

import pytest

from dashboard.domain.nodes.graph import MOST_NODES, read_graph, read_titles, titles_of

NODE: dict[str, Any] = {"class_type": "KSampler", "inputs": {}}


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ({"3": NODE}, True),
        ({"3": NODE, "4": None}, True),
        ({}, False),
        ([NODE], False),
        ("x", False),
        (None, False),
        ({"3": {}}, False),
        ({"3": {"class_type": 4}}, False),
        ({str(n): NODE for n in range(MOST_NODES + 1)}, False),
    ],
)
def test_what_is_a_graph(value: Any, is_one: bool) -> None:
    assert (read_graph(value) is not None) == is_one


@pytest.mark.parametrize(
    ("node", "title"),
    [
        ({**NODE, "_meta": {"title": " Base "}}, "Base"),
        ({**NODE, "_meta": {"title": "KSampler"}}, None),
        ({**NODE, "_meta": {"title": ""}}, None),
        ({**NODE, "_meta": {"title": 4}}, None),
        ({**NODE, "_meta": None}, None),
        (NODE, None),
        (None, None),
    ],
)
def test_titles_are_those_that_authors_gave(node: Any, title: str | None) -> None:
    assert titles_of({"3": node}).get("3") == title
    assert titles_of(None) == {}


def test_titles_are_told_by_id_and_by_class() -> None:
    graph = {
        "3": {**NODE, "_meta": {"title": "Base"}},
        "4": {**NODE, "_meta": {"title": "Refiner"}},
        "5": {"class_type": "VAEDecode", "_meta": {"title": "VAEDecode"}},
        "6": {"class_type": 4, "_meta": {"title": "Odd"}},
    }
    titles = read_titles(graph)
    assert titles
    assert list(titles.of("4", "KSampler")) == ["Refiner"]
    assert list(titles.of("9", "KSampler")) == list(titles.of(None, "VAEDecode")) == []
    assert list(titles.of(None, "KSampler")) == ["Base", "Refiner"]
    assert list(titles.of(None, None)) == []
    assert not read_titles(None) and not read_titles([NODE]) and not read_titles({"3": NODE})
