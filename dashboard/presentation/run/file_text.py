"""Why there is no copy of an output's file, in sentences."""

from collections.abc import Mapping

from dashboard.domain.media.stored_files import FileReason

REASONS: Mapping[str, str] = {
    FileReason.WAITING: "Runboard is copying this file.",
    FileReason.LINK_EXPIRED: "The link expired before the file was copied.",
    FileReason.REMOVED: "ComfyDeploy's storage no longer has this file.",
    FileReason.FORBIDDEN: "ComfyDeploy's storage denied access to this file.",
    FileReason.UNREACHABLE: "ComfyDeploy's storage couldn't be reached.",
    FileReason.BROKEN: "ComfyDeploy's storage sent an incomplete file.",
    FileReason.ADDRESS_REFUSED: "Runboard doesn't download from this address.",
    FileReason.TOO_LARGE: "The file is over the size limit.",
    FileReason.RUN_LIMIT: "This run's files are over the size limit for one run.",
    FileReason.NO_SPACE: "Runboard's file storage is full.",
    FileReason.STORE_FAILED: "Runboard's file storage couldn't be written to.",
    FileReason.THUMBNAIL_ONLY: "Only a thumbnail of this file is stored.",
    FileReason.NO_THUMBNAIL: "Only thumbnails are stored, and this file has none.",
    FileReason.TURNED_OFF: "Storing files is turned off.",
    FileReason.BEFORE_START: "Files of runs from before Runboard's first start aren't copied.",
    FileReason.RUN_LIVE: "This file is copied once the run ends.",
    FileReason.THUMBNAILS_ONLY: "Only thumbnails are stored, and this kind of file has none.",
    FileReason.NOT_COPIED: "This file was not copied.",
    FileReason.COPY_LOST: "The stored file is missing.",
}
"""What a page says of an output without a stored file."""

SHORT_REASONS: Mapping[str, str] = {
    FileReason.LINK_EXPIRED: "Link expired",
    FileReason.REMOVED: "File removed",
    FileReason.FORBIDDEN: "Access denied",
    FileReason.UNREACHABLE: "Storage unreachable",
}
"""The same in a few words, where the file could not be downloaded."""

WITHHELD = "This file may contain the prompt. It is shown when the link shares inputs."
"""What a share link says of a file whose metadata cannot be removed, unless inputs are shared."""

AWAITED = "It appears here once it is copied."
AWAITED_LIVE = "It appears here once the run has ended and it is copied."
NOT_STORED = "Files are not stored here. They are shown when the link shares inputs and names."
"""What a share link says of a file without a copy, where ComfyDeploy's address is hidden."""
