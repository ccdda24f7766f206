"""Which encoding a text is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.text.encodings import ENOUGH, NAMES, encoding_of


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("猫と夕焼けの海、油絵。\n高品質、傑作", "cp932"),
        ("タグ: 1girl, solo, 高品質", "cp932"),
        ("一只猫坐在窗台上，油画风格，杰作", "gb18030"),
        ("café à la crème, Größe: übergroß", "cp1252"),
        ("São Paulo", "cp1252"),
        ("é", "cp1252"),
        ("猫と海", "cp932"),
        ("猫在海边", "gb18030"),
        ("高质量，杰作，1girl", "gb18030"),
        ("a café at dusk, “oil on canvas”", "cp1252"),
        ("кошка на море, масло", "cp1251"),
        ("La scène, créée à l’aube", "cp1252"),
        ("l’été", "cp1252"),
        ("ação", "cp1252"),
        ("¿Él viene?", "cp1252"),
        ("Ça coûte 5\xa0€, « naïveté »", "cp1252"),
        ("“schön” …", "cp1252"),
        ("「はい」", "cp932"),
        ("“你好”", "gb18030"),
        ("猫, café", "utf-16"),
        ("猫, café 🌅", "utf-16-le"),
        ("猫, café 🌅", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("times", [1, 3000])
def test_texts_that_are_not_utf_8_are_read(text: str, encoding: str, times: int) -> None:
    text = f"{text}\n" * times
    found = encoding_of(text.encode(encoding))
    assert found == encoding
    assert found in NAMES
    assert text.encode(encoding).decode(found) == text


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1), st.integers(1, 3))
def test_utf_8_is_utf_8_though_its_last_letter_be_cut(text: str, left: int) -> None:
    assert encoding_of(text.encode()) == "utf-8"
    assert encoding_of(text.encode() + "👩".encode()[:left], cut=True) == "utf-8"


@pytest.mark.parametrize(
    "body", [b"\x00\x01\x02", b"\x01\0b\0", b"a\0\0b", bytes(range(256)) * 8, b"\xff\xfe", b"\0\0"]
)
def test_bytes_that_are_no_text_are_none(body: bytes) -> None:
    assert encoding_of(body) is None


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_have_an_encoding_or_none(body: bytes, cut: bool) -> None:
    encoding_of(body, cut=cut)


def test_a_letter_may_be_cut_where_enough_is_read() -> None:
    assert encoding_of(b"a" * (ENOUGH - 1) + "é".encode()) == "utf-8"
