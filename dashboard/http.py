"""A request as Runboard's middleware leaves it, and the context of a template."""

from typing import TypeAlias

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

Context: TypeAlias = dict[str, object]
"""What a template is given, by name."""


class HtmxRequest(HttpRequest):
    """`htmx` is true where htmx asks for a part, and tells what it says of itself."""

    htmx: HtmxDetails
