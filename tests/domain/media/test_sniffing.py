"""What a file is, by its bytes."""

import io
import struct

import pytest
from PIL import Image

from dashboard.domain.media.sniffing import HEAD, UNKNOWN, sniff
from dashboard.domain.media.stored_files import EMBEDDABLE_TYPES
from dashboard.simulator.media import FILES, make
from tests.conftest import SAMPLES


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF"])
def test_pictures(form: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (9, 7), "navy").save(out, form)
    assert sniff(out.getvalue()) == f"image/{form.lower()}"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ((FILES / "dunes.mp4").read_bytes(), "video/mp4"),
        ((FILES / "chord.mp3").read_bytes(), "audio/mpeg"),
        ((FILES / "vase.glb").read_bytes(), "model/gltf-binary"),
        (make("x", "a.wav").body, "audio/wav"),
        (make("x", "a.zip").body, "application/zip"),
        (make("x", "a.json").body, "application/json"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00", "video/quicktime"),
        (b"\x00\x00\x00\x14ftypM4A \x00\x00", "audio/mp4"),
        (b"\x00\x00\x00\x14ftypheic\x00\x00", "image/heic"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB", "video/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "video/x-matroska"),
        (b"OggS\x00\x02" + b"\x00" * 22 + b"\x01vorbis", "audio/ogg"),
        (b"fLaC\x00\x00", "audio/flac"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"%PDF-1.7", "application/pdf"),
        ("Grüße\n".encode(), "text/plain"),
    ],
)
def test_other_kinds(head: bytes, kind: str) -> None:
    assert sniff(head) == kind


@pytest.mark.parametrize(
    "text",
    [
        make("x", "a.svg").body,
        b"<?xml version='1.0'?>\n<!-- x --><svg onload='alert(1)'/>",
        b"\xef\xbb\xbf  <SVG/onload=alert(1)>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"hello <iframe src=x>",
        b"<html>",
        b"<?xml version='1.0'?><a/>",
        b"BM <b>bold</b>",
        b"\xff\xfe<\x00s\x00v\x00g\x00",
        b"",
        b"\x00\x01\x02\x03",
        b"\xff\xfb\xff\xff",
        b"\xff\xff\xff\xff",
    ],
)
def test_nothing_that_runs_or_is_unknown_is_shown(text: bytes) -> None:
    assert sniff(text) not in EMBEDDABLE_TYPES


MIF1 = (SAMPLES / "files" / "mif1.avif").read_bytes()


def _brands(major: bytes, *compatible: bytes) -> bytes:
    """The beginning of a file with these brands."""
    return struct.pack(">I4s4sI", 16 + 4 * len(compatible), b"ftyp", major, 0) + b"".join(
        compatible
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (MIF1, "image/avif"),
        (MIF1.replace(b"ftypmif1", b"ftypmiaf", 1), "image/avif"),
        (MIF1.replace(b"ftypmif1", b"ftypavif", 1), "image/avif"),
        (MIF1.replace(b"avifmif1miaf", b"av01mif1miaf", 1), "image/avif"),
        (_brands(b"miaf", b"mif1", b"avis"), "image/avif"),
        (_brands(b"msf1", b"avis"), "image/avif"),
        (_brands(b"mif1", b"heic", b"miaf"), "image/heic"),
        (_brands(b"miaf", b"mif1"), "image/heic"),
        (_brands(b"mif1"), "image/heic"),
        (_brands(b"isom", b"iso2", b"mp41"), "video/mp4"),
        (_brands(b"M4A ", b"isom"), "audio/mp4"),
    ],
)
def test_a_still_is_told_by_the_brands_that_it_is_compatible_with(body: bytes, kind: str) -> None:
    assert sniff(body) == kind


@pytest.mark.parametrize("length", [0, 1, 8, 2**31, 2**32 - 1])
def test_a_length_of_brands_that_cannot_be_is_no_error(length: int) -> None:
    assert sniff(length.to_bytes(4, "big") + MIF1[4:]) in ("image/avif", "image/heic")


def test_a_letter_cut_at_the_end_is_still_text() -> None:
    assert sniff(b"a" * (HEAD - 1) + "ü".encode()) == "text/plain"
    assert sniff(b"\x01a\xc3") == UNKNOWN


def test_a_bitmap_has_a_header() -> None:
    head = b"BM" + struct.pack("<IHHI", 100, 0, 0, 54) + struct.pack("<I", 40)
    assert sniff(head) == "image/bmp"
