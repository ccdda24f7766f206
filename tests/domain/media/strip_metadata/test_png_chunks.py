"""The chunks of a PNG, of a broken one too."""

from dashboard.domain.media.strip_metadata.png_chunks import png_chunks
from tests.services.files.test_thumbnails import chunk
from tests.stored_files import picture


def kinds(body: bytes) -> list[bytes]:
    return [kind for kind, _, _ in png_chunks(lambda at, count: body[at : at + count], len(body))]


def test_they_come_in_order_up_to_the_end() -> None:
    assert kinds(picture()) == kinds(picture() + chunk(b"tEXt", b"a\0b")) == [
        b"IHDR", b"IDAT", b"IEND",
    ]  # fmt: skip


def test_one_that_is_longer_than_the_file_ends_with_it() -> None:
    body = picture()[:8] + (2**32 - 1).to_bytes(4, "big") + b"tEXt" + b"workflow\0"
    found = list(png_chunks(lambda at, count: body[at : at + count], len(body)))
    assert found == [(b"tEXt", 8, len(body))]
    assert kinds(b"") == kinds(picture()[:12]) == []
