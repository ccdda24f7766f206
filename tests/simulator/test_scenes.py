"""The pictures of the demo."""

import io
from random import Random

import pytest
from PIL import Image, ImageStat

from dashboard.simulator import scenes
from dashboard.simulator.media import make
from dashboard.simulator.seeded_random import seeded_random
from dashboard.simulator.workflows import WORKFLOWS

RUN = "7c1e9f42-3b0a-4c1d-9e57-0a1b2c3de1b4"
LOOKS = [f"{name}_{mood}" for name, scene in scenes.SCENES.items() for mood in scene.MOODS]


def test_there_are_six_scenes_or_more_in_four_ratios() -> None:
    sizes = {size for one in scenes.SIZES.values() for size in one}
    assert len(scenes.SCENES) >= 6
    assert len({round(width / height, 2) for width, height in sizes}) == 4
    assert all(max(size) >= 1024 for size in sizes)


@pytest.mark.parametrize("look", LOOKS)
def test_a_scene_is_a_picture(look: str) -> None:
    picture = scenes.draw(look, seeded_random(look), (240, 180))
    assert (picture.mode, picture.size) == ("RGB", (240, 180))
    assert min(ImageStat.Stat(picture).stddev) > 4


@pytest.mark.parametrize("scene", sorted(scenes.SCENES))
def test_a_scene_is_the_same_again_and_another_for_another_run(scene: str) -> None:
    first, again, other = (scenes.draw(scene, Random(seed), (160, 160)) for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_pictures_depend_on_run_and_name_alone() -> None:
    name = "skyline_blue_00001_.png"
    first = make(RUN, name)
    assert make(RUN, name) == first
    assert make(RUN.replace("7", "8"), name) != first
    assert make(RUN, name.replace("1_", "2_")) != first


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_every_subject_asked_for_can_be_drawn(workflow) -> None:
    assert {subject.look for subject in workflow.subjects} <= set(LOOKS)


def test_frames_move_across_one_picture() -> None:
    frames = [make(RUN, f"mountains_dawn_frame_{n:05}_.jpg").body for n in (1, 2, 400)]
    assert len(set(frames)) == 3
    for body in frames:
        with Image.open(io.BytesIO(body)) as frame:
            assert frame.size == (1024, 576)
