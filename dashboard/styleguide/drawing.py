"""Renders patterns with the templates of the real pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.run.visibility import Visibility
from dashboard.models import Run
from dashboard.presentation.run.display import run_display

INTERVAL = 5.0


@dataclass(frozen=True, slots=True)
class Pattern:
    name: str
    html: str


Patterns = Iterator[Pattern]


def visibility_at(now: datetime, **more: Any) -> Visibility:
    """A live run that was seen 1 s ago; `more` are fields that differ."""
    return replace(
        Visibility(now=now, observed_at=now - timedelta(seconds=1), interval=INTERVAL), **more
    )


def lost_at(now: datetime) -> Visibility:
    """A live run that was last seen 40 s ago, because ComfyDeploy is unreachable."""
    return visibility_at(now, observed_at=now - timedelta(seconds=40), trouble=Trouble.UNREACHABLE)


def context_of(run: Run, visibility: Visibility, **more: Any) -> dict[str, Any]:
    """The context that the live part's templates need; `more` goes to `run_display`."""
    if run.finished:
        visibility = replace(visibility, interval=None)
    drawn = run_display(run, visibility, title=run.title, outputs=run.output_count, **more)
    return {
        "run": run,
        "now": visibility.now,
        "visibility": visibility,
        "display": drawn,
        "bar": drawn.bar,
    }


def drawn(context: Mapping[str, Any], *parts: str, request: HttpRequest | None = None) -> str:
    """The HTML of these templates, one after another."""
    # Forms get an invalid token: none of them can be submitted.
    given = {"csrf_token": "none", **context}
    return "".join(render_to_string(part, given, request) for part in parts)


def main_of(request: HttpRequest, page: str, **context: Any) -> str:
    """The content of a page's <main> element."""
    text = drawn(context, page, request=request)
    return text.partition("<main")[2].partition(">")[2].partition("</main>")[0]
