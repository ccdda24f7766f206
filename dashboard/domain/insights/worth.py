"""What a minute of waiting is worth to the reader, in dollars."""

import re
from decimal import Decimal

USUAL = Decimal("1.00")
_WRITTEN = re.compile(r"\$?\s*([0-9]{1,6})(?:[.,]([0-9]{1,4}))?")


def read_worth(text: str) -> Decimal | None:
    """Dollars a minute as somebody types them: `1`, `0.50`, `$2`, `0,5`; None for all else."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    whole, part = found.groups(default="0")
    return Decimal(f"{whole}.{part}")
