"""A WebM keeps its places and loses its notes."""

from tests.domain.media.strip_metadata.noted import HIDDEN, cleaned


def element(name: int, content: bytes) -> bytes:
    named = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return named + (0x01 << 56 | len(content)).to_bytes(8, "big") + content


def webm(*, noted: bytes) -> bytes:
    info = element(0x1549A966, element(0x2AD7B1, b"\x0f") + element(0x7BA9, noted))
    track = element(0xAE, element(0xD7, b"\x01") + element(0x536E, noted))
    parts = [
        info,
        element(0x1654AE6B, track),
        element(0x1254C367, noted),  # tags, before and after the pictures
        element(0x1F43B675, b"pictures"),
        element(0x1941A469, noted),
        element(0x6DDD, noted),  # nothing that is known
    ]
    return element(0x1A45DFA3, b"\x42\x82\x84webm") + element(0x18538067, b"".join(parts))


def test_a_webm_keeps_its_places_and_loses_its_notes() -> None:
    for text in (b"", b"x", b"prompt", HIDDEN, HIDDEN * 4000):
        data = webm(noted=text)
        clean = cleaned("video/webm", data)
        assert clean is not None and len(clean) == len(data)
        assert HIDDEN not in clean and b"prompt" not in clean
        assert clean.index(b"pictures") == data.index(b"pictures")
        assert cleaned("video/webm", clean) == clean


def test_a_webm_of_unknown_lengths_is_not_given() -> None:
    open_cluster = bytes.fromhex("1f43b675") + b"\x01" + b"\xff" * 7
    head, sound = webm(noted=b"")[:19], open_cluster + HIDDEN
    assert cleaned("video/webm", head + element(0x18538067, sound)) is None
    assert cleaned("video/webm", b"\x1aE\xdf\xa3") is None
