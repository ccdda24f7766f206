"""Why there is no copy of an output's file, in sentences."""

from collections.abc import Mapping

from dashboard.domain.media.stored_files import FileReason

REASONS: Mapping[str, str] = {
    FileReason.WAITING: "We are copying this file.",
    FileReason.LINK_EXPIRED: "Its link ended before we could copy the file.",
    FileReason.REMOVED: "ComfyDeploy's storage no longer has this file.",
    FileReason.FORBIDDEN: "ComfyDeploy's storage did not let us read this file.",
    FileReason.UNREACHABLE: "ComfyDeploy's storage could not be reached.",
    FileReason.BROKEN: "ComfyDeploy's storage did not send the whole file.",
    FileReason.ADDRESS_REFUSED: "Its address is not one that we fetch from.",
    FileReason.TOO_LARGE: "The file is larger than the limit for one file.",
    FileReason.RUN_LIMIT: "The files of this run are larger than the limit for one run.",
    FileReason.NO_SPACE: "There is no room left for kept files.",
    FileReason.STORE_FAILED: "The place of our copies could not be written to.",
    FileReason.THUMBNAIL_ONLY: "Only a small picture of this file is kept.",
    FileReason.NO_THUMBNAIL: "Only small pictures are kept, and none could be made of this file.",
    FileReason.TURNED_OFF: "Keeping files is turned off.",
    FileReason.RUN_LIVE: "We copy this file once the run has ended.",
    FileReason.THUMBNAILS_ONLY: "Only small pictures are kept, and of this kind none is made.",
    FileReason.NOT_COPIED: "No copy of this file was made.",
    FileReason.COPY_LOST: "Our copy of this file is no longer there.",
}
"""What a page says of an output without a stored file."""

SHORT_REASONS: Mapping[str, str] = {
    FileReason.LINK_EXPIRED: "Link expired",
    FileReason.REMOVED: "File removed",
    FileReason.FORBIDDEN: "File not open to us",
    FileReason.UNREACHABLE: "Storage not reached",
}
"""The same in a few words, where the file could not be downloaded."""

WITHHELD = "This file may hold the prompt. Its owner can tick Inputs."
"""What a share link says of a file whose metadata cannot be removed, unless inputs are shared."""

AWAITED = "It appears here once Runboard has its copy."
AWAITED_LIVE = "It appears here once the run has ended and Runboard has its copy."
NOT_STORED = "Files are not kept here. Its owner can tick inputs and names."
"""What a share link says of a file without a copy, where ComfyDeploy's address is hidden."""
