"""Response headers that Django and django-csp do not set, and compression of pages."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import add_never_cache_headers

REFUSED = (
    "accelerometer", "browsing-topics", "camera", "display-capture",
    "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment",
    "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in REFUSED)


class SharedPagesMiddleware:
    """Adds headers under share links: no search engine, cache or Referer has their addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith("/s/"):
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
            if "Cache-Control" not in response.headers:
                add_never_cache_headers(response)
        return response


class PermissionsPolicyMiddleware:
    """Refuses camera, location, payment and other browser features to all pages and frames."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class CompressedPagesMiddleware(GZipMiddleware):
    """Compresses pages and their parts; other files are sent as they are.

    Django's middleware adds random bytes, so that lengths do not reveal what a page holds.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        page = response.headers.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if page else response
