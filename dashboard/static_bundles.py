"""Bundles: static files that are edited as small sources and served as one file.

There is no build step: the finder joins the sources whenever static files are
collected or requested. Comments of style sheets are for their editors and are not sent.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage, Storage

BUNDLES = {
    "css/site.css": "css/site",
    "css/board.css": "css/board",
    "css/list.css": "css/list",
    "css/insights.css": "css/insights",
    "js/list.js": "js/list",
    "js/live.js": "js/live",
    "js/ui.js": "js/ui",
}
"""The folder of each bundle's sources, which are joined in the order of their names."""

_UNSENT = re.compile(rb"/\*.*?\*/\s*|^\s+", re.DOTALL | re.MULTILINE)


def sources(name: str) -> list[Path]:
    folder = Path(settings.STATICFILES_DIRS[0]) / BUNDLES[name]
    return sorted(folder.glob(f"*{Path(name).suffix}"))


def join(name: str) -> bytes:
    """A bundle as it is served; style without comments, indentation and empty lines."""
    joined = b"".join(path.read_bytes() for path in sources(name))
    return _UNSENT.sub(b"", joined) if name.endswith(".css") else joined


def is_source(path: str) -> bool:
    return PurePosixPath(path).parent.as_posix() in BUNDLES.values()


class Finder(FileSystemFinder):
    """Finds the bundles in place of their sources."""

    def find_location(self, root: str, path: str, prefix: str | None = None) -> str | None:
        if path in BUNDLES:
            return str(_write_bundle(path))
        found: str | None = super().find_location(root, path, prefix)
        return None if is_source(path) else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for path, storage in super().list(ignore_patterns):
            if not is_source(path):
                yield path, storage
        for name in BUNDLES:
            _write_bundle(name)
            yield name, FileSystemStorage(location=settings.JOINED_STATIC)


def _write_bundle(name: str) -> Path:
    """The path of a bundle's file, which is written again when a source has changed."""
    path, content = Path(settings.JOINED_STATIC) / name, join(name)
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        fresh = Path(file.name)
        fresh.chmod(0o644)
        fresh.replace(path)  # atomic, so that other processes never read half of it
    return path
