"""The preview picture: a PNG of the right size, with what it should show where it should."""

from io import BytesIO

import pytest
from PIL import Image

from dashboard.presentation.sharing.preview_card import PreviewCard
from dashboard.services.sharing.preview_image import draw_card

DONE = PreviewCard(
    "Done", "done", "lighthouse-flux", "44.9 s", "cold start 31.2 s, 69 %",
    (("queue", 0.03), ("cold", 0.7), ("run", 0.27)),
)  # fmt: skip
COLD, RUN, GROUND = (35, 160, 220), (212, 212, 212), (14, 14, 14)


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def test_it_is_1200_by_630_with_the_bar_on_one_scale() -> None:
    picture = opened(draw_card(DONE))
    assert picture.size == (1200, 630)
    assert picture.getpixel((56 + int(1088 * 0.4), 480)) == COLD
    assert picture.getpixel((56 + int(1088 * 0.9), 480)) == RUN
    assert picture.getpixel((1199, 0)) == GROUND


def test_a_picture_of_the_outputs_fills_the_right_half() -> None:
    small = BytesIO()
    Image.new("RGBA", (300, 200), (200, 30, 30, 255)).save(small, "WEBP", lossless=True)
    picture = opened(draw_card(DONE, small.getvalue()))
    assert picture.getpixel((1190, 10)) == (200, 30, 30)
    assert picture.getpixel((590, 620)) == (200, 30, 30)
    assert picture.getpixel((560, 620)) == GROUND


def test_a_picture_is_upright_on_the_card() -> None:
    image = Image.new("RGB", (400, 300), (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, 200, 300))  # blue to the left: at the top when turned
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = BytesIO()
    image.save(turned, "PNG", exif=exif)
    picture = opened(draw_card(DONE, turned.getvalue()))
    assert picture.getpixel((900, 20)) == (30, 30, 200)
    assert picture.getpixel((900, 610)) == (200, 30, 30)


def test_what_is_no_picture_is_said() -> None:
    with pytest.raises(OSError, match="identify"):
        draw_card(DONE, b"<svg/>")


@pytest.mark.parametrize("title", ["", "🗼", "日本語の題", "Zażółć", "W" * 120, "a\u202eb\0"])
def test_any_title_can_be_drawn_and_stays_inside(title: str) -> None:
    picture = opened(draw_card(PreviewCard("Failed", "fail", title, "1 min 41 s", stopper="fail")))
    edge = picture.crop((1145, 0, 1200, 630))
    assert edge.getcolors() == [(55 * 630, GROUND)]


def test_a_title_in_any_latin_letter_is_drawn_and_an_emoji_leaves_no_box() -> None:
    def title(text: str) -> bytes:
        return (
            opened(draw_card(PreviewCard("Done", "done", text, "")))
            .crop((90, 540, 1200, 600))
            .tobytes()
        )

    assert title("ż") != title("")
    assert title("🗼 日") == title("")
