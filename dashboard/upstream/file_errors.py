"""How copying an output's file can fail: one tree, each leaf with its word of `domain/keeping`.

Missed
├── Refused       an address that is not fetched from
├── Private       400, 401, 403
├── Removed       404, 410
├── Away          no connection, no answer in time, 429, any 5xx
├── Broken        an answer that is not the whole file
└── TooBig        more bytes than were allowed
"""


class FileError(Exception):
    """A file did not come; the text is for the log and never holds the link's query."""

    why = "unreachable"


class AddressRefused(FileError):
    why = "refused"


class FileForbidden(FileError):
    why = "private"


class FileRemoved(FileError):
    why = "removed"


class StorageUnreachable(FileError):
    why = "unreachable"


class DownloadBroken(FileError):
    why = "broken"


class FileTooLarge(FileError):
    why = "too-big"
