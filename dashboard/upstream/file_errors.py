"""How downloading an output's file can fail: one tree, each leaf with its reason.

FileError
├── AddressRefused       an address that is not fetched from
├── FileForbidden        400, 401, 403
├── FileRemoved          404, 410
├── StorageUnreachable   no connection, no answer in time, 429, any 5xx
├── DownloadBroken       an answer that is not the whole file
└── FileTooLarge         more bytes than were allowed
"""

from dashboard.domain.media.stored_files import FileReason


class FileError(Exception):
    """A file could not be downloaded; the message is for the log and never has the link's query."""

    reason = FileReason.UNREACHABLE


class AddressRefused(FileError):
    reason = FileReason.ADDRESS_REFUSED


class FileForbidden(FileError):
    reason = FileReason.FORBIDDEN


class FileRemoved(FileError):
    reason = FileReason.REMOVED


class StorageUnreachable(FileError):
    reason = FileReason.UNREACHABLE


class DownloadBroken(FileError):
    reason = FileReason.BROKEN


class FileTooLarge(FileError):
    reason = FileReason.TOO_LARGE
