"""Amounts of bytes, as people write and read them."""

import re

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
WRITTEN = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*([KMGT]?)B?", re.IGNORECASE)


def read_size(text: str) -> int:
    """Bytes in "500000", "500M" or "2.5 GB" (thousands, not 1,024s); ValueError for others."""
    found = WRITTEN.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    return round(float(found[1]) * UNITS[found[2].upper()])


def size(count: int) -> str:
    """Bytes for reading: "812 B", "3.4 MB"."""
    if count < 1000:
        return f"{count} B"
    amount = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.95 or unit == "TB":
            break
    return f"{amount:.1f} {unit}"
