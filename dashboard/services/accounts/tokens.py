"""The secrets in links: random tokens, of which only digests are stored."""

import hashlib
import secrets


def new_token() -> str:
    """A token of 192 random bits, safe in an address."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """The SHA-256 of a token in hexadecimal digits, as tables store it."""
    return hashlib.sha256(token.encode()).hexdigest()
