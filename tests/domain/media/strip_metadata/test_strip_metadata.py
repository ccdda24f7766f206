"""What can be stripped, and that stripping ends whatever a file says of itself."""

import pytest

from dashboard.domain.media.strip_metadata import can_strip
from tests.domain.media.strip_metadata.noted import HIDDEN, cleaned


@pytest.mark.parametrize(
    "kind",
    ["image/svg+xml", "image/avif", "image/heic", "audio/ogg", "video/ogg", "video/x-msvideo",
     "application/zip", "application/pdf", "text/html", "application/xml",
     "application/octet-stream", ""],
)  # fmt: skip
def test_what_is_not_known_how_to_clean_is_not_given(kind: str) -> None:
    assert not can_strip(kind)
    assert cleaned(kind, HIDDEN) is None


@pytest.mark.parametrize(
    "kind", ["image/gif", "video/webm", "audio/flac", "audio/mpeg", "audio/wav",
             "model/gltf-binary", "image/webp", "image/jpeg", "image/png", "video/mp4"],
)  # fmt: skip
def test_whatever_a_file_says_of_itself_cleaning_ends(kind: str) -> None:
    starts = (b"", b"\0" * 64, b"\xff" * 64, b"GIF89a" + b"\xff" * 20, b"ID3" + b"\x7f" * 30,
              b"\x1aE\xdf\xa3\x80\x18\x53\x80\x67\xff" + b"\xec\x80" * 9, b"RIFF" + b"\x01" * 40,
              b"fLaC\x04\xff\xff\xff", b"\xff\xd8\xff\xe1\0\0\xff\xda",
              b"\0\0\0\x01moov")  # fmt: skip
    for data in starts:
        clean = cleaned(kind, data)
        assert clean is None or len(clean) <= len(data) + 32
