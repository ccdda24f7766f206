"""Every part of a page in every state, for whoever changes one; only with DEBUG."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.bar import page_scale
from dashboard.domain.causes import CAUSES
from dashboard.domain.facts import RunFacts, Sight
from dashboard.domain.failure import failure
from dashboard.domain.inputs import input_rows
from dashboard.domain.picture import picture, row_picture
from dashboard.domain.tiles import tile
from dashboard.domain.trouble import TROUBLES
from dashboard.domain.usual import Past, usual_of
from dashboard.models import Run
from dashboard.patterns import payloads
from dashboard.patterns.runs import run_of
from dashboard.services import clock

INTERVAL = 5.0
_OWN_IDS = re.compile(r'( (?:id|for|form|aria-labelledby|aria-describedby|data-copy)=")([^"]+)"')
_ASKING = re.compile(r' hx-(?:get|post|trigger|target|swap|ptag)="[^"]*"')


@dataclass(frozen=True, slots=True)
class Pattern:
    name: str
    html: str


Section = tuple[str, str, list[Pattern]]


@require_safe
@never_cache
def patterns(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    now = clock.now()
    sections = [
        (anchor, title, [_apart(f"{anchor}-{n}", one) for n, one in enumerate(found)])
        for anchor, title, found in _sections(request, now)
    ]
    return render(request, "patterns/page.html", {"sections": sections})


def _apart(prefix: str, pattern: Pattern) -> Pattern:
    """The pattern with names of its own in the page, and without questions to the server."""

    def own(found: re.Match[str]) -> str:
        names = " ".join(f"{prefix}-{name}" for name in found[2].split())
        return f'{found[1]}{names}"'

    return replace(pattern, html=_ASKING.sub("", _OWN_IDS.sub(own, pattern.html)))


def _sections(request: HttpRequest, now: datetime) -> Iterator[Section]:
    states, bars = payloads.states(now), payloads.bars(now)
    yield "states", "States", [_whole(name, each, now) for name, each in states.items()]
    yield "bars", "Phase bars", [_bar(name, each, now) for name, each in bars.items()]
    yield "usual", "What is likely", list(_likely(now))
    yield "rows", "Rows of the list", [_rows({**states, **bars}, now)]
    yield "cards", "Cards of live runs", [_card(name, states[name], now) for name in payloads.LIVE]
    yield "outputs", "Outputs", list(_outputs(request, now))
    yield "notices", "Notices", list(_notices(states["running"], now))
    yield "failures", "Failures", list(_failures(now))
    yield "troubles", "Nothing to show", [_trouble(word, now) for word in TROUBLES]
    yield "empty", "Empty", list(_empty(states, now))


def _sight(now: datetime, **more: Any) -> Sight:
    return replace(
        Sight(now=now, observed_at=now - timedelta(seconds=1), interval=INTERVAL), **more
    )


def _context(run: Run, sight: Sight, **more: Any) -> dict[str, Any]:
    if run.finished:
        sight = replace(sight, interval=None)
    drawn = picture(run, sight, title=run.title, outputs=run.output_count, **more)
    return {"run": run, "now": sight.now, "sight": sight, "picture": drawn, "bar": drawn.bar}


def _drawn(context: Mapping[str, Any], *parts: str) -> str:
    # Nothing here may be sent: the forms carry no true token.
    given = {"csrf_token": "none", **context}
    return "".join(render_to_string(part, given) for part in parts)


def _whole(name: str, payload: dict[str, Any], now: datetime) -> Pattern:
    context = _context(run_of(payload, now)[0], _sight(now))
    context["share_url"] = ""
    return Pattern(name, _drawn(context, "run/_live.html"))


def _bar(name: str, payload: dict[str, Any], now: datetime) -> Pattern:
    context = _context(run_of(payload, now)[0], _sight(now))
    return Pattern(name, _drawn(context, "run/_verdict.html", "run/_bar.html"))


def _likely(now: datetime) -> Iterator[Pattern]:
    """A live run beside earlier ones: in time, past nine in ten, and stuck."""
    run, _ = run_of(payloads.live(now, "running", "running"), now)
    early, _ = run_of(payloads.live(now, "queued", "queued"), now)
    for name, one, seconds in (
        ("in time", run, (30.0, 60.0)),
        ("longer than nine in ten", run, (4.0, 8.0)),
        ("stuck at the start", early, (2.0, 4.0)),
    ):
        low, high = seconds
        steps = [low + (high - low) * n / 22 for n in range(23)]
        past = [Past(pk=n, done=True, cold_start=at, run=at) for n, at in enumerate(steps, 1)]
        usual = usual_of(past, start_kind="cold", gpu="H100")
        context = _context(one, _sight(now), usual=usual)
        yield Pattern(name, _drawn(context, "run/_verdict.html", "run/_bar.html"))


def _rows(found: Mapping[str, dict[str, Any]], now: datetime) -> Pattern:
    runs = [run_of(payload, now)[0] for payload in found.values()]
    scale = page_scale([run.total for run in runs])
    rows = [
        render_to_string("runs/_row.html", {"run": run, "row": row_picture(run, scale)})
        for run in runs
    ]
    return Pattern("every run above", _drawn({"rows": rows, "scale": scale}, "runs/_rows.html"))


def _card(name: str, payload: dict[str, Any], now: datetime) -> Pattern:
    card = _drawn(_context(run_of(payload, now)[0], _sight(now)), "runs/_card.html")
    return Pattern(name, f'<ul class="cards">{card}</ul>')


def _outputs(request: HttpRequest, now: datetime) -> Iterator[Pattern]:
    origin = request.build_absolute_uri("/").rstrip("/")
    run, facts = run_of(payloads.outputs(now, origin + static("img/card.png")), now)
    for each in facts.outputs:
        yield Pattern(f"{each.kind}: {each.key}", _tiles(run, facts, [tile(each, None, origin)]))


def _tiles(run: Run, facts: RunFacts, tiles: list[Any]) -> str:
    return _drawn({"run": run, "tiles": tiles, "values": facts.values}, "run/_outputs.html")


def _notices(payload: dict[str, Any], now: datetime) -> Iterator[Pattern]:
    run, _ = run_of(payload, now)
    seen = now - timedelta(seconds=40)
    wrong = {word: _sight(now, observed_at=seen, trouble=word) for word in TROUBLES}
    wrong |= {
        f"{word}, for everybody": replace(sight, everybody=True)
        for word, sight in wrong.items()
        if word in ("unreachable", "timed-out", "rate-limited", "key-rejected", "server-error")
    }
    wrong["not-found, given up"] = replace(wrong["not-found"], given_up=True)
    wrong["stale"] = _sight(now, observed_at=seen, stale=True)
    wrong["storage"] = _sight(now, storage="The disk is full.")
    for name, sight in wrong.items():
        context = _context(run, sight)
        context["notice"] = context["picture"].notice
        yield Pattern(name, _drawn(context, "run/_freshness.html", "run/_notice.html")
                      if context["notice"] else "")  # fmt: skip


def _failures(now: datetime) -> Iterator[Pattern]:
    told: dict[str, dict[str, Any] | None] = {"no error text": None}
    for word, cause in CAUSES.items():
        message = f"The node {cause.did}."
        told[word] = {"message": message, "node_id": "3", "node_type": "KSampler", "cause": word}
    told["with a traceback"] = {
        "message": "list index out of range",
        "exception_type": "IndexError",
        "traceback": 'Traceback (most recent call last):\n  File "nodes.py", line 7, in sample',
    }
    for name, error in told.items():
        status = "timeout" if name == "timed-out" else "failed"
        run, _ = run_of(payloads.ended(now, "failure", status=status, progress=0.78), now)
        context = _context(run, _sight(now)) | {"failure": failure(run, error, None)}
        yield Pattern(name, _drawn(context, "run/_error.html"))


def _trouble(word: str, now: datetime) -> Pattern:
    run, _ = run_of(payloads.ended(now, "trouble"), now)
    context = {"trouble": TROUBLES[word], "run_id": run.uuid, "retry_after": 30}
    return Pattern(word, _drawn(context, "_trouble.html"))


def _empty(states: Mapping[str, dict[str, Any]], now: datetime) -> Iterator[Pattern]:
    yield Pattern("no run yet", _drawn({}, "runs/_empty.html"))
    yield Pattern("nothing found", _drawn({"searched": "zzz"}, "runs/_rows.html"))
    for status in ("running", "success", "failed"):
        run, facts = run_of(states[status], now)
        yield Pattern(f"no outputs, {status}", _tiles(run, facts, []))
    yield Pattern("no inputs", _drawn({"input_rows": input_rows({})}, "run/_inputs.html"))
