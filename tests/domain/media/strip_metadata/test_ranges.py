"""A stripped file as chunks: joined and filled without a byte more or less."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.media.strip_metadata.ranges import BLOCK, Chunk, joined, length, zeros

BODY = bytes(range(200))
RANGES = st.tuples(st.integers(0, 200), st.integers(0, 200)).map(
    lambda ends: (min(ends), max(ends))
)


def bytes_of(chunks: list[Chunk]) -> bytes:
    return b"".join(one if isinstance(one, bytes) else BODY[one[0] : one[1]] for one in chunks)


@given(st.lists(RANGES | st.binary(max_size=3)))
def test_joined_chunks_give_the_same_bytes(chunks: list[Chunk]) -> None:
    found = joined(chunks)
    assert bytes_of(found) == bytes_of(chunks)
    assert sum(map(length, found)) == len(bytes_of(chunks))
    assert b"" not in found


def test_ranges_that_touch_are_one() -> None:
    assert joined([(0, 5), (5, 9), b"", (9, 12), b"x", (12, 13)]) == [(0, 12), b"x", (12, 13)]


@given(st.integers(0, 3 * BLOCK))
def test_zeros_are_as_many_as_asked_for(count: int) -> None:
    assert b"".join(one for one in zeros(count) if isinstance(one, bytes)) == bytes(count)
