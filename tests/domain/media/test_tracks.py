"""What ffprobe says, and facts that complete each other."""

import json
from typing import Any

import pytest

from dashboard.domain.media.tracks import Tracks, read_probe, refined_type

VIDEO = {"codec_type": "video", "codec_name": "prores", "avg_frame_rate": "30000/1001"}
SOUND = {"codec_type": "audio", "codec_name": "aac", "avg_frame_rate": "0/0"}
COVER = {**VIDEO, "codec_name": "mjpeg", "disposition": {"attached_pic": 1}}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            {"streams": [SOUND, VIDEO], "format": {"duration": "3.0000001"}},
            Tracks("prores", "aac", 29.97, 3.0),
        ),
        ({"streams": [COVER, SOUND]}, Tracks("", "aac")),
        ({"streams": [], "format": {"duration": "N/A"}}, Tracks()),
        ({"format": {"duration": "1e12"}}, Tracks()),
        ({"streams": [{"codec_type": "video", "avg_frame_rate": "9e9/1"}]}, Tracks()),
        ([], Tracks()),
        ({"streams": [5]}, Tracks()),
        ({"streams": 5}, Tracks()),
    ],
)
def test_what_ffprobe_says(said: Any, found: Tracks) -> None:
    assert read_probe(json.dumps(said).encode()) == found


def test_an_ffprobe_that_says_nothing_is_no_error() -> None:
    assert read_probe(b"") == Tracks()


def test_facts_complete_each_other() -> None:
    told, read = Tracks("hevc", frame_rate=24.0), Tracks("unknown", "aac", 12.0, 3.0)
    assert told.over(read) == Tracks("hevc", "aac", 24.0, 3.0)
    assert told.over(read).codec == "hevc"
    assert Tracks(audio="opus").codec == "opus"


@pytest.mark.parametrize(
    ("sniffed", "tracks", "refined"),
    [
        ("video/webm", Tracks(audio="opus"), "audio/webm"),
        ("video/webm", Tracks("vp9", "opus"), "video/webm"),
        ("video/webm", Tracks(), "video/webm"),
        ("video/quicktime", Tracks(audio="aac"), "audio/mp4"),
        ("audio/mp4", Tracks(audio="alac"), "audio/mp4"),
    ],
)
def test_a_container_without_pictures_is_sound(sniffed: str, tracks: Tracks, refined: str) -> None:
    assert refined_type(sniffed, tracks) == refined
