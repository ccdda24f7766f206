"""Receives webhooks, and shows their address to admins."""

import logging
import math

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.access import needs
from dashboard.domain.roles import ADMIN
from dashboard.services import clock
from dashboard.services.runs import webhooks

log = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
@require_http_methods(["POST", "GET"])
@never_cache
@sensitive_variables("secret")
def comfydeploy(request: HttpRequest, secret: str) -> HttpResponse:
    """Receives a webhook of ComfyDeploy, which retries by GET with the same body.

    404 for a wrong secret, 429 over the limit, 503 where the database fails.
    """
    if not webhooks.secret_matches(secret):
        raise Http404
    wait = webhooks.seconds_to_wait()
    if wait:
        return HttpResponse(status=429, headers={"Retry-After": str(math.ceil(wait))})
    try:
        webhooks.receive(request.read(webhooks.MAX_BYTES), clock.synchronized_now())
    except UnreadablePostError:
        log.info("A webhook's caller hung up before its end.")
    except DatabaseError as error:
        log.error("A webhook could not be taken: %s", error)
        return HttpResponse(status=503, headers={"Retry-After": "1"})
    return HttpResponse(status=204)


@require_safe
@never_cache
@needs(ADMIN)
def address(request: HttpRequest) -> HttpResponse:
    context = {
        "address": webhooks.address(),
        "tracks": settings.HOOK_TRACKS,
        "loopback": settings.LOOPBACK,
    }
    return render(request, "webhooks/address.html", context)
