"""JSON stored as text: exact integers, keys in the order sent, the same on every database."""

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import NOT_PROVIDED

if TYPE_CHECKING:
    _TextField = models.TextField[object, object]
else:  # Django's class takes no parameters at run time
    _TextField = models.TextField


class ExactJSONField(_TextField):
    """A column for JSON that is shown and never searched.

    PostgreSQL's jsonb sorts keys and SQLite's JSON functions round large
    integers; text does neither.
    """

    def from_db_value(self, value: str | None, *_: object) -> object:
        return None if value is None else json.loads(value)

    def to_python(self, value: object) -> object:
        return value

    def get_prep_value(self, value: object) -> str | None:
        return None if value is None else dump(value)


def json_column(*, null: bool = False, default: object = NOT_PROVIDED) -> Any:
    """An `ExactJSONField`; what is annotated for it is the type of its values."""
    return ExactJSONField(null=null, default=default)


def dump(value: object) -> str:
    """JSON as it is stored: compact, without NaN and infinities."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def pretty(text: str) -> str:
    """Stored JSON, indented for reading."""
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
