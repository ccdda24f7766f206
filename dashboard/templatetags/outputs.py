"""JSON as HTML: each object and list can be folded, values are coloured by kind."""

import json

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from dashboard.domain.text.json_text import Object, ShownValue, Written, read_json
from dashboard.presentation.format import plural
from dashboard.presentation.run.tiles import Tile

register = template.Library()
OPEN_UP_TO = 12
LONGEST_TREE = 20_000  # characters of a JSON text that is shown as a tree


@register.filter
def text_tree(tile: Tile, whole: bool) -> SafeString | str:
    """A tile's JSON as HTML; "" for other texts, and where a page holds only its head."""
    text = tile.text or ""
    shown = len(text) <= LONGEST_TREE if whole else not tile.fold.cut
    return folded(text) if shown else ""


@register.filter
def folded(text: str) -> SafeString | str:
    """A JSON text as HTML; "" where it is not JSON. Every piece of it is escaped."""
    value = read_json(text)
    return "" if value is None else mark_safe(_shown(value, top=True))  # noqa: S308


def _shown(value: ShownValue, *, top: bool = False) -> str:
    if isinstance(value, Object):
        rows = [f"{_span('key', _quoted(name))}: {_shown(one)}" for name, one in value.pairs]
        return _fold(rows, "{", "}", plural(len(rows), "key"), top)
    if isinstance(value, list):
        return _fold([_shown(one) for one in value], "[", "]", plural(len(value), "item"), top)
    if isinstance(value, Written):
        return _span("number", value)
    if isinstance(value, str):
        return _span("string", _quoted(value))
    return _span("word", json.dumps(value))


def _fold(rows: list[str], left: str, right: str, summary: str, top: bool) -> str:
    if not rows:
        return left + right
    is_open = " open" if top or len(rows) <= OPEN_UP_TO else ""
    inside = "".join(f"<li>{row}</li>" for row in rows)
    line = f'<summary>{left}<span class="json-summary">{summary} {right}</span></summary>'
    return f"<details{is_open}>{line}<ul>{inside}</ul>{right}</details>"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _span(kind: str, text: str) -> str:
    return f'<span class="json-{kind}">{escape(text)}</span>'
