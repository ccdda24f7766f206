"""Picking, rejecting and rating one output."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from dashboard.access import needs
from dashboard.domain.roles import MEMBER
from dashboard.domain.run.marks import NoSuchMark, read_choice, read_rating
from dashboard.http import HtmxRequest
from dashboard.models import Output, Run
from dashboard.presentation.run.contact_sheet import output_url
from dashboard.services import clock
from dashboard.services.runs import picks
from dashboard.views.responses import see_other
from dashboard.views.runs.outputs import marked_tile


@require_POST
@needs(MEMBER)
def mark(request: HtmxRequest, run_id: UUID, pk: int) -> HttpResponse:
    """Marks an output; the part is answered with, so that nothing else moves."""
    run = get_object_or_404(Run.objects.seen(), uuid=run_id)
    try:
        choice, rating = _asked(request)
        picks.mark(run, pk, request.user, clock.now(), choice=choice, rating=rating)
    except (Output.DoesNotExist, Run.DoesNotExist):
        raise Http404 from None
    output = get_object_or_404(Output, pk=pk, run=run)
    if request.htmx:
        context = {"run": run, "output": output, "tile": marked_tile(run, output)}
        return render(request, "runs/outputs/_marked.html", context)
    return see_other(output_url(run.get_absolute_url(), output.identity, output.position))


def _asked(request: HtmxRequest) -> tuple[str | None, int | None]:
    """Choice and rating as they were sent. Raises BadRequest for nonsense, and for neither."""
    choice, rating = (request.POST.get(name) for name in ("choice", "rating"))
    if choice is None and rating is None:
        raise BadRequest("Neither a choice nor a rating.")
    try:
        return (
            None if choice is None else read_choice(choice),
            None if rating is None else read_rating(rating),
        )
    except NoSuchMark:
        raise BadRequest("There is no such choice or rating.") from None
