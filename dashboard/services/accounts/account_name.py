"""What an account may be called."""

from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

LOCAL = "local"
"""The name of the local user of open access; no account may have it."""


def check_name(name: str, *, new: bool = True) -> None:
    """Raises ValidationError for an invalid account name, and with `new` for one that is taken."""
    UnicodeUsernameValidator()(name)
    if name == LOCAL or len(name) > 150:
        raise ValidationError(f"{name[:150]!r} can't be used as a name.")
    if new and User.objects.filter(username__iexact=name).exists():
        raise ValidationError("This name is taken.")
