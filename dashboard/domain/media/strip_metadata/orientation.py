"""The orientation in EXIF: the one note of a picture that is part of what is seen."""

UPRIGHT = 1
MAX = 65_536  # bytes of EXIF that are looked at: as much as a JPEG segment holds
PREFIX = b"Exif\0\0"
TAG, SHORT = 0x0112, 3
ENTRY = 12  # bytes


def orientation(exif: bytes) -> int:
    """The orientation from 1 to 8; 1 (upright) where none can be read."""
    exif = exif[:MAX].removeprefix(PREFIX)
    if exif[:4] not in (b"II*\0", b"MM\0*"):
        return UPRIGHT

    def number(at: int, count: int) -> int:
        return int.from_bytes(exif[at : at + count], "big" if exif[:1] == b"M" else "little")

    first = number(4, 4)
    for at in range(first + 2, first + 2 + number(first, 2) * ENTRY, ENTRY):
        if at + ENTRY > len(exif):
            break
        if number(at, 2) == TAG:
            value = number(at + 8, 2)
            plain = number(at + 2, 2) == SHORT and number(at + 4, 4) == 1
            return value if plain and 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def is_sideways(value: int) -> bool:
    """Whether the picture is shown with its width and height swapped."""
    return value >= 5


def only_orientation(exif: bytes) -> bytes:
    """EXIF with this orientation and nothing else; b"" for an upright picture."""
    value = orientation(exif)
    if value == UPRIGHT:
        return b""
    entry = [TAG.to_bytes(2, "big"), SHORT.to_bytes(2, "big"), (1).to_bytes(4, "big")]
    ifd = b"".join([b"\0\1", *entry, value.to_bytes(2, "big"), b"\0\0"]) + bytes(4)
    return b"MM\0*\0\0\0\x08" + ifd
