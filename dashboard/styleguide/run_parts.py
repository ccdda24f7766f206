"""The parts of a run's page below its live part, each in every state."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.run.facts import Output, RunFacts
from dashboard.domain.run.usual import PastRun, Usual, usual_of
from dashboard.domain.text.labels import LONGEST, NOTE, TAG
from dashboard.models import Label, Run, RunLog, Snapshot
from dashboard.presentation.run.comparison import compare_with_usual
from dashboard.presentation.run.fields import field_rows
from dashboard.presentation.run.file_text import AWAITED, REASONS
from dashboard.presentation.run.history import entries
from dashboard.presentation.run.inputs import input_rows
from dashboard.presentation.run.tiles import held, tile
from dashboard.styleguide import payloads
from dashboard.styleguide.drawing import Pattern, Patterns, drawn, visibility_at
from dashboard.styleguide.runs import run_of

NAMES = {"workflow": "lighthouse-flux", "version": "v14", "deployment": "production",
         "machine": "packshot-studio"}  # fmt: skip


@dataclass(slots=True)
class CopyFacts:
    """A file as if a copy of it were kept here."""

    url: str | None = None
    download_url: str | None = None
    thumb_url: str | None = None
    width: int | None = None
    height: int | None = None
    size: int | None = 2_400_000
    seconds: float | None = None
    type: str = "image/png"
    inline: bool = True
    why: str = ""


def usual_from(low: float, high: float, runs: int = 23) -> Usual:
    steps = [low + (high - low) * n / max(runs - 1, 1) for n in range(runs)]
    past = [
        PastRun(pk=n, done=n % 3 > 0, queue_wait=at / 8, cold_start=at, run=at, total=at * 2)
        for n, at in enumerate(steps, 1)
    ]
    return usual_of(past, start_kind="cold", gpu="H100")


def against_usual(now: datetime) -> Patterns:
    """The strips beside few and many earlier runs."""
    usual = usual_from(8.0, 40.0)
    found = {
        "a finished run": (payloads.ended(now, "usual"), usual),
        "one that failed": (payloads.ended(now, "fell", status="failed"), usual),
        "one under way": (payloads.live(now, "under way", "running"), usual),
        "too few to compare": (payloads.ended(now, "few"), usual_from(8.0, 40.0, runs=4)),
    }
    for name, (payload, beside) in found.items():
        run, _ = run_of(payload, now)
        told = compare_with_usual(run, visibility_at(now), beside)
        yield Pattern(name, drawn({"run": run, "comparison": told}, "runs/detail/_comparison.html"))


def kept_outputs(now: datetime, picture: str) -> Patterns:
    """Tiles of files that are kept here, that are not, and whose link has ended."""
    run, facts = run_of(payloads.outputs(now, picture), now)
    image, model = facts.outputs[0], next(one for one in facts.outputs if one.kind == "model3d")
    shown = CopyFacts(url=picture, download_url=picture, thumb_url=picture, width=1200, height=630)
    yield Pattern("kept picture", tiles(run, facts, [tile(image, shown, "")]))
    copy = CopyFacts(url=picture, download_url=picture, type="model/gltf-binary")
    yield Pattern("kept 3D model", tiles(run, facts, [tile(model, copy, "")]))
    ended = replace(image, url=f"{picture}?gone", expires_at=now - timedelta(hours=1))
    yield Pattern("link expired", tiles(run, facts, [tile(ended, None, "")]))
    awaited = held(tile(image, None, ""), AWAITED)
    yield Pattern("on a share link, not kept", tiles(run, facts, [awaited]))
    for why in REASONS:
        made = tile(_file(facts), CopyFacts(why=why), "")
        yield Pattern(f"no copy: {why}", tiles(run, facts, [made]))
    several = {"tiles": [tile(image, shown, "")], "kept": "All files are kept here."}
    urls = {"pair_url": "#outputs", "zip_url": "#outputs"}
    yield Pattern("all kept", drawn({"run": run, **several, **urls}, "runs/outputs/_section.html"))


def _file(facts: RunFacts) -> Output:
    return next(one for one in facts.outputs if one.kind == "file")


def tiles(run: Run, facts: RunFacts, made: list[Any]) -> str:
    context = {"run": run, "tiles": made, "values": facts.values, "log_too": True}
    return drawn(context, "runs/outputs/_section.html")


def below(now: datetime) -> Patterns:
    """Inputs, history, facts and the folds."""
    yield Pattern("no inputs", _inputs({}))
    given = payloads.ended(now, "inputs", workflow_inputs=payloads.INPUTS)
    yield Pattern("inputs of every kind", _inputs(run_of(given, now)[0].inputs))
    yield Pattern("inputs that are no object", _inputs(["a", "b"]))
    for status in ("running", "success"):
        made = payloads.live if status == "running" else payloads.ended
        run, _ = run_of(made(now, f"history {status}", status=status), now)
        told = entries(run, _snapshots(run, now))
        yield Pattern(
            f"history, {status}", drawn({"run": run, "history": told}, "runs/detail/_history.html")
        )
    run, facts = run_of(payloads.ended(now, "facts") | payloads.IDS, now)
    context = {"run": run, "field_rows": field_rows(facts.state)}
    yield Pattern("facts with names", drawn({**context, "names": NAMES}, "runs/detail/_facts.html"))
    bare, _ = run_of(payloads.live(now, "bare", "not-started", gpu=None), now)
    yield Pattern(
        "facts, nothing known yet", drawn({"run": bare, "names": {}}, "runs/detail/_facts.html")
    )
    yield Pattern(
        "folds", drawn({"run": run}, "runs/detail/_log_fold.html", "runs/detail/_raw_fold.html")
    )
    seen = {"payload": {"observed_at": now}, "raw": '{\n  "status": "success"\n}'}
    yield Pattern("raw answer", drawn(seen, "runs/detail/_raw.html"))


def _inputs(given: Any) -> str:
    return drawn({"input_rows": input_rows(given)}, "runs/detail/_inputs.html")


def _snapshots(run: Run, now: datetime) -> list[Snapshot]:
    seen = [("not-started", 0.0, None), ("running", 0.2, "Executing KSampler"),
            ("running", 0.6, "Executing VAEDecode"), (run.status or "", 1.0, None)]  # fmt: skip
    at = run.created_at or now
    return [
        Snapshot(
            run=run, observed_at=at + timedelta(seconds=9 * n), status=status, progress=progress,
            live_status=doing, changes={"status": status},  # type: ignore[misc]
        )
        for n, (status, progress, doing) in enumerate(seen)
    ]  # fmt: skip


def logs(now: datetime) -> Patterns:
    """The opened log: there, cut, empty, refused, awaited, and before the end."""
    over, _ = run_of(payloads.ended(now, "log", status="failed"), now)
    live, _ = run_of(payloads.live(now, "log of a live run", "running"), now)
    waited, _ = run_of(payloads.ended(now, "log awaited", status="failed"), now)
    waited.log_tries = 2
    text = "12:00:01 got prompt\n12:00:04 CUDA out of memory"
    found = {
        "there": (over, RunLog(body=text, lines=2, fetched_at=now)),
        "its beginning left out": (over, RunLog(body=text, lines=2, cut=True, fetched_at=now)),
        "ComfyDeploy holds none": (over, RunLog(fetched_at=now)),
        "not for this key": (over, RunLog(fetched_at=now, trouble=Trouble.FORBIDDEN)),
        "not given": (over, RunLog(fetched_at=now, trouble=Trouble.SERVER_ERROR)),
        "being asked for": (over, None),
        "empty so far": (waited, None),
        "of a live run": (live, None),
    }
    for name, (run, log) in found.items():
        yield Pattern(name, drawn({"run": run, "log": log, "again": 10}, "runs/detail/_log.html"))


def labels(request: HttpRequest, now: datetime) -> Patterns:
    """Star, title, tags and notes: of a reader, of a member, and refused."""
    run, _ = run_of(payloads.ended(now, "labels", status="success"), now)
    tags, notes = labels_of(run, now)
    there = {"run": run, "tags": tags, "notes": notes, "longest": LONGEST, "nameless": "local"}
    there |= {"removable": {note.pk for note in notes}}
    none = {**there, "tags": [], "notes": []}
    refused = {"just": True, "refused": "A tag has at most 40 characters; this has 52."}
    parts = ("runs/labels/_tags.html", "runs/labels/_notes.html")
    for name, context in (
        ("read", {**there, "labels_too": False}),
        ("to be changed", {**there, "labels_too": True}),
        ("none, to be added", {**none, "labels_too": True}),
        ("refused", {**none, "labels_too": True, **refused}),
    ):
        yield Pattern(name, drawn(context, *parts, request=request))
    starred = {**there, "star_form": "star-form"}
    star = ("runs/labels/_forms.html", "runs/labels/_star.html", "runs/labels/_title.html")
    yield Pattern("no star, no title", drawn(starred, *star, request=request))
    run, _ = run_of(payloads.ended(now, "starred", status="success"), now)
    run.starred, run.label = True, "Lighthouse at dusk"
    yield Pattern("starred and titled", drawn({**starred, "run": run}, *star, request=request))


def labels_of(run: Run, now: datetime) -> tuple[list[Label], list[Label]]:
    tags = [
        Label(pk=n, run=run, kind=TAG, text=text, at=now)
        for n, text in enumerate(("hero", "v2"), 1)
    ]
    note = Label(pk=3, run=run, kind=NOTE, text="The tower leans a little.", at=now)
    return tags, [note]
