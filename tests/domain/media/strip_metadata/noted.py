"""Files with notes in them, and what is left when they are stripped."""

import io
from typing import Any

from PIL import Image, PngImagePlugin

from dashboard.domain.media.strip_metadata import length, stripped

SECRET = "a lighthouse at dusk"
HIDDEN = SECRET.encode()


def cleaned(kind: str, data: bytes) -> bytes | None:
    found = stripped(kind, lambda at, count: data[at : at + count], len(data))
    if found is None:
        return None
    clean = [one if isinstance(one, bytes) else data[one[0] : one[1]] for one in found]
    assert [len(one) for one in clean] == [length(one) for one in found]
    return b"".join(clean)


def made(form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, form, **how)
    return out.getvalue()


def png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", SECRET)
    info.add_itxt("workflow", SECRET)
    return made("PNG", pnginfo=info) + SECRET.encode()


def noted() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = f"prompt:{SECRET}"
    return exif.tobytes()
