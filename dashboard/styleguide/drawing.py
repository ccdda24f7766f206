"""Renders patterns with the templates of the real pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypedDict

from django.http import HttpRequest
from django.template.loader import render_to_string

from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.run.usual import Usual
from dashboard.domain.run.visibility import Visibility
from dashboard.models import Run
from dashboard.presentation.run.display import RunDisplay, run_display
from dashboard.presentation.run.page_layout import Layout
from dashboard.presentation.run.phase_bar import NoPhaseBar, PhaseBar

INTERVAL = 5.0


@dataclass(frozen=True, slots=True)
class Pattern:
    name: str
    html: str


Patterns = Iterator[Pattern]


class RunContext(TypedDict):
    """What the live part's templates need."""

    run: Run
    now: datetime
    visibility: Visibility
    display: RunDisplay
    layout: Layout
    bar: PhaseBar | NoPhaseBar


def visibility_at(now: datetime) -> Visibility:
    """A live run that was seen 1 s ago."""
    return Visibility(now=now, observed_at=now - timedelta(seconds=1), interval=INTERVAL)


def lost_at(now: datetime) -> Visibility:
    """A live run that was last seen 40 s ago, because ComfyDeploy is unreachable."""
    seen = now - timedelta(seconds=40)
    return replace(visibility_at(now), observed_at=seen, trouble=Trouble.UNREACHABLE)


def context_of(run: Run, visibility: Visibility, usual: Usual | None = None) -> RunContext:
    """The context that the live part's templates need; `usual` is what runs like it took."""
    if run.finished:
        visibility = replace(visibility, interval=None)
    drawn = run_display(run, visibility, title=run.title, outputs=run.output_count, usual=usual)
    return {
        "run": run,
        "now": visibility.now,
        "visibility": visibility,
        "display": drawn,
        "bar": drawn.bar,
        "layout": Layout.STORY,
    }


def drawn(context: Mapping[str, object], *parts: str, request: HttpRequest | None = None) -> str:
    """The HTML of these templates, one after another."""
    # Forms get an invalid token: none of them can be submitted.
    given = {"csrf_token": "none", **context}
    return "".join(render_to_string(part, given, request) for part in parts)


def main_of(request: HttpRequest, page: str, **context: object) -> str:
    """The content of a page's <main> element."""
    text = drawn(context, page, request=request)
    return text.partition("<main")[2].partition(">")[2].partition("</main>")[0]
