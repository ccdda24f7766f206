"""A shelf of its own for a test, and copying without threads."""

import copy
import io
import random
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils import timezone
from PIL import Image

from dashboard.models import Run, StorageUsage, StoredFile
from dashboard.services.files import download, file_queue, file_store
from dashboard.services.worker import file_worker
from tests.builders import answer, element, store
from tests.wire import Wire
from tests.wire import answer as sent


def prepare(settings: Any, folder: Path, origin: str = "", **limits: Any) -> None:
    settings.KEEP_OUTPUTS = "all"
    settings.FILES_FOLDER = folder
    settings.LOCAL_FILES_ORIGIN = origin
    changed = copy.deepcopy(settings.STORAGES)
    changed["kept"]["OPTIONS"]["location"] = folder
    settings.STORAGES = changed
    for name, value in limits.items():
        setattr(settings, name, value)


def run_with(*urls: str, **given: Any) -> Run:
    """A finished run whose outputs have these links."""
    made = []
    for number, url in enumerate(urls):
        name = url.rpartition("/")[2].partition("?")[0]
        one = element(name, created_at=f"2026-11-23T12:00:{number % 60:02}.{number:06}Z")
        one["data"]["images"][0]["url"] = url
        made.append(one)
    return store(answer(outputs=made, **given))


def run_kept(settings: Any, folder: Path, *files: tuple[str, bytes], **given: Any) -> Run:
    """A finished run with copies of these files, whose server is gone by now."""
    with Wire(*(sent(body) for _, body in files)) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, folder, origin)
        run = run_with(*(f"{origin}/{name}" for name, _ in files), **given)
        copy_all()
    return run


def copy_all() -> None:
    """Copies all that is due, one after the other."""
    file_worker._recount()
    while jobs := file_queue.claim(8, timezone.now()):
        for job in jobs:
            download.copy_file(job, lambda call, *args, **named: call(*args, **named))


def picture(width: int = 24, height: int = 16, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, form)
    return out.getvalue()


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    size = len(Image.new(mode, (1, 1)).tobytes()) * width * height
    return Image.frombytes(mode, (width, height), random.Random(1).randbytes(size))


def saved(image: Image.Image, form: str = "PNG", **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def whole(kept: StoredFile) -> bool:
    return file_store.is_whole(kept.name, kept.length)


def counted() -> int:
    return StorageUsage.objects.get().bytes


def put_kept(run: Run, body: bytes = b"file") -> StoredFile:
    """A copy of the run's first output that lies on the shelf."""
    identity = run.outputs.values_list("identity", flat=True)[0]
    kept = StoredFile.objects.create(
        run=run, identity=identity, place=uuid4().hex, reason="", size=len(body), sha256="0" * 64
    )
    with file_store.partial_file() as part:
        part.add(body)
        file_store.save(part, kept.name)
    return kept
