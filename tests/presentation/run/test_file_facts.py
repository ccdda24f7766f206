"""What a page says of a stored file in a row of facts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.media.kinds import FILE, IMAGE, MODEL, TEXT, VIDEO
from dashboard.domain.media.sniffing import UNKNOWN
from dashboard.presentation.format import took
from dashboard.presentation.run.file_facts import (
    CODECS,
    EMPTY,
    StoredFileFacts,
    codec_name,
    file_facts,
)

FILM = StoredFileFacts(
    size=2_000_000, type="video/mp4", codec="hevc", frame_rate=23.976, seconds=3.0
)
NOTES = StoredFileFacts(size=812, type="text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("file", "kind", "encoding", "says"),
    [
        (FILM, VIDEO, "", f"2.0 MB, mp4, HEVC, 23.98 fps, {took(3.0)}"),
        (StoredFileFacts(size=9, type="audio/mp4", codec="aac"), VIDEO, "", "9 B, mp4, AAC"),
        (StoredFileFacts(type="image/png"), IMAGE, "", "png"),
        (StoredFileFacts(), IMAGE, "", ""),
        (NOTES, TEXT, "", "812 B, plain"),
        (NOTES, TEXT, "Shift_JIS", "812 B, plain, Shift_JIS, not UTF-8"),
        (StoredFileFacts(size=812, type=UNKNOWN), TEXT, "", "812 B, not UTF-8"),
        (StoredFileFacts(size=812, type=UNKNOWN), FILE, "", "812 B"),
        (StoredFileFacts(size=812, type=UNKNOWN), MODEL, "", "812 B"),
        (StoredFileFacts(size=9, codec="unknown"), VIDEO, "", "9 B"),
    ],
)
def test_facts_in_a_row(file: StoredFileFacts, kind: str, encoding: str, says: str) -> None:
    assert file_facts(file, kind, encoding) == says


@pytest.mark.parametrize("kind", [IMAGE, VIDEO, TEXT, MODEL, FILE])
@pytest.mark.parametrize("content_type", ["", UNKNOWN, "image/png", "text/plain"])
def test_an_empty_file_says_so_whatever_it_is_called(kind: str, content_type: str) -> None:
    assert file_facts(StoredFileFacts(size=0, type=content_type), kind, "UTF-16") == EMPTY


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        *(("h264", "H.264"), ("prores", "ProRes"), ("mpeg4", "MPEG-4 Part 2"), ("vp9", "VP9")),
        *(("av1", "AV1"), ("pcm_s16le", "PCM"), ("pcm", "PCM"), ("unknown", ""), ("", "")),
    ],
)
def test_codecs_are_called_as_people_call_them(codec: str, name: str) -> None:
    assert codec_name(codec) == name


@given(
    st.sampled_from([*CODECS, "av1", ""]),
    st.sampled_from([IMAGE, VIDEO, TEXT, FILE]),
    st.integers(1, 10**13) | st.none(),
)
def test_nobody_reads_octet_stream_or_an_empty_fact(
    codec: str, kind: str, size: int | None
) -> None:
    facts = file_facts(StoredFileFacts(size=size, type=UNKNOWN, codec=codec), kind, "")
    assert "octet" not in facts
    assert all(facts.split(", ")) or facts == ""
