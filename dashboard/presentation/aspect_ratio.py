"""The aspect ratio of an image as CSS classes: the CSP forbids inline styles."""

NARROWEST, WIDEST = 40, 300


def ratio_classes(width: int | None, height: int | None) -> str:
    """Width to height in hundredths, a class for each digit: 1216 × 832 is `r1 t4 h6`.

    Held between 0.40 and 3.00, so that no image of a row is a sliver; empty
    where the size is not known.
    """
    if not width or not height or width < 0 or height < 0:
        return ""
    hundredths = min(max(round(100 * width / height), NARROWEST), WIDEST)
    ones, rest = divmod(hundredths, 100)
    return f"r{ones} t{rest // 10} h{rest % 10}"
