"""The outputs that the nodes of a simulated run report. `begin` and `end` are in seconds."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from dashboard.simulator.timeline import Item, Report
from dashboard.simulator.workflows import LIGHTHOUSE, MEDIA, PACKSHOT, RUN, RunDetails

MakeReports = Callable[[Random, RunDetails, float, float], tuple[Report, ...]]
CAPTION = "{prompt}.\n\nSeen in the picture: one subject, even light, no people, no text."


def file(rng: Random, key: str, name: str, private: bool = False, subfolder: str = "") -> Item:
    return Item(key, name, private=private, subfolder=subfolder, upload=rng.uniform(0.2, 1.9))


def pictures(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    """The workflow's usual outputs, which arrive during the last part of the run."""
    if details.workflow.graph == LIGHTHOUSE.name:
        return _paintings(rng, details, begin, end)
    if details.workflow.graph == PACKSHOT.name:
        return _packshots(rng, details, begin, end)
    return _shot(rng, details, begin, end)


def _names(details: RunDetails, first: int, count: int) -> list[str]:
    look = details.subject.look
    # Pictures of sand are large as PNG.
    extension = "jpg" if look.startswith("dunes") else details.workflow.extension
    return [f"{look}_{n:05}_.{extension}" for n in range(first, first + count)]


def _paintings(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    count = rng.choice((1, 1, 2, 3, 4))
    late = end - rng.uniform(0.3, 0.9)
    images = tuple(file(rng, "images", name) for name in _names(details, 1, count))
    saved = Report(late, "9", images, output_id=rng.choice((None, "hero")))
    if rng.random() < 0.65:
        return (saved,)
    words = Item("text", value=CAPTION.format(prompt=details.subject.prompt.capitalize()))
    at = begin + (end - begin) * 0.5
    return (Report(at, "41", (words,), "ShowText"), saved)


def _packshots(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    reports: list[Report] = []
    first = 1
    for share in (0.55, 0.74, 0.93)[: rng.randint(1, 3)]:
        count = rng.randint(1, 3)
        images = tuple(file(rng, "images", name) for name in _names(details, first, count))
        at = begin + (end - begin) * share
        reports.append(Report(at, str(20 + len(reports)), images, "SaveImage"))
        first += count
    return tuple(reports)


def _shot(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    stills = tuple(file(rng, "images", name) for name in _names(details, 1, rng.randint(1, 2)))
    film = file(rng, "files", f"{details.subject.look}_{rng.randint(1, 40):05}.mp4")
    return (
        Report(begin + (end - begin) * 0.72, "20", stills),
        Report(end - rng.uniform(0.3, 0.8), "30", (film,)),
    )


def partial(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    """One or two pictures saved before a run failed; nothing about the error."""
    images = tuple(file(rng, "images", name) for name in _names(details, 1, rng.randint(1, 2)))
    return (Report(begin + (end - begin) * 0.8, "20", images),)


def private(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    """Private files. ComfyDeploy signs images and files but not `audio`: that link answers 403."""
    look = details.subject.look
    film = file(rng, "files", f"{look} 1.mp4", private=True)
    images = (
        file(rng, "images", name, private=True) for name in _names(details, 1, rng.randint(1, 3))
    )
    items = (*images, film)
    if rng.random() < 0.25:
        items = (*items, file(rng, "audio", "voice_00001_.mp3", private=True, subfolder="audio"))
    return (Report(end - 0.6, "9", items, output_id="hero"),)


def kinds(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    """Every kind of output, under the keys of current and older plugins."""
    step = (end - begin) / 20
    reports = (*_media(rng, details.subject.look), *_texts_and_files(rng))
    return tuple(
        replace(report, at=begin + step * (20 - len(reports) + n))
        for n, report in enumerate(reports)
    )


def _media(rng: Random, look: str) -> Iterator[Report]:
    pictures = [f"{look}_{n:05}_.{end}" for n, end in enumerate(("png", "jpg", "webp", "gif"), 1)]
    still = (*_files(rng, "images", *pictures), Item("animated", value=False))
    yield Report(0, "9", still, "SaveImage")
    yield Report(0, "10", _files(rng, "images", "mark_00001_.svg"))
    yield Report(0, "30", _files(rng, "files", f"{look}_00001.mp4"))
    yield Report(0, "31", _files(rng, "gifs", f"{look}_00002.mp4"), "VHS_VideoCombine")
    link = Item("video_url", value=f"{MEDIA}{RUN}/{look}_00003.mp4")
    yield Report(0, "32", (link,), "KlingImage2Video")
    yield Report(0, "40", _files(rng, "files", "chord_00001_.mp3"))
    yield Report(0, "41", _files(rng, "audio", "chord_00002_.mp3", "chord_00003_.wav"), "SaveAudio")
    yield Report(0, "70", _files(rng, "files", "vase_00001_.glb"))
    yield Report(0, "71", _files(rng, "mesh", "vase_00002_.glb"), "SaveGLB")


def _texts_and_files(rng: Random) -> Iterator[Report]:
    captions = ("A short caption.\nIts second line.\n\n- and a list", '{"score": 0.91}', "")
    yield Report(0, "50", tuple(Item("text", value=text) for text in captions), "ShowText|pysssss")
    yield Report(0, "51", (Item("flag", value=True), Item("text", value="ok")), "DisplayAny")
    texts = ("caption_00001_.txt", "notes_00001_.md", "meta_00001_.json", "shots_00001_.csv")
    yield Report(0, "60", _files(rng, "files", *texts), output_id="output_text")
    yield Report(0, "80", _files(rng, "files", "frames_00001_.zip", "style_00001_.safetensors"))


def _files(rng: Random, key: str, *names: str) -> tuple[Item, ...]:
    folder = "" if key in ("images", "files", "gifs") else key
    return tuple(file(rng, key, name, subfolder=folder) for name in names)


def many(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    """400 frames of a film, in four reports."""
    look = details.subject.look
    return tuple(
        Report(
            begin + (end - begin) * (0.4 + 0.18 * part),
            str(20 + part),
            tuple(
                file(rng, "images", f"{look}_frame_{n:05}_.jpg")
                for n in range(part * 100 + 1, part * 100 + 101)
            ),
        )
        for part in range(4)
    )


def late(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    """One picture before the end, and one 12 s after it."""
    first, last = _names(details, 1, 2)
    return (
        Report(end - 0.5, "9", (file(rng, "images", first),)),
        Report(end + 12.0, "9", (file(rng, "images", last),)),
    )


def doubled(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    """The same file reported twice, the later report first."""
    item = file(rng, "images", _names(details, 1, 1)[0])
    other = file(rng, "images", _names(details, 2, 1)[0])
    return (
        Report(end - 0.3, "9", (item,), "SaveImage"),
        Report(end - 0.9, "9", (item, other), "SaveImage"),
    )


def nothing(rng: Random, details: RunDetails, begin: float, end: float) -> tuple[Report, ...]:
    return ()
