"""The texts that people put on runs."""

import pytest

from dashboard.domain.text.labels import LONGEST, NOTE, TAG, TITLE, LabelRejected, folded, read


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        (TITLE, "  Coastal \t series,\n hero ", "Coastal series, hero"),
        (TITLE, "a\x00b\x1b[31mc\x85d", "a b [31mc d"),
        (TAG, "naïve 🦊", "naïve 🦊"),
        (TAG, "e\u0301te\u0301", "été"),
        (TAG, " \x00\t ", ""),
        (TITLE, "lone \ud800 half", "lone half"),
        (NOTE, "one\r\ntwo\rthree  \n\n\n\nfour\x00\n", "one\ntwo\nthree\n\nfour"),
        (NOTE, "  indented stays where it is", "indented stays where it is"),
    ],
)
def test_a_text_is_kept_without_what_cannot_be_stored_or_seen(kind, text, kept) -> None:
    assert read(kind, text) == kept
    assert read(kind, kept) == kept


@pytest.mark.parametrize("kind", [TITLE, TAG, NOTE])
def test_a_text_past_its_bound_is_refused_and_never_cut(kind) -> None:
    longest = "x" * LONGEST[kind]
    assert read(kind, longest) == longest
    with pytest.raises(LabelRejected, match=f"A {kind} can have up to"):
        read(kind, longest + "x")


@pytest.mark.parametrize(
    ("one", "other"), [("Äpfel", "äPFEL"), ("Straße", "STRASSE"), ("a  b", "A B")]
)
def test_labels_are_compared_in_any_case_and_with_any_blanks(one, other) -> None:
    assert folded(one) == folded(other)
