"""URLs of outputs."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.text.links import path_of, safe_url, signed_until, unsigned

SIGNED = (
    "https://bucket.s3.amazonaws.com/outputs/runs/1/clip%201.mp4?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Date=20261123T091520Z&X-Amz-Expires=3600&X-Amz-Signature=5a62ce"
)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(6)", " javascript:alert(7)", "data:text/html,x",
        "file:///etc/passwd", "ftp://host/x.png", "//evil.example/x.png", "/relative.png", "",
        "https://", "https:///x.png", "https:/x.png", "http://[broken/x.png", "blob:https://x/1",
        "https://host\\@evil.example/x.png", "https://host/a\tb.png", "java\nscript:alert(1)",
        "https://host:99999/x.png",
    ],
)  # fmt: skip
def test_only_http_with_a_host_is_linked(url: str) -> None:
    assert safe_url(url) is None


@pytest.mark.parametrize(
    "url",
    [
        SIGNED,
        "http://169.254.169.254/x",
        "https://host:8443/a b.png?x=1#part",
        "HTTPS://Host/X.png",
    ],
)
def test_a_link_in_use_stays_as_it_was_sent(url: str) -> None:
    assert safe_url(url) == url


def test_credentials_are_dropped_from_a_link() -> None:
    assert safe_url("https://ana:pass@host/x.png?a=b@c") == "https://host/x.png?a=b@c"
    assert safe_url("https://a@b@host/x") == "https://host/x"


@pytest.mark.parametrize(
    "signature",
    [
        "X-Amz-Algorithm=A&X-Amz-Credential=B&X-Amz-Date=C&X-Amz-Security-Token=T&X-Amz-Signature=D",
        "x-amz-signature=1",
        "AWSAccessKeyId=A&Signature=b%2F&Expires=1795435200",
        "Expires=1&Signature=2&Key-Pair-Id=3&Policy=4",
        "sig=1",
        "X%2DAmz%2DDate=1",
        "",
    ],
)
def test_the_signature_is_no_part_of_the_file(signature: str) -> None:
    assert unsigned(f"https://Host/a/x.png?{signature}") == "host/a/x.png"
    assert unsigned(f"https://host/x.png?v=2&{signature}&w") == "host/x.png?v=2&w"


def test_what_names_another_file_stays() -> None:
    assert unsigned("https://host/view?name=a.png") != unsigned("https://host/view?name=b.png")
    assert unsigned("https://host/a.png") != unsigned("https://other/a.png")
    assert unsigned("http://host/a.png#x") == unsigned("https://host/a.png")


@pytest.mark.parametrize(
    ("url", "end"),
    [
        (SIGNED, datetime(2026, 11, 23, 10, 15, 20, tzinfo=UTC)),
        ("https://h/x?Expires=1795435200&sig=1", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("https://h/x", None),
        ("https://h/x?X-Amz-Date=20261123T091520Z", None),
        ("https://h/x?X-Amz-Date=yesterday&X-Amz-Expires=3600", None),
        ("https://h/x?X-Amz-Date=99991231T235959Z&X-Amz-Expires=999999999", None),
        ("https://h/x?X-Amz-Date=20261123T091520Z&X-Amz-Expires=-1", None),
        ("https://h/x?Expires=soon", None),
        ("javascript:x?Expires=1795435200", None),
    ],
)
def test_the_end_of_a_link_stands_in_its_signature(url: str, end: datetime | None) -> None:
    assert signed_until(url) == end


def test_the_path_is_decoded() -> None:
    assert path_of(SIGNED) == "/outputs/runs/1/clip 1.mp4"
    assert path_of("https://example.com") == ""
    assert path_of("ftp://host/x.glb?y=z.png") == "ftp://host/x.glb"


@given(st.text() | st.text().map("https://".__add__))
def test_any_text_is_safe_to_ask_about(text: str) -> None:
    link = safe_url(text)
    assert link is None or link.lower().startswith(("http://", "https://"))
    assert link is None or safe_url(link) == link
    unsigned(text)
    signed_until(text)
    path_of(text)
