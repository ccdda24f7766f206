"""Links from a run to the lists of the runs that it belongs with."""

from urllib.parse import urlencode

from django.urls import reverse

from dashboard.domain.filters.fields import BATCH, ENVIRONMENT, Form
from dashboard.domain.filters.query import parse
from dashboard.domain.listing import DEPLOYMENT
from dashboard.http import Context
from dashboard.models import Run
from dashboard.services.runs import names
from dashboard.services.runs.belonging import Belonging, as_uuid


def belonging_context(run: Run, belonging: Belonging) -> Context:
    """The names and their links by the filters' names, the environment, the place in the batch."""
    named = names.of_run(run)
    if DEPLOYMENT in named and belonging.environment:
        # Its environment stands beside it.
        alone = named[DEPLOYMENT].removesuffix(f", {belonging.environment}")
        named[DEPLOYMENT] = alone
    values = {kind: getattr(run, column) for kind, column in names.COLUMNS.items()}
    links = {name: list_url(name, value) for name, value in values.items() if value}
    batch = as_uuid(run.batch_id)
    return {
        "names": named,
        "lists": links,
        "environment": belonging.environment,
        "environment_url": list_url(ENVIRONMENT, belonging.environment),
        "batch_place": belonging.place,
        "batch_url": reverse("batch", args=[batch]) if batch else "",
    }


def list_url(name: str, value: str) -> str:
    """The list of the runs with this ID or environment; "" for a value that is neither."""
    forms = [term.form for term in parse([(name, value)]).terms]
    plain = forms in ([Form.ID], [Form.WORD])
    return f"{reverse('run_list')}?{urlencode({name: value})}" if plain else ""


def batch_list_url(batch: object) -> str:
    """The list of the runs of a batch."""
    return list_url(BATCH, str(batch))
