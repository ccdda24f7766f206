"""The fragment cache: bounded by length, the least recently used parts go first."""

import pytest
from cachetools import LRUCache

from dashboard.views import fragment_cache


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    cache: LRUCache[object, fragment_cache.Parts]
    cache = LRUCache(100, getsizeof=fragment_cache._size)
    monkeypatch.setattr(fragment_cache, "_parts", cache)


def test_parts_are_rendered_once() -> None:
    rendered = []

    def render() -> fragment_cache.Parts:
        rendered.append(1)
        return ("part",)

    assert [fragment_cache.render_once("key", render) for _ in range(3)] == [("part",)] * 3
    assert rendered == [1]


def test_the_least_recently_used_goes_when_the_length_is_reached(small: None) -> None:
    for key in "ab":
        fragment_cache.put(key, ("x" * 20, "y" * 20))
    fragment_cache.get("a")
    fragment_cache.put("c", ("x" * 40,))
    assert [bool(fragment_cache.get(key)) for key in "abc"] == [True, False, True]


def test_a_part_put_again_counts_once(small: None) -> None:
    for _ in range(5):
        fragment_cache.put("a", ("x" * 60,))
    fragment_cache.put("b", ("x" * 40,))
    assert fragment_cache.get("a") and fragment_cache.get("b")


def test_what_is_too_long_is_returned_and_not_cached() -> None:
    parts = ("x" * (fragment_cache.MAX_PART + 1),)
    assert fragment_cache.put("a", parts) == parts
    assert fragment_cache.get("a") is None
