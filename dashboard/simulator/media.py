"""The files of simulated runs by name: pictures, films, sounds, models and texts."""

import io
import wave
import zipfile
from array import array
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from math import exp, pi, sin
from pathlib import Path
from threading import BoundedSemaphore, Lock

from cachetools import LRUCache

from dashboard.simulator.pictures import FORMATS, picture

FILES = Path(__file__).parent / "media"
TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "glb": "model/gltf-binary",
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "json": "application/json",
    "zip": "application/zip",
}
UNKNOWN = "binary/octet-stream"
FILMS = ("dunes", "lighthouse", "mountains", "skyline")
KEPT_BYTES = 40_000_000


@dataclass(frozen=True, slots=True)
class File:
    body: bytes
    content_type: str
    etag: str


def _size(file: File) -> int:
    return len(file.body)


class FileCache:
    """Files by folder and name; keeps the last used ones, up to `bound` bytes in all."""

    def __init__(self, bound: int = KEPT_BYTES) -> None:
        self._kept: LRUCache[tuple[str, str], File] = LRUCache(bound, _size)
        self._lock, self._making = Lock(), BoundedSemaphore(2)

    def load(self, folder: str, name: str) -> File:
        """The file, made now if it is not kept."""
        found = self._recall(folder, name)
        if found is None:
            # Two at a time: answers about runs must not wait behind a row of pictures.
            with self._making:
                found = self._recall(folder, name) or self._keep(folder, name, make(folder, name))
        return found

    def _recall(self, folder: str, name: str) -> File | None:
        with self._lock:
            return self._kept.get((folder, name))

    def _keep(self, folder: str, name: str, made: File) -> File:
        with self._lock, suppress(ValueError):  # larger than the bound
            self._kept[folder, name] = made
        return made


def make(folder: str, name: str) -> File:
    """The file of this name; the same bytes each time. `folder` is a run ID or "inputs"."""
    extension = name.rpartition(".")[2].lower()
    body = _body(folder, name, extension)
    etag = blake2b(body, digest_size=16).hexdigest()
    return File(body, TYPES.get(extension, UNKNOWN), f'"{etag}"')


def _body(folder: str, name: str, extension: str) -> bytes:
    if extension in FORMATS:
        return picture(folder, name, extension)
    if extension == "mp4":
        scene = name.partition("_")[0].partition(" ")[0]
        return (FILES / f"{scene if scene in FILMS else 'lighthouse'}.mp4").read_bytes()
    fixed = {"mp3": "chord.mp3", "glb": "vase.glb"}
    if extension in fixed:
        return (FILES / fixed[extension]).read_bytes()
    if extension == "wav":
        return _sound()
    return _archive() if extension == "zip" else _text(name, extension)


def _text(name: str, extension: str) -> bytes:
    texts = {
        "txt": f"Caption of {name}\n\nOne subject, even light, no people, no text.\n",
        "md": f"# {name}\n\n* scene: wide\n* light: low\n* [x] checked\n",
        "csv": "shot,frames,seconds\n1A,96,4.0\n1B,72,3.0\n",
        "json": '{"frames": 96, "fps": 24, "checked": true}\n',
        "svg": _mark(),
    }
    return texts.get(extension, f"A file of the demo: {name}\n").encode()


def _mark() -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="1024" viewBox="0 0 64 64">'
        '<rect width="64" height="64" rx="14" fill="#16302f"/>'
        '<circle cx="32" cy="40" r="13" fill="#f2b25c"/>'
        '<path d="M0 46h64v18H0z" fill="#2f6f73"/></svg>'
    )


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("readme.txt"), "Frames of a demo run.\n")
    return out.getvalue()


@cache
def _sound() -> bytes:
    """Two seconds of a soft chord, as WAV."""
    rate, tones = 16_000, (220.0, 277.18, 329.63)
    loud = (
        exp(-n / rate * 1.6)
        * min(1.0, n / 400)
        * sum(sin(2 * pi * tone * n / rate) for tone in tones)
        for n in range(rate * 2)
    )
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(array("h", (round(8000 * level) for level in loud)).tobytes())
    return out.getvalue()
