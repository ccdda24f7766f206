"""A request as Runboard's middleware leaves it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """`htmx` is true where htmx asks for a part, and tells what it says of itself."""

    htmx: HtmxDetails
