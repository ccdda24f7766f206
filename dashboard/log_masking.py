"""Keeps tokens, passwords and keys out of log lines, error mails and error pages."""

import logging
import re
from collections.abc import Iterable
from functools import cache
from types import FrameType

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from dashboard.domain.text.redaction import MASK, redact_text

TOKEN_PATH = re.compile(
    r"(/(?:sign-in|s|invite|hooks/comfydeploy)/)(?!\?)[^/\s\"'?<>&\\]{8,}", re.IGNORECASE
)
_AFTER_PATH = re.compile(
    r"/(?:sign-in|s|invite|hooks/comfydeploy)/.{0,300}", re.IGNORECASE | re.DOTALL
)
_LONG_WORD = re.compile(r"[\w-]{9,}")  # longer than any other part of these addresses
_COOKIE = re.compile(r"\b((?:sessionid|csrftoken|csrfmiddlewaretoken|runboard-[\w-]+)=)[^;\s&\"']+")
_QUOTED = re.compile(
    r"""(['"][\w-]*(?:password\d?|passwd|token|secret|api_key|authorization)['"]\s*:\s*)"""
    r"""(?:\[?)(['"])(?:(?!\2).)+\2\]?""",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?i)\b(bearer\s+)[^\s\"',;]{6,}")
SHORTEST = 8
"""Shorter secrets are not searched for: they would also match harmless words."""


def mask(text: str) -> str:
    """Masks configured secrets, tokens in paths, cookies, passwords and credentials in a text."""
    for secret in _own_secrets():
        text = text.replace(secret, MASK)
    text = TOKEN_PATH.sub(rf"\1{MASK}", text)
    text = _AFTER_PATH.sub(_mask_long_words, text)
    text = _COOKIE.sub(rf"\1{MASK}", text)
    text = _QUOTED.sub(rf"\1'{MASK}'", text)
    return redact_text(_BEARER.sub(rf"\1{MASK}", text))


def _mask_long_words(found: re.Match[str]) -> str:
    """Masks a token in an address that has a space, bracket or quote before or inside it."""
    start = found[0].index("/", 1) + 1
    rest = _LONG_WORD.sub(MASK, found[0][start:].replace("comfydeploy", "\0"))
    return found[0][:start] + rest.replace("\0", "comfydeploy")


def _own_secrets() -> Iterable[str]:
    names = ("COMFYDEPLOY_API_KEY", "SECRET_KEY", "HOOK_SECRET")
    given = (*(str(getattr(settings, name, "")) for name in names), _database_password())
    return (secret for secret in given if len(secret) >= SHORTEST)


@cache
def _database_password() -> str:
    return str(settings.DATABASES["default"].get("PASSWORD") or "")


class MaskingFilter(logging.Filter):
    """Masks a log record, for handlers with a format of their own (the subjects of mails)."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage()), ()
        return True


class MaskingFormatter(logging.Formatter):
    """Masks a formatted log line, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class SafeFilter(SafeExceptionReporterFilter):
    """Masks settings, variables and all form fields in Django's error reports."""

    cleansed_substitute = MASK
    hidden_settings = re.compile(
        "API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE|CREDENTIAL|DATABASES|CODE|DIGEST|LINK",
        re.IGNORECASE,
    )

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, object]:
        return dict.fromkeys(getattr(request, "POST", None) or QueryDict(), MASK)

    def get_traceback_frame_variables(  # type: ignore[override]
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> list[tuple[str, object]]:
        found = super().get_traceback_frame_variables(request, tb_frame)
        return [(name, self.cleanse_setting(name, value)) for name, value in found]


class SafeReporter(ExceptionReporter):
    """Django's error report, for its debug page and for mails, with its whole text masked."""

    def get_traceback_text(self) -> SafeString:
        return SafeString(mask(super().get_traceback_text()))

    def get_traceback_html(self) -> SafeString:
        return SafeString(mask(super().get_traceback_html()))
