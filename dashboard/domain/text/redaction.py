"""Masks secrets in answers: values under secret names, credentials and signatures in URLs."""

import re
from collections.abc import Callable
from typing import TypeVar, cast
from urllib.parse import unquote

from dashboard.domain.text.links import is_signature

MASK = "•••"
WORDS = frozenset({"key", "token", "secret", "password", "passwd", "authorization", "credential"})
WEBHOOK = "webhook"
ROUNDS = 4

_BREAKS = re.compile(r"[\W\d_]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CANDIDATE = re.compile("|".join(sorted(WORDS)), re.IGNORECASE)
_CREDENTIALS = re.compile(r'//[^\s/?#"<>]*@')
_PARAMETER = re.compile(r'[?&;#]([^\s=&;?#"<>]{1,200})=')
_VALUE_END = re.compile(r'[\s&#"<>]|$')
_QUERY = re.compile(r"([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
# Shapes of keys that stand in free text without a name before them.
_GITHUB = ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_")
_BEGINNINGS = ("k_live_", "k_test_", "xox", "glpat-", "npm_", "AIza", "SG.", "AKIA", "ASIA", "eyJ")
_SHAPES = re.compile(
    r"(?<![\w-])(?:sk-[\w-]{20,}|hf_[A-Za-z0-9]{30,}|r8_[A-Za-z0-9]{30,}|gh[pousr]_[A-Za-z0-9]{30,}"
    r"|github_pat_\w{20,}|[sr]k_(?:live|test)_\w{16,}|xox[abeoprs]-[\w-]{10,}|glpat-[\w-]{20,}"
    r"|npm_[A-Za-z0-9]{30,}|AIza[\w-]{35}(?![\w-])|SG\.[\w-]{16,}\.[\w-]{16,}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}(?![\w-])|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"
    r"|(?<=\bBearer )[A-Za-z0-9._~+/=-]{16,}"
    r"|(?<=\b(?i:bearer) )(?=[A-Za-z._~+/=-]{0,200}\d)[A-Za-z0-9._~+/=-]{16,}"
    r"|(?<=//hooks\.slack\.com/services/)[\w/]+"
    r"|(?<=//discord\.com/api/webhooks/)[\w/-]+"
)
_ENCODED_URL = re.compile(r"[a-z][a-z0-9+.-]{1,12}(?:%25)?(?:%3a|:)(?:%25)?%2f", re.IGNORECASE)
# Our own webhook's address: its secret stands in the path.
HOOK_PATH = "/hooks/comfydeploy/"
_HOOK = re.compile(rf"({HOOK_PATH})[^/\s?#\"'<>\\]+")
_HINTS = ("//", "=", "sk-", "hf_", "r8_", *_GITHUB, *_BEGINNINGS) + ("earer ", "EARER ", HOOK_PATH)

Json = TypeVar("Json")


def redact(value: Json, mask: Callable[[str], str] | None = None) -> Json:
    """A masked copy of any JSON value; of an answer, the query of `webhook` too.

    Numbers, booleans and null stay. Masking what is masked changes nothing.
    Strings under plain names go through `mask`, which is `redact_text` by default.
    """
    masked = _walk(value, mask or redact_text)
    if isinstance(masked, dict) and WEBHOOK in masked:
        masked[WEBHOOK] = _walk(masked[WEBHOOK], _redact_query)
    return cast(Json, masked)


def redact_text(text: str) -> str:
    """Free text with credentials, signatures and keys in it masked."""
    if not any(hint in text for hint in _HINTS):
        return text
    for _ in range(ROUNDS):
        before, text = text, _redact_once(text)
        if text == before:
            break
    return text


def is_secret_name(name: str) -> bool:
    """Whether one whole word of a name says that its value is secret."""
    # Quick check first: most names hold none of the words.
    if not _CANDIDATE.search(name):
        return False
    return any(word.lower() in WORDS for word in _BREAKS.split(name))


def _walk(value: object, mask: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [_walk(item, mask) for item in value]
    if isinstance(value, dict):
        return {
            redact_text(name): _walk(item, _hide if is_secret_name(name) else mask)
            for name, item in value.items()
        }
    return value


def _hide(_: str) -> str:
    return MASK


def _redact_once(text: str) -> str:
    text = _CREDENTIALS.sub(f"//{MASK}@", text)
    if HOOK_PATH in text:
        text = _HOOK.sub(rf"\g<1>{MASK}", text)
    return _SHAPES.sub(MASK, _redact_parameters(text))


def _redact_parameters(text: str) -> str:
    """Masks the values of secret parameters, each to the end of its value."""
    pieces, at, plain_to = [], 0, 0
    for found in _PARAMETER.finditer(text):
        if found.start() < at:
            continue
        secret = is_signature(found[1]) or is_secret_name(unquote(found[1]))
        # What ends where a value that hides nothing ends hides nothing either.
        if not secret and (found.end() <= plain_to or not _ENCODED_URL.match(text, found.end())):
            continue
        match = _VALUE_END.search(text, found.end())
        end = match.start() if match else len(text)
        if not secret and not _hides_a_secret(text[found.end() : end]):
            plain_to = end
            continue
        pieces += [text[at : found.end()], MASK]
        at = end
    return "".join([*pieces, text[at:]]) if pieces else text


def _hides_a_secret(value: str) -> bool:
    """Whether a value that is itself a percent-encoded URL holds a secret."""
    plain = unquote(value)
    return redact_text(plain) != plain


def _redact_query(url: str) -> str:
    """A URL whose whole query and fragment are masked; the names of parameters stay."""
    parts = _QUERY.fullmatch(url)
    if parts is None:
        return url
    path, query, fragment = parts.groups(default="")
    masked = "&".join(_redact_pair(pair) for pair in query[1:].split("&"))
    return path + (f"?{masked}" if query else "") + (f"#{MASK}" if fragment else "")


def _redact_pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    if equals:
        return f"{name}={MASK}"
    return MASK if pair else ""
