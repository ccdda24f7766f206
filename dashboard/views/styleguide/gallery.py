"""The styleguide: every part of a page in every state; only with DEBUG."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.run.facts import StoredError
from dashboard.domain.search.words import read_words
from dashboard.presentation.run.cause_text import CAUSE_TEXTS
from dashboard.presentation.run.display import row_display
from dashboard.presentation.run.failure import failure
from dashboard.presentation.run.hits import row_hits
from dashboard.presentation.run.phase_bar import page_scale
from dashboard.presentation.run.tiles import tile
from dashboard.presentation.trouble import TROUBLES
from dashboard.services import clock
from dashboard.services.runs import logs
from dashboard.styleguide import basics, changed, machine_story, payloads, run_parts
from dashboard.styleguide.drawing import Pattern, context_of, drawn, lost_at, visibility_at
from dashboard.styleguide.payloads import Payload
from dashboard.styleguide.run_parts import usual_from
from dashboard.styleguide.runs import run_of
from dashboard.views.runs.days import Day
from dashboard.views.styleguide import (
    batch_page,
    cost_parts,
    facet_parts,
    first_minutes,
    follows,
    insight_parts,
    pages,
    people,
    selection,
    speed_parts,
    walls,
    warm_parts,
)

_OWN_IDS = re.compile(
    r'( (?:id|for|form|aria-labelledby|aria-describedby|aria-controls|data-copy)=")([^"]+)"'
)
_REQUESTS = re.compile(r' (?:hx-(?:get|post|trigger|target|swap|ptag)="[^"]*"|autofocus(?=[\s>]))')
BY_SCRIPT = ("a note that goes", "a note that stays", "paused", "keys")  # static/js/patterns.js

Section = tuple[str, str, list[Pattern]]


@require_safe
@never_cache
def patterns(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    now = clock.now()
    sections = [
        (anchor, title, [_isolated(f"{anchor}-{n}", one) for n, one in enumerate(found)])
        for anchor, title, found in _sections(request, now)
    ]
    context = {"sections": sections, "by_script": BY_SCRIPT}
    return render(request, "styleguide/page.html", context)


def _isolated(prefix: str, pattern: Pattern) -> Pattern:
    """The pattern with IDs that are unique in the page, and without requests to the server."""

    def own(found: re.Match[str]) -> str:
        names = " ".join(f"{prefix}-{name}" for name in found[2].split())
        return f'{found[1]}{names}"'

    return replace(pattern, html=_REQUESTS.sub("", _OWN_IDS.sub(own, pattern.html)))


def _sections(request: HttpRequest, now: datetime) -> Iterator[Section]:
    states, bars = payloads.states(now), payloads.bars(now)
    yield "colours", "Colours", [basics.colours()]
    yield "statuses", "Statuses", [basics.statuses(states)]
    yield "icons", "Icons", [basics.icons()]
    yield "states", "States", [_whole(name, each, now) for name, each in states.items()]
    yield "lost", "Sight lost", [_lost(name, states[name], now) for name in payloads.LIVE]
    yield "bars", "Phase bars", [_bar(name, each, now) for name, each in bars.items()]
    yield "warnings", "Warnings", [_whole(*each, now) for each in payloads.warned(now).items()]
    yield "left", "What is likely", list(_likely(now))
    yield "usual", "Compared with usual", list(run_parts.against_usual(now))
    yield "machine", "What the machine tells", list(machine_story.panels(now))
    yield "changed", "What changed", list(changed.since_good(now))
    yield "same", "Same inputs before", list(machine_story.same_inputs(now))
    yield "rows", "Rows of the list", [_rows({**states, **bars}, now), *selection.selected(request)]
    yield "cards", "Cards of live runs", [_card(name, states[name], now) for name in payloads.LIVE]
    yield "now", "Live runs above the list", list(pages.now_strip(request, now))
    yield "outputs", "Outputs", list(_outputs(request, now))
    yield "kept", "Outputs and their copies", list(_stored(request, now))
    yield "below", "Inputs, history, facts", list(run_parts.below(now))
    yield "away", "To run it again", list(run_parts.take_away(now))
    yield "logs", "Logs", [*run_parts.logs(now), *run_parts.live_logs(now)]
    yield "labels", "Labels", list(run_parts.labels(request, now))
    yield "notices", "Notices", list(_notices(states["running"], now))
    yield "connection", "No data comes", list(pages.connection_notices(request, now))
    yield "failures", "Failures", list(_failures(now))
    yield "boxes", "Header and boxes", list(pages.boxes(request))
    yield from _list_parts(request, now)
    yield "empty", "Empty", [*pages.empties(now), *_no_outputs(states, now)]
    yield "first", "First minute", list(first_minutes.first_minutes(request, now))
    yield "reading", "Past runs are read", list(first_minutes.history_lines(request, now))
    yield "wall", "The gallery", list(walls.walls(request, now))
    yield "batch", "A batch", list(batch_page.batches(request, now))
    yield "troubles", "Nothing to show", list(pages.troubles(request, now))
    yield "errors", "Errors", list(pages.errors(request, now))
    yield "entrances", "Ways in", list(pages.entrances(request, now))
    yield "accounts", "Account and webhook", list(pages.accounts(request, now))
    yield "people", "People", list(people.people(request, now))
    yield "following", "Following", list(follows.followed(request, now))
    yield "audit", "Audit", list(people.noted(request, now))
    yield "shares", "Share links", list(people.shares(request, now))


def _list_parts(request: HttpRequest, now: datetime) -> Iterator[Section]:
    yield "facets", "Filters of the list", list(facet_parts.filters(request))
    yield "views", "Saved views", list(pages.saved_views(request))
    yield "palette", "Command palette", list(pages.palette(request))
    yield "pasted", "Several pasted", list(pages.pasted(request, now))
    yield "insights", "Insights", list(insight_parts.insights(request, now))
    yield "cost", "Insights: Cost", list(cost_parts.cost(now))
    yield "speed", "Insights: Speed", list(speed_parts.speed(now))
    yield "warm", "Keeping warm", list(warm_parts.warm())


def _whole(name: str, payload: Payload, now: datetime) -> Pattern:
    context = context_of(run_of(payload, now)[0], visibility_at(now))
    return Pattern(name, drawn({**context, "share_url": ""}, "runs/detail/_live.html"))


def _lost(name: str, payload: Payload, now: datetime) -> Pattern:
    return Pattern(
        name, drawn(context_of(run_of(payload, now)[0], lost_at(now)), "runs/detail/_live.html")
    )


def _bar(name: str, payload: Payload, now: datetime) -> Pattern:
    context = context_of(run_of(payload, now)[0], visibility_at(now))
    return Pattern(name, drawn(context, "runs/detail/_headline.html", "runs/detail/_bar.html"))


def _likely(now: datetime) -> Iterator[Pattern]:
    """A live run compared with earlier ones: in time, longer than nine in ten, and stuck."""
    run, _ = run_of(payloads.live(now, "running", "running"), now)
    early, _ = run_of(payloads.live(now, "queued", "queued"), now)
    for name, one, seconds in (
        ("in time", run, (30.0, 60.0)),
        ("longer than nine in ten", run, (4.0, 8.0)),
        ("stuck at the start", early, (2.0, 4.0)),
    ):
        usual = usual_from(*seconds)
        context = context_of(one, visibility_at(now), usual=usual)
        yield Pattern(name, drawn(context, "runs/detail/_headline.html", "runs/detail/_bar.html"))


def _rows(found: Mapping[str, Payload], now: datetime) -> Pattern:
    runs = [run_of(payload, now)[0] for payload in found.values()]
    scale = page_scale([run.total for run in runs])
    rows = [
        render_to_string(
            "runs/list/_row.html", {"run": run, "row": row_display(run, scale), "tick": "x"}
        )
        for run in runs
    ]
    parts = ("runs/list/_list_actions.html", "runs/list/_rows.html")
    rows[0] = render_to_string(
        "runs/list/_row.html",
        {
            "run": runs[0],
            "row": row_display(runs[0], scale),
            "hits": row_hits(read_words("dune"), "Two dunes", (), ("far away, one dune",)),
        },
    )
    days = [Day("Today, Thu 26 Nov", tuple(rows[:3])), Day("Wed 25 Nov", tuple(rows[3:]))]
    context = {"days": days, "scale": scale, "choice": pages.NOTHING, "selects": True}
    return Pattern("every run above", drawn(context, *parts))


def _card(name: str, payload: Payload, now: datetime) -> Pattern:
    card = drawn(
        context_of(run_of(payload, now)[0], visibility_at(now)), "runs/list/_live_card.html"
    )
    return Pattern(name, f'<ul class="cards">{card}</ul>')


def _outputs(request: HttpRequest, now: datetime) -> Iterator[Pattern]:
    origin = request.build_absolute_uri("/").rstrip("/")
    run, facts = run_of(payloads.outputs(now, origin + static("img/card.png")), now)
    for each in facts.outputs:
        yield Pattern(
            f"{each.kind}: {each.key}", run_parts.tiles(run, facts, [tile(each, None, origin)])
        )


def _stored(request: HttpRequest, now: datetime) -> Iterator[Pattern]:
    return run_parts.stored_outputs(now, request.build_absolute_uri(static("img/card.png")))


def _notices(payload: Payload, now: datetime) -> Iterator[Pattern]:
    run, _ = run_of(payload, now)
    seen = now - timedelta(seconds=40)
    lost = replace(visibility_at(now), observed_at=seen)
    wrong = {word: replace(lost, trouble=word) for word in TROUBLES}
    wrong |= {
        f"{word}, for everybody": replace(visibility, everybody=True)
        for word, visibility in wrong.items()
        if word
        in (
            Trouble.UNREACHABLE,
            Trouble.TIMED_OUT,
            Trouble.RATE_LIMITED,
            Trouble.KEY_REJECTED,
            Trouble.SERVER_ERROR,
        )
    }
    wrong["not-found, given up"] = replace(wrong[Trouble.NOT_FOUND], given_up=True)
    wrong["stale"] = replace(lost, stale=True)
    wrong["storage"] = replace(visibility_at(now), storage="The disk is full.")
    for name, visibility in wrong.items():
        given = context_of(run, visibility)
        shown = given["display"]
        context = {**given, "notice": shown.notice, "freshness": shown.freshness}
        parts = ("runs/detail/_freshness.html", "runs/detail/_notice.html")
        yield Pattern(name, drawn(context, *parts) if shown.notice else "")


def _failures(now: datetime) -> Iterator[Pattern]:
    errors: dict[str, StoredError | None] = dict.fromkeys(
        (
            "no error text",
            "no error text in its log",
            "its log awaited",
            "assumed to have timed out",
        )
    )
    for word, text in CAUSE_TEXTS.items():
        message = f"{text.title}."
        errors[word] = {"message": message, "node_id": "3", "node_type": "KSampler", "cause": word}
    errors["with a traceback"] = {
        "message": "list index out of range",
        "exception_type": "IndexError",
        "traceback": 'Traceback (most recent call last):\n  File "nodes.py", line 7, in sample',
    }
    for name, error in errors.items():
        status = "timeout" if "timed" in name else "failed"
        run, _ = run_of(payloads.ended(now, "failure", status=status, progress=0.78), now)
        run.log_tries = int(name == "no error text in its log")
        if "assumed" in name:
            run.ended_at = None
        run.log_next_at = now if "awaited" in name or "assumed" in name else None
        panel = failure(run, error, None, logs.state_of(run, now))
        context = {**context_of(run, visibility_at(now)), "failure": panel}
        yield Pattern(name, drawn(context, "runs/detail/_error.html"))


def _no_outputs(states: Mapping[str, Payload], now: datetime) -> Iterator[Pattern]:
    for status in ("running", "success", "failed"):
        run, facts = run_of(states[status], now)
        yield Pattern(f"no outputs, {status}", run_parts.tiles(run, facts, []))
