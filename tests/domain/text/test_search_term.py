"""Which text may become a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.text.search_term import LONGEST_TERM, search_term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("dunes", "dunes"),
        ("  dunes at dusk \n", "dunes at dusk"),
        ("\x1b[36mdunes\x1b[0m", "dunes"),
        ("du\0nes\t2", "dunes 2"),
        ("砂丘 “dunes” & <b>100 %</b>", "砂丘 “dunes” & <b>100 %</b>"),
        ("497f6eca-6276-4993-bfeb-53cbbbba6f0", "497f6eca-6276-4993-bfeb-53cbbbba6f0"),
        ("missing key: lora_unet", "missing key: lora_unet"),
        ("x" * LONGEST_TERM, "x" * LONGEST_TERM),
        ("x" * (LONGEST_TERM + 1), ""),
        ("", ""),
        ("\x1b[0m", ""),
        ("dunes\nhills", ""),
        ("dunes\rhills", ""),
        ("dunes\u2028hills", ""),
        ("dunes↵hills", ""),
        ("dunes\ud800", ""),
        ("sk-abcdefghijklmnopqrstuvwx", ""),
        ("sk-abcdefghij\x1b[0mklmnopqrstuvwx", ""),
        ("sk-abcdefghij\u200bklmnopqrstuvwx", ""),
        ("api%5Fkey%3Dhunter2", ""),
        ("hf_" + "a" * 34, ""),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", ""),
        ("Bearer 0123456789abcdef0", ""),
        ("api_key=hunter2", ""),
        ("password: hunter2", ""),
        ("--token hunter2", ""),
        ("https://ana:hunter2@example.com/", ""),
        ("https://b.s3.amazonaws.com/x.png?X-Amz-Signature=ab12", ""),
    ],
)
def test_one_short_line_without_a_secret_is_a_term(text: str, term: str) -> None:
    assert search_term(text) == term


@given(st.text())
def test_a_term_is_one_short_line_and_stays_itself(text: str) -> None:
    term = search_term(text)
    assert len(term) <= LONGEST_TERM
    assert len(term.splitlines()) == bool(term)
    assert search_term(term) == term
