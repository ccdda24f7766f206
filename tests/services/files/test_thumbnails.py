"""Small pictures: of images and films, upright, and of nothing that is a trap."""

import io
import shutil
import struct
import subprocess
import wave
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from dashboard.domain.media.stored_files import may_embed
from dashboard.models import StoredFile
from dashboard.services.files import file_store, thumbnails
from dashboard.services.files.thumbnails import MediaFacts
from dashboard.simulator.media import FILES
from tests.conftest import SAMPLES
from tests.stored_files import copy_all, counted, noise, on_disk, picture, prepare, run_with, saved
from tests.wire import Wire, answer


def look(settings: Any, folder: Path, body: bytes, *, always: bool = False) -> MediaFacts:
    prepare(settings, folder)
    with file_store.partial_file() as part:
        part.add(body)
        return thumbnails.inspect_media(part, always=always)


def opened(seen: MediaFacts) -> Image.Image:
    return Image.open(io.BytesIO(seen.thumb))


def test_a_large_picture_gets_a_small_one(settings: Any, tmp_path: Path) -> None:
    seen = look(settings, tmp_path, saved(noise(1600, 1200)))
    assert (seen.width, seen.height) == (1600, 1200)
    assert (opened(seen).format, opened(seen).size) == ("WEBP", (800, 600))


def test_a_small_file_is_its_own_small_picture(settings: Any, tmp_path: Path) -> None:
    assert look(settings, tmp_path, picture()) == MediaFacts(24, 16)
    assert opened(look(settings, tmp_path, picture(), always=True)).size == (24, 16)


def test_an_avif_is_told_by_its_compatible_brands(settings: Any, tmp_path: Path) -> None:
    body = (SAMPLES / "files" / "mif1.avif").read_bytes()
    width, height = Image.open(io.BytesIO(body)).size
    for brand in (b"mif1", b"miaf"):
        seen = look(settings, tmp_path, body.replace(b"ftypmif1", b"ftyp" + brand, 1), always=True)
        assert (seen.width, seen.height) == (width, height)
        assert opened(seen).size == (width, height)
        assert may_embed("image/avif", seen.width, seen.height)


def test_what_can_be_seen_through_stays_so(settings: Any, tmp_path: Path) -> None:
    seen = look(settings, tmp_path, saved(noise(900, 900, "RGBA")))
    assert opened(seen).mode == "RGBA"


def test_a_photograph_stands_upright(settings: Any, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    seen = look(settings, tmp_path, saved(noise(1200, 900), "JPEG", exif=exif, quality=95))
    assert (seen.width, seen.height) == (900, 1200)
    small = opened(seen)
    assert small.size == (600, 800)
    assert small.getexif().get(0x0112, 1) == 1


def test_an_upright_png_is_told_by_its_notes(settings: Any, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    seen = look(settings, tmp_path, saved(noise(600, 300), exif=exif))
    assert (seen.width, seen.height) == (300, 600)


def test_what_moves_is_left_as_it_is(settings: Any, tmp_path: Path) -> None:
    frames = [noise(300, 300).rotate(turn) for turn in (0, 90, 180)]
    body = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert len(body) > thumbnails.SMALL_FILE
    assert look(settings, tmp_path, body) == MediaFacts(300, 300)
    assert look(settings, tmp_path, body, always=True).thumb


def test_a_small_file_of_many_pixels_or_a_long_animation_has_one_too(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = saved(Image.new("L", (8192, 8192), 90))
    seen = look(settings, tmp_path, body)
    assert (seen.width, seen.height) == (8192, 8192)
    assert opened(seen).getpixel((400, 400)) == (90, 90, 90)
    monkeypatch.setattr(thumbnails, "MAX_UNREDUCED", 1000)
    frames = [noise(90, 90).rotate(turn) for turn in (0, 90)]
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert look(settings, tmp_path, moving).thumb


@pytest.mark.parametrize("lossless", [False, True])
def test_a_large_webp_is_read_by_ffmpeg(
    settings: Any, tmp_path: Path, lossless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("There is no ffmpeg.")
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", (1200, 900), (200, 40, 60))
    body = saved(image, "WEBP", exif=exif, lossless=lossless)
    monkeypatch.setattr(thumbnails, "fits", lambda *_: False)
    seen = look(settings, tmp_path, body, always=True)
    assert (seen.width, seen.height, opened(seen).size) == (900, 1200, (600, 800))
    pixel: Any = opened(seen).convert("RGB").getpixel((300, 400))
    assert all(abs(a - b) < 9 for a, b in zip(pixel, (200, 40, 60), strict=True))
    monkeypatch.setenv("PATH", "")
    without = look(settings, tmp_path, body, always=True)
    assert without == MediaFacts(900, 1200, stands=False)


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def bomb(width: int, height: int, notes: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"\0" * min((width + 1) * min(height, 200), 20_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + head + notes + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [20_000, 60_000])
def test_a_bomb_is_measured_and_never_decoded(
    settings: Any, tmp_path: Path, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoded(*_: object) -> bytes:
        raise AssertionError("It was decoded.")

    monkeypatch.setattr(thumbnails, "_webp", decoded)
    monkeypatch.setattr(PngImageFile, "load", decoded)
    assert look(settings, tmp_path, bomb(side, side), always=True) == MediaFacts(side, side)


def test_a_broken_picture_is_none(settings: Any, tmp_path: Path) -> None:
    cut = saved(noise(1600, 1200))[:90_000]
    assert look(settings, tmp_path, cut).thumb == b""
    assert look(settings, tmp_path, b"\x89PNG\r\n\x1a\n" + b"\0" * 99_000) == MediaFacts()


@pytest.fixture
def film() -> bytes:
    if not shutil.which("ffmpeg"):
        pytest.skip("There is no ffmpeg.")
    return (FILES / "dunes.mp4").read_bytes()


def test_a_film_has_a_poster(settings: Any, tmp_path: Path, film: bytes) -> None:
    seen = look(settings, tmp_path, film)
    assert (seen.width, seen.height) == (1280, 720)
    assert (opened(seen).format, opened(seen).size) == ("WEBP", (800, 450))


def test_the_length_of_films_and_sounds_is_told(settings: Any, tmp_path: Path, film: bytes) -> None:
    assert look(settings, tmp_path, film).seconds == 4.0
    sound = io.BytesIO()
    with wave.open(sound, "wb") as made:
        made.setparams((1, 2, 8000, 0, "NONE", ""))
        made.writeframes(bytes(2 * 8000 * 3))
    assert look(settings, tmp_path, sound.getvalue()) == MediaFacts(seconds=3.0)
    assert look(settings, tmp_path, film[:40]).seconds is None
    assert look(settings, tmp_path, picture()).seconds is None


def test_without_ffmpeg_films_have_what_their_container_says(
    settings: Any, tmp_path: Path, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    seen = MediaFacts(seconds=4.0, codec="h264", frame_rate=24.0)
    assert look(settings, tmp_path, film) == seen


@pytest.mark.parametrize("ending", ["mkv", "avi"])
def test_films_that_no_browser_plays_are_measured(
    settings: Any, tmp_path: Path, film: bytes, ending: str
) -> None:
    made = tmp_path / f"film.{ending}"
    source = ["-i", str(FILES / "dunes.mp4"), "-c", "copy"]
    command = ["ffmpeg", "-v", "error", *source, str(made)]
    subprocess.run(command, check=True)
    seen = look(settings, tmp_path, made.read_bytes())
    assert (seen.codec, seen.thumb) == ("h264", b"")
    assert seen.frame_rate
    assert seen.seconds == pytest.approx(4, abs=0.2)


def test_a_playlist_in_disguise_opens_nothing(settings: Any, tmp_path: Path) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("There is no ffmpeg.")
    secret = tmp_path / "secret.png"
    secret.write_bytes(saved(noise(64, 64)))
    lists = f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n".encode()
    disguised = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + lists
    assert look(settings, tmp_path, disguised) == MediaFacts()


@pytest.mark.django_db
class TestKept:
    def kept(
        self, settings: Any, folder: Path, body: bytes, name: str, **limits: Any
    ) -> StoredFile:
        with Wire(answer(body)) as wire:
            origin = wire.url.removesuffix("/api")
            prepare(settings, folder, origin, **limits)
            run_with(f"{origin}/{name}")
            copy_all()
        return StoredFile.objects.get()

    def test_both_lie_on_the_shelf_and_both_are_counted(
        self, settings: Any, tmp_path: Path
    ) -> None:
        body = saved(noise(1000, 800))
        one = self.kept(settings, tmp_path, body, "a.png")
        assert (one.reason, one.length) == ("", len(body))
        assert one.thumb_size > 0
        assert one.size == counted() == sum(path.stat().st_size for path in on_disk(tmp_path))

    def test_thumbnails_alone_leave_no_whole_file(self, settings: Any, tmp_path: Path) -> None:
        body = saved(noise(1000, 800))
        one = self.kept(settings, tmp_path, body, "a.png", KEEP_OUTPUTS="thumbnails")
        assert (one.reason, one.length, one.next_at) == ("thumbnail", 0, None)
        assert one.size == one.thumb_size == counted()
        assert [len(path.read_bytes()) for path in on_disk(tmp_path)] == [one.thumb_size]

    def test_what_is_too_large_for_a_thumbnail_is_a_download(
        self, settings: Any, tmp_path: Path
    ) -> None:
        one = self.kept(settings, tmp_path, bomb(20_000, 20_000), "a.png")
        assert (one.reason, one.thumb_size, one.inline) == ("", 0, False)
        assert (one.width, one.height) == (20_000, 20_000)

    def test_a_webp_that_browsers_do_not_turn_has_a_thumbnail_and_is_a_download(
        self, settings: Any, tmp_path: Path
    ) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        body = saved(Image.new("RGB", (40, 30)), "WEBP", exif=exif)
        one = self.kept(settings, tmp_path, body, "a.webp")
        assert (one.width, one.height, one.inline, one.thumb_size > 0) == (30, 40, False, True)

    def test_thumbnails_alone_are_not_made_of_other_files(
        self, settings: Any, tmp_path: Path
    ) -> None:
        prepare(settings, tmp_path, KEEP_OUTPUTS="thumbnails")
        run_with("https://bucket.example/a.glb", "https://bucket.example/b.mp3")
        assert not StoredFile.objects.exists()

    def test_a_file_is_kept_where_its_small_picture_has_no_room(
        self, settings: Any, tmp_path: Path
    ) -> None:
        body = saved(noise(1000, 800))
        one = self.kept(settings, tmp_path, body, "a.png", KEEP_RUN_BYTES=len(body) + 10)
        assert (one.reason, one.thumb_size, one.size) == ("", 0, len(body))


def test_a_header_that_lies_is_no_measure(settings: Any, tmp_path: Path) -> None:
    assert look(settings, tmp_path, bomb(2**31 - 1, 1)) == MediaFacts()
