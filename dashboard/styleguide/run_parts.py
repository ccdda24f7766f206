"""Patterns of the parts below the live part of a run's page, each in every state."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.http import HttpRequest

from dashboard.domain.media.kinds import TEXT
from dashboard.domain.media.sniffing import UNKNOWN
from dashboard.domain.nodes.node_times import NodeTime
from dashboard.domain.nodes.sampled import SampledNode
from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.run.facts import Output, RunFacts
from dashboard.domain.run.marks import PICKED, REJECTED, Mark
from dashboard.domain.run.usual import Band, PastRun, Usual, usual_of
from dashboard.domain.text.labels import LONGEST, NOTE, TAG
from dashboard.domain.text.text_preview import TextPreview
from dashboard.models import Label, Run, RunLog, Snapshot
from dashboard.presentation.folding import fold, fold_log
from dashboard.presentation.run.comparison import compare_with_usual
from dashboard.presentation.run.contact_sheet import OutputsView
from dashboard.presentation.run.fields import field_rows
from dashboard.presentation.run.file_facts import StoredFileFacts
from dashboard.presentation.run.file_text import AWAITED, REASONS
from dashboard.presentation.run.history import entries
from dashboard.presentation.run.inputs import inputs_context
from dashboard.presentation.run.limit_text import LimitText
from dashboard.presentation.run.live_log import Archived, LiveLogShown, live_log_shown
from dashboard.presentation.run.node_rows import NodeView, node_table, sampled_rows
from dashboard.presentation.run.page_layout import layout_of
from dashboard.presentation.run.phase_table import phase_table
from dashboard.presentation.run.starter import Starter
from dashboard.presentation.run.tiles import Tile, tile, without_remote_urls
from dashboard.styleguide import payloads
from dashboard.styleguide.drawing import Pattern, Patterns, context_of, drawn, visibility_at
from dashboard.styleguide.runs import run_of

NAMES = {"workflow": "lighthouse-flux", "version": "v14", "deployment": "production",
         "machine": "packshot-studio"}  # fmt: skip
STARTERS = {
    "name": Starter("user_2demoMiraOkafor00000000001", "Mira Okafor"),
    "right to left": Starter("user_2demoNoaLevi0000000000004", "נועה לוי"),
    "ID": Starter("user_2demoTomasLind0000000002"),
}
NODE_TIMES = (
    *(NodeTime("12", "UNETLoader", 3.4, 11_900_000_000), NodeTime("6", "CLIPTextEncode", 0.41, 0)),
    *(NodeTime("3", "KSampler", 3.9, 3_500_000_000), NodeTime("5", "EmptyLatentImage", 0.002, 0)),
)


def _usual(seconds: float) -> Band:
    return Band((seconds,) * 5, seconds * 0.9, seconds, seconds * 1.2)


NODES: dict[str, dict[str, object]] = {
    "reported": {"node_table": node_table(NODE_TIMES, 12.4, {"3": _usual(4.1), "12": _usual(3.2)})},
    "the longest first": {
        "node_table": node_table(NODE_TIMES, 12.4, {}, view=NodeView.LONGEST),
        "nodes_view": NodeView.LONGEST,
    },
    "the longest few": {
        "node_table": node_table(
            [NodeTime(str(n), "A", n / 2, None) for n in range(40)], 500.0, {}, view=NodeView.BRIEF
        )
    },
    "more than the run": {"node_table": node_table(NODE_TIMES, 5.0, {})},
    "sampled": {
        "sampled_nodes": sampled_rows([SampledNode("KSampler", 32.0, 36.0, 17)]),
        "looks": 17,
    },
    "none": {"nodes_absent": True},
}
LIMITS = {
    "fits": LimitText("The machine’s limit is 5 min", None, ""),
    "too short": LimitText(
        "The machine’s limit is 5 min", None, "The usual run takes 5 m 20 s and would not fit."
    ),
}
LONG_PROMPT = "a lighthouse at dusk, oil on canvas, " * 70
DATA_IMAGE = f"data:image/webp;base64,{'UklGR' * 400}"
SIZE = 2_400_000  # bytes of a stored file


def stored_picture(url: str) -> StoredFileFacts:
    """A stored image of 1200 × 630 pixels with a thumbnail."""
    return StoredFileFacts(
        url=url, download_url=url, thumb_url=url, width=1200, height=630, size=SIZE,
        type="image/png",
    )  # fmt: skip


def usual_from(low: float, high: float, runs: int = 23) -> Usual:
    """The usual of runs whose cold start and run took `low` to `high` seconds."""
    steps = [low + (high - low) * n / max(runs - 1, 1) for n in range(runs)]
    past = [
        PastRun(pk=n, done=n % 3 > 0, queue_wait=at / 8, cold_start=at, run=at, total=at * 2)
        for n, at in enumerate(steps, 1)
    ]
    return usual_of(past, start_kind="cold", gpu="H100")


def against_usual(now: datetime) -> Patterns:
    """The comparison with usual, for few and for many earlier runs."""
    usual = usual_from(8.0, 40.0)
    found = {
        "a finished run": (payloads.ended(now, "usual"), usual),
        "one that failed": (payloads.ended(now, "fell", status="failed"), usual),
        "one under way": (payloads.live(now, "under way", "running"), usual),
        "too few to compare": (payloads.ended(now, "few"), usual_from(8.0, 40.0, runs=4)),
    }
    for name, (payload, earlier) in found.items():
        run, _ = run_of(payload, now)
        context = {"run": run, "comparison": compare_with_usual(run, visibility_at(now), earlier)}
        yield Pattern(name, drawn(context, "runs/detail/_comparison.html"))
        if run.finished:
            yield Pattern(f"{name}, its times", _times(run, now, earlier))


def _times(run: Run, now: datetime, earlier: Usual) -> str:
    context = context_of(run, visibility_at(now))
    comparison = compare_with_usual(run, visibility_at(now), earlier)
    table = phase_table(context["display"].rows, comparison)
    return drawn({**context, "table": table, "layout": layout_of(run)}, "runs/detail/_times.html")


def stored_outputs(now: datetime, picture: str) -> Patterns:
    """Tiles of files that are stored, that are not, and whose link has ended."""
    run, facts = run_of(payloads.outputs(now, picture), now)
    image, model = facts.outputs[0], next(one for one in facts.outputs if one.kind == "model3d")
    shown = stored_picture(picture)
    yield Pattern("kept picture", tiles(run, facts, [tile(image, shown, "")]))
    copy = StoredFileFacts(url=picture, download_url=picture, size=SIZE, type="model/gltf-binary")
    yield Pattern("kept 3D model", tiles(run, facts, [tile(model, copy, "")]))
    for name, made in _found_by_content(facts, picture):
        yield Pattern(name, tiles(run, facts, [made]))
    ended = replace(image, url=f"{picture}?gone", expires_at=now - timedelta(hours=1))
    yield Pattern("link expired", tiles(run, facts, [tile(ended, None, "")]))
    awaited = without_remote_urls(tile(image, None, ""), AWAITED)
    yield Pattern("on a share link, not kept", tiles(run, facts, [awaited]))
    for reason in REASONS:
        made = tile(_file(facts), StoredFileFacts(size=SIZE, type="image/png", reason=reason), "")
        yield Pattern(f"no copy: {reason}", tiles(run, facts, [made]))
    several = {"tiles": [tile(image, shown, "")], "kept": "All files are stored"}
    urls = {"pair_url": "#outputs", "zip_url": "#outputs"}
    yield Pattern("all kept", drawn({"run": run, **several, **urls}, "runs/outputs/_section.html"))
    every = [tile(one, shown if one.kind == image.kind else None, "") for one in facts.outputs]
    one_by_one = {"run": run, "tiles": every[:12], "view": OutputsView.LARGE, **urls}
    yield Pattern("one by one", drawn(one_by_one, "runs/outputs/_section.html"))
    yield from _marked_outputs(now, picture)


def _marked_outputs(now: datetime, picture: str) -> Patterns:
    """Outputs that are picked, rejected and rated, for members and for those who only look."""
    run, facts = run_of(payloads.outputs(now, picture), now)
    shown = stored_picture(picture)
    said = (Mark(PICKED, 4, "mira", now), Mark(REJECTED, 0, "jonas", now), Mark(rating=2, at=now))
    first = tile(facts.outputs[0], shown, "")
    names = ("picked", "rejected", "rated")
    made = [
        replace(first, mark=mark, output=replace(facts.outputs[0], identity=name))
        for name, mark in zip(names, said, strict=True)
    ]
    own = [replace(each, mark_url="/patterns/") for each in made]
    yield Pattern("picks and ratings, for members", tiles(run, facts, own))
    large = {"run": run, "tiles": own, "view": OutputsView.LARGE}
    yield Pattern("picks and ratings, one by one", drawn(large, "runs/outputs/_section.html"))
    yield Pattern("picks and ratings, for viewers", tiles(run, facts, made))
    just = {"tile": own[0], "output": own[0].output}
    yield Pattern("just marked", drawn(just, "runs/outputs/_marked.html"))


def _found_by_content(facts: RunFacts, url: str) -> Iterator[tuple[str, Tile]]:
    """Tiles of kept files that are not, or not all, what their names say."""
    image, video, text = facts.outputs[0], facts.outputs[1], replace(_file(facts), kind=TEXT)
    film = StoredFileFacts(url=url, download_url=url, size=SIZE, seconds=3.0)
    hevc = replace(film, type="video/mp4", codec="hevc", frame_rate=12.0)
    yield "kept video in a codec of its own", tile(video, hevc, "")
    yield "sound only", tile(video, replace(film, type="audio/mp4", codec="aac"), "")
    download = StoredFileFacts(url=url, download_url=url, size=SIZE, type=UNKNOWN, inline=False)
    yield "empty file", tile(image, replace(download, size=0), "")
    huge = replace(download, type="image/png", width=20_000, height=20_000)
    yield "no preview, with its size", tile(image, huge, "")
    poem = TextPreview("古池や蛙飛びこむ水の音", encoding="Shift_JIS")
    yield "text in Shift_JIS", tile(text, replace(download, type="text/plain"), "", poem)
    yield "text that is not read", tile(replace(text, filename="notes.txt"), download, "")


def _file(facts: RunFacts) -> Output:
    return next(one for one in facts.outputs if one.kind == "file")


def tiles(run: Run, facts: RunFacts, made: list[Tile]) -> str:
    context = {"run": run, "tiles": made, "values": facts.values, "log_too": True}
    return drawn(context, "runs/outputs/_section.html")


def below(now: datetime) -> Patterns:
    """Inputs, history, facts, and the folds of log and raw answer."""
    yield Pattern("no inputs", _inputs({}))
    given = payloads.ended(now, "inputs", workflow_inputs=payloads.INPUTS)
    yield Pattern("inputs of every kind", _inputs(run_of(given, now)[0].inputs))
    yield Pattern("inputs that are no object", _inputs(["a", "b"]))
    yield Pattern("a long input", _inputs({"prompt": LONG_PROMPT, "image": DATA_IMAGE}))
    yield Pattern("a long input, opened", drawn({"text": LONG_PROMPT}, "runs/detail/_whole.html"))
    for status in ("running", "success"):
        made = payloads.live if status == "running" else payloads.ended
        run, _ = run_of(made(now, f"history {status}", status=status), now)
        context = {"run": run, "history": entries(run, _snapshots(run, now))}
        yield Pattern(f"history, {status}", drawn(context, "runs/detail/_history.html"))
    run, facts = run_of(payloads.ended(now, "facts") | payloads.IDS, now)
    context = {"run": run, "field_rows": field_rows(facts.state)}
    yield Pattern("all fields", drawn(context, "runs/detail/_nodes_part.html"))
    yield Pattern("facts with names", drawn({**context, "names": NAMES}, "runs/detail/_facts.html"))
    for name, starter in STARTERS.items():
        told = {"run": run, "names": {}, "starter": starter}
        yield Pattern(f"facts, started by {name}", drawn(told, "runs/detail/_facts.html"))
    for name, told in NODES.items():
        yield Pattern(f"nodes, {name}", drawn({"run": run, **told}, "runs/detail/_nodes.html"))
    for name, limit in LIMITS.items():
        told = {"limit": replace(limit, at=now + timedelta(minutes=4))}
        yield Pattern(f"limit, {name}", drawn(told, "runs/detail/_limit.html"))
    bare, _ = run_of(payloads.live(now, "bare", "not-started", gpu=None), now)
    yield Pattern(
        "facts, nothing known yet", drawn({"run": bare, "names": {}}, "runs/detail/_facts.html")
    )
    yield Pattern(
        "folds", drawn({"run": run}, "runs/detail/_log_fold.html", "runs/detail/_raw_fold.html")
    )
    raw = fold('{\n  "status": "success"\n}')
    seen = {"payload": {"observed_at": now}, "raw": raw}
    yield Pattern("raw answer", drawn(seen, "runs/detail/_raw.html"))


def _inputs(given: object) -> str:
    return drawn(inputs_context(given), "runs/detail/_inputs.html")


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


def take_away(now: datetime) -> Patterns:
    """What a member takes away for running a run again."""
    run, _ = run_of(payloads.ended(now, "take away"), now)
    yield Pattern("workflow and bundle", drawn({"run": run}, "runs/detail/_take_away.html"))


def logs(now: datetime) -> Patterns:
    """The opened log: complete, cut, empty, refused, awaited."""
    over, _ = run_of(payloads.ended(now, "log", status="failed"), now)
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
        "none sent, asked for again": (waited, None),
    }
    for name, (run, log) in found.items():
        shown = fold_log(log.body) if log else None
        context = {"run": run, "log": log, "shown": shown, "again": None if log else 10}
        yield Pattern(name, drawn(context, "runs/detail/_log.html"))


def live_logs(now: datetime) -> Patterns:
    """The opened log of a live run: awaited, growing, broken off, not to be had; and at its end."""
    live, _ = run_of(payloads.live(now, "log of a live run", "running"), now)
    over, _ = run_of(payloads.ended(now, "log at its end", status="cancelled"), now)
    text = "got prompt\n 50%|█████     | 10/20 [00:05<00:05, 2.00it/s]"
    ended = {"finished": True, "read": False}
    found = {
        "no line yet": (live, _live_log("")),
        "too many are open": (live, _live_log("", read=False, crowded=True)),
        "growing": (live, _live_log(text)),
        "growing, its beginning left out": (live, _live_log(text, left_out=1200)),
        "broken off": (live, _live_log(text, read=False, refused=True)),
        "not to be had": (live, _live_log("", read=False, refused=True)),
        "the run has ended": (over, _live_log(text, **ended)),
        "not archived yet": (over, _live_log(text, Archived.NOT_YET, **ended)),
        "nothing was archived": (over, _live_log(text, Archived.NONE, **ended)),
        "the archive is not given": (over, _live_log(text, Archived.NOT_GIVEN, **ended)),
    }
    for name, (run, shown) in found.items():
        context = {"run": run, "live": shown, "again": shown and shown.again}
        yield Pattern(name, drawn(context, "runs/detail/_log.html"))


def _live_log(
    body: str, archived: Archived = Archived.AWAITED, /, *, left_out: int = 0, **known: bool
) -> LiveLogShown | None:
    growing = {"finished": False, "read": True, "refused": False}
    return live_log_shown(body, left_out, archived=archived, **{**growing, **known})


def labels(request: HttpRequest, now: datetime) -> Patterns:
    """Star, title, tags and notes: for a reader, for a member, and after a refused change."""
    run, _ = run_of(payloads.ended(now, "labels", status="success"), now)
    tags, notes = labels_of(run, now)
    filled = {"run": run, "tags": tags, "notes": notes, "longest": LONGEST, "nameless": "local"}
    filled |= {"removable": {note.pk for note in notes}}
    empty = {**filled, "tags": [], "notes": []}
    refused = {"just": True, "refused": "A tag can have up to 40 characters. This one has 52."}
    parts = ("runs/labels/_tags.html", "runs/labels/_notes.html")
    for name, context in (
        ("read", {**filled, "labels_too": False}),
        ("to be changed", {**filled, "labels_too": True}),
        ("none, to be added", {**empty, "labels_too": True}),
        ("refused", {**empty, "labels_too": True, **refused}),
    ):
        yield Pattern(name, drawn(context, *parts, request=request))
    starred = {**filled, "star_form": "star-form"}
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
