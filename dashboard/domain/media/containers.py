"""Reads the tracks of a container from its headers, in a bounded number of short reads."""

from itertools import count

from dashboard.domain.media.matroska_tracks import matroska_tracks
from dashboard.domain.media.mp4_tracks import mp4_tracks
from dashboard.domain.media.strip_metadata.ranges import Read
from dashboard.domain.media.tracks import Tracks

MOST_READS = 5000

READERS = {
    "video/mp4": mp4_tracks,
    "video/quicktime": mp4_tracks,
    "audio/mp4": mp4_tracks,
    "video/webm": matroska_tracks,
    "video/x-matroska": matroska_tracks,
}


def read_tracks(sniffed: str, read: Read, size: int) -> Tracks:
    """The tracks of a file of `size` bytes; none where it is no container or is broken."""
    reader = READERS.get(sniffed)
    return reader(_bounded(read), size) if reader else Tracks()


def _bounded(read: Read) -> Read:
    """The same file, which seems to end after MOST_READS reads."""
    left = count(MOST_READS, -1)
    return lambda at, length: read(at, length) if next(left) > 0 else b""
