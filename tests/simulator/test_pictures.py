"""The pictures of the demo."""

import io
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageChops, ImageStat

from dashboard.simulator.media import make
from dashboard.simulator.pictures import FOLDER, find
from dashboard.simulator.workflows import WORKFLOWS, Workflow

RUN = "7c1e9f42-3b0a-4c1d-9e57-0a1b2c3de1b4"
SIZES = {"wide": (1216, 832), "tall": (832, 1216), "square": (1024, 1024), "film": (1280, 720)}
FILES = sorted(FOLDER.iterdir())
LOOKS = sorted({subject.look for workflow in WORKFLOWS for subject in workflow.subjects})


def opened(body: bytes) -> Image.Image:
    with Image.open(io.BytesIO(body)) as picture:
        picture.load()
        return picture


def test_there_are_six_pictures_in_each_of_four_ratios() -> None:
    ratios = Counter(path.stem.split("_")[2] for path in FILES)
    assert ratios == dict.fromkeys(SIZES, 6)
    assert sum(path.stat().st_size for path in FILES) <= 1_500_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_a_picture_of_its_ratio(path: Path) -> None:
    picture = opened(path.read_bytes())
    assert (picture.format, picture.size) == ("WEBP", SIZES[path.stem.split("_")[2]])
    assert min(ImageStat.Stat(picture.convert("RGB")).stddev) > 4


@pytest.mark.parametrize("look", LOOKS)
def test_every_subject_has_a_picture_of_its_scene(look: str) -> None:
    found = find(look, Random(1)).stem
    scene = look.partition("_")[0]
    there_is_one = any(path.stem.startswith(f"{look}_") for path in FILES)
    assert found.startswith(f"{look}_" if there_is_one else f"{scene}_")


def test_a_name_of_no_scene_gets_a_picture_that_stays_small_as_png() -> None:
    for name in ("", "harbour_dusk", "_"):
        assert find(name, Random(1)).stem.startswith(("mountains_", "skyline_"))


@pytest.mark.parametrize(
    ("extension", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP"), ("gif", "GIF")]
)
def test_a_name_is_answered_in_its_own_format(extension: str, kind: str) -> None:
    picture = opened(make(RUN, f"vase_teal_00001_.{extension}").body)
    assert (picture.format, picture.size) == (kind, SIZES["square"])


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_pictures_depend_on_run_and_name_alone(workflow: Workflow) -> None:
    name = f"{workflow.subjects[0].look}_00001_.{workflow.extension}"
    first = make(RUN, name)
    assert make(RUN, name) == first
    assert make(RUN.replace("7", "8"), name).body != first.body
    assert make(RUN, name.replace("1_", "2_")).body != first.body


@pytest.mark.parametrize("look", ["mountains_dawn", "vase_rose", "portrait_teal"])
def test_frames_move_across_one_picture(look: str) -> None:
    frames = [make(RUN, f"{look}_frame_{n:05}_.jpg").body for n in (1, 2, 399, 400)]
    assert len(set(frames)) == 4
    first, second, last, _ = (opened(body) for body in frames)
    assert first.size == (1024, 576)
    assert difference(first, second) < difference(first, last) / 4


def difference(one: Image.Image, other: Image.Image) -> float:
    changed = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return sum(ImageStat.Stat(changed).mean)
