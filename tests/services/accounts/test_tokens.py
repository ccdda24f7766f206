"""Tokens of links."""

from dashboard.services.accounts.tokens import digest, new_token


def test_tokens_differ_and_their_digests_fit_the_column() -> None:
    first, second = new_token(), new_token()
    assert first != second and len(first) == 32
    assert digest(first) == digest(first) != digest(second)
    assert len(digest(first)) == 64
