"""Tags and filters of all templates: static addresses, icons, moments and formats."""

from datetime import datetime
from threading import Lock

from cachetools import LRUCache, cached
from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from dashboard.presentation import format as shown
from dashboard.presentation.words import StatusWords

register = template.Library()
# A relative moment can be focused, so that its tooltip opens by keyboard.
RELATIVE = ("age", "day", "full")
FOCUS = mark_safe(' tabindex="0"')


@register.simple_tag(name="static")
@cached(LRUCache(256), lock=Lock())
def static_address(path: str) -> str:
    """Django's tag, cached: hashed names of static files stay the same until a restart."""
    return static(path)


@register.simple_tag
@cached(LRUCache(256), lock=Lock())
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; without a label it is hidden from screen readers."""
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def status_icon(words: StatusWords, percent: int | None = None) -> SafeString:
    """The icon of a status; for a running run with a known percentage, a progress ring."""
    if words.icon != "running" or percent is None:
        return icon(words.icon)
    return format_html(
        '<svg class="icon ring" viewBox="0 0 16 16" aria-hidden="true">'
        '<circle class="ring-rest" cx="8" cy="8" r="6"/>'
        '<circle class="ring-done" cx="8" cy="8" r="6" pathLength="100" '
        'stroke-dasharray="{} 100" transform="rotate(-90 8 8)"/></svg>',
        percent,
    )


@register.simple_tag
def moment(at: datetime | None, form: str = "ago") -> SafeString | str:
    """A moment in UTC that the browser shows in the reader's zone and keeps up to date.

    Forms: ago (6 min ago, 14:02, Yesterday 19:54, 23 Nov), age (6 min ago), day
    (Today 14:02:38), full (23 Nov 2026, 14:02), clock (14:02:38), tenths, at (at 14:02,
    yesterday at 19:54, on 23 Nov).
    """
    if at is None:
        return ""
    if form in ("clock", "tenths"):
        text = shown.clock(at, tenths=form == "tenths")
    else:
        text = shown.moment(at, seconds=form == "day")
    if form == "at":
        text = f"on {text}"
    return format_html(
        '<time datetime="{}" data-time="{}"{} hx-morph-skip-children>{}</time>',
        shown.iso(at),
        form,
        FOCUS if form in RELATIVE else "",
        text,
    )


@register.filter
def iso(at: datetime | None) -> str:
    return "" if at is None else shown.iso(at)


@register.filter
def took(seconds: float | None) -> str:
    return "" if seconds is None else shown.took(seconds)


@register.filter
def marked(text: object) -> str:
    """Foreign text in which characters that change its direction are made visible."""
    return shown.marked(str(text))


@register.filter
def middle_cut(text: object) -> str:
    return shown.middle_cut(str(text))


@register.filter
def count(number: int) -> str:
    return shown.count(number)


@register.filter(is_safe=True)
def strip(text: str) -> str:
    """A rendered part without the line breaks around it, so that a full stop can follow."""
    return text.strip()
