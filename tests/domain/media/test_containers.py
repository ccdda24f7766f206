"""The tracks of real files, and of broken ones."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.media.containers import MOST_READS, read_tracks
from dashboard.domain.media.sniffing import sniff
from dashboard.domain.media.tracks import Tracks, refined_type
from dashboard.simulator.media import FILES
from tests.conftest import SAMPLES

HEVC, SOUND, M4A = (
    (SAMPLES / "files" / name).read_bytes()
    for name in ("hevc_sound.mp4", "sound_only.mp4", "isom.m4a")
)
DUNES = (FILES / "dunes.mp4").read_bytes()


def tracks(body: bytes) -> Tracks:
    return read_tracks(sniff(body), lambda at, count: body[at : at + count], len(body))


def kind(body: bytes) -> str:
    return refined_type(sniff(body), tracks(body))


@pytest.mark.parametrize(
    ("body", "found", "content_type"),
    [
        (HEVC, Tracks("hevc", "aac", 12.0, 3.0), "video/mp4"),
        (DUNES, Tracks("h264", "", 24.0, 4.0), "video/mp4"),
        (SOUND, Tracks("", "aac", None, 3.0), "audio/mp4"),
        (M4A, Tracks("", "aac", None, 3.0), "audio/mp4"),
        (SOUND.replace(b"isom", b"mp42", 1), Tracks("", "aac", None, 3.0), "audio/mp4"),
        (SOUND.replace(b"isom", b"qt  ", 1), Tracks("", "aac", None, 3.0), "audio/mp4"),
        (HEVC.replace(b"hvc1", b"\xff\0\0\0"), Tracks("unknown", "aac", 12.0, 3.0), "video/mp4"),
        (HEVC[:90_000], Tracks(), "video/mp4"),
        (b"\x89PNG\r\n\x1a\n", Tracks(), "image/png"),
        (b"", Tracks(), "application/octet-stream"),
    ],
)
def test_tracks_and_type(body: bytes, found: Tracks, content_type: str) -> None:
    assert (tracks(body), kind(body)) == (found, content_type)


PICTURE = ("-f", "lavfi", "-i", "testsrc=s=64x48:r=12:d=1")
TONE = ("-f", "lavfi", "-i", "sine=d=1")


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="they are made by ffmpeg")
@pytest.mark.parametrize(
    ("name", "options", "video", "audio"),
    [
        ("a.mp4", (*PICTURE, *TONE, "-c:v", "mpeg4", "-c:a", "aac"), "mpeg4", "aac"),
        ("a.mov", (*PICTURE, "-c:v", "prores_ks"), "prores", ""),
        ("a.mov", (*TONE, "-c:a", "pcm_s16le"), "", "pcm"),
        ("a.m4a", (*TONE, "-c:a", "alac"), "", "alac"),
        ("a.webm", (*PICTURE, *TONE, "-c:v", "libvpx", "-c:a", "libopus"), "vp8", "opus"),
        ("a.webm", (*PICTURE, "-c:v", "libvpx-vp9"), "vp9", ""),
        ("a.webm", (*TONE, "-c:a", "libopus"), "", "opus"),
        ("a.mkv", (*PICTURE, "-c:v", "mpeg4"), "mpeg4", ""),
    ],
)
def test_what_ffmpeg_writes_is_read(
    tmp_path: Path, name: str, options: tuple[str, ...], video: str, audio: str
) -> None:
    made = tmp_path / name
    ran = subprocess.run(["ffmpeg", "-v", "error", *options, str(made)], capture_output=True)
    if ran.returncode:
        pytest.skip("This ffmpeg lacks the encoder.")
    found = tracks(made.read_bytes())
    assert (found.video, found.audio) == (video, audio)
    assert found.frame_rate == (12.0 if video else None)
    assert found.seconds == pytest.approx(1.0, abs=0.05)
    assert kind(made.read_bytes()).startswith("video/" if video else "audio/")


BOX = b"\0\0\0\x08"


@given(st.sampled_from([HEVC[-5500:], b"\x1aE\xdf\xa3"]), st.binary(max_size=40), st.data())
def test_a_broken_file_is_read_to_an_end(whole: bytes, noise: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole)))
    body = BOX + b"ftypisom" + whole[:at] + noise + whole[at:]
    for sniffed in ("video/mp4", "video/webm"):
        read_tracks(sniffed, lambda at, count: body[at : at + count], len(body))


@pytest.mark.parametrize("inner", [b"\0\0\0\x08trak", b"\0\0\0\x08free", b"\0\0\0\0mdia"])
def test_reads_are_bounded(inner: bytes) -> None:
    reads = 0
    body = (8 + 8 * 100_000).to_bytes(4, "big") + b"moov" + inner * 100_000

    def read(at: int, count: int) -> bytes:
        nonlocal reads
        reads += 1
        return body[at : at + count]

    read_tracks("video/mp4", read, len(body))
    assert reads <= MOST_READS
