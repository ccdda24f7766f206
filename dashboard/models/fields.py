"""JSON kept as text: exact integers, the order of keys as sent, the same on every database."""

import json
from typing import Any

from django.db import models


class ExactJSONField(models.TextField):
    """A column for data that is shown and never searched.

    PostgreSQL's jsonb sorts keys and SQLite's JSON functions round large
    integers; text does neither.
    """

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else dump(value)


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def pretty(text: str) -> str:
    """Stored JSON, indented for reading."""
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
