"""Every sample as facts."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from dashboard.upstream.reader import read_run
from tests.upstream.reading import LIFE, PAYLOADS, RUN, SAMPLES, facts, read, sample, times


@pytest.mark.parametrize("path", [*PAYLOADS, *LIFE], ids=lambda path: path.stem)
def test_every_sample_reads(path: Path) -> None:
    sent = json.loads(path.read_bytes())
    run = read_run(path.read_bytes(), UUID(sent["id"]))
    assert str(run.id) == sent["id"]
    assert run.status == sent["status"]
    assert list(run.state) == list(sent)
    assert json.loads(json.dumps(dict(run.state), allow_nan=False)) == run.state


def test_there_are_samples_to_read() -> None:
    assert (len(PAYLOADS), len(LIFE)) == (38, 28)


def test_a_warm_success() -> None:
    run = read("08")
    assert (run.status, run.finished, run.progress, run.start_kind) == (
        "success",
        True,
        1.0,
        "warm",
    )
    assert times(run) == [0.41, 0.62, 1.03, 8.847, 9.877]
    assert run.warnings == ()
    assert run.created_at == datetime(2026, 11, 23, 9, 14, 7, 318000, tzinfo=UTC)
    assert run.ended_at == datetime(2026, 11, 23, 9, 14, 17, 195000, tzinfo=UTC)
    assert (run.gpu, run.origin, run.machine_type) == ("A10G", "api", "comfy-deploy-serverless")
    assert run.inputs == {"seed": 481516234, "prompt": "a lighthouse at dusk, oil painting"}
    (image,) = run.outputs
    assert (image.kind, image.key, image.filename) == ("image", "images", "ComfyUI_00001_.png")
    assert (image.node_id, image.output_id, image.expires_at) == ("9", "output_images", None)


def test_a_heavy_cold_start() -> None:
    run = read("09")
    assert times(run) == [38.77, 214.13, 252.9, 6.21, 259.11]
    assert run.start_kind == "cold"


def test_a_failure_at_dispatch_has_no_times() -> None:
    run = read("12")
    assert (run.status, run.finished, run.progress) == ("failed", True, 0.0)
    assert times(run) == [None] * 5
    assert (run.start_kind, run.warnings, run.error) == ("unknown", (), None)


def test_a_failure_keeps_its_files_and_its_progress() -> None:
    run = read("13")
    assert [o.filename for o in run.outputs] == ["first_00001_.png", "first_00002_.png"]
    assert run.progress == 0.7799999713897705


def test_an_assumed_timeout_is_said_and_has_no_run() -> None:
    run = read("19")
    assert (run.finished, run.warnings) == (True, ("timeout-not-final",))
    assert times(run) == [2.38, 41.41, 43.79, None, None]


def test_texts_and_flags() -> None:
    run = read("23")
    assert [o.text for o in run.outputs if o.kind == "text"] == [
        "Caption: two dogs on a beach.\nSecond line.\n\n- item",
        '{"score": 0.91}',
        "",
        "ok",
    ]
    assert [(v.key, v.value) for v in run.values] == [("flag", True), ("animated", True)]


def test_text_files_are_text_with_a_link() -> None:
    outputs = read("24").outputs
    assert [o.kind for o in outputs] == ["text"] * 4
    assert all(o.url and o.text is None for o in outputs)
    assert {o.key for o in outputs} == {"files", "text_file"}


def test_meshes_and_paths() -> None:
    run = read("25")
    assert [o.kind for o in run.outputs] == ["model3d"] * 4 + ["text"] * 3
    assert [o.text for o in run.outputs[4:]] == ["output/3d/scan.glb", "mesh/scan.glb", ""]
    assert [(v.key, v.value) for v in run.values] == [("result", False)]


def test_private_outputs_keep_a_working_link_and_nothing_else_keeps_its_signature() -> None:
    run = read("27")
    video, image, audio = run.outputs
    assert [video.kind, image.kind, audio.kind] == ["video", "image", "audio"]
    assert video.url and "X-Amz-Signature=5a62ce612f" in video.url
    assert video.expires_at == datetime(2026, 11, 23, 10, 15, 20, tzinfo=UTC)
    assert audio.expires_at is None
    stored = json.dumps(dict(run.state), ensure_ascii=False)
    assert "5a62ce612f" not in stored
    assert "X-Amz-Signature=•••" in stored


def test_400_images_in_the_order_sent() -> None:
    outputs = read("29").outputs
    assert len({o.identity for o in outputs}) == 400
    assert {o.kind for o in outputs} == {"image"}


def test_a_workspace_run_has_microseconds() -> None:
    run = read("34")
    assert times(run) == [4.1e-05, 8e-06, 4.9e-05, 14.199951, 14.2]
    assert run.origin == "workspace"


def test_a_machine_without_phases() -> None:
    run = read("36")
    assert times(run) == [None, None, None, None, 41.332918]
    assert (run.start_kind, run.gpu, run.warnings) == ("unknown", None, ())


def test_secrets_are_masked_wherever_they_stand() -> None:
    assert read("39").state["webhook"] == (
        "https://hooks.example.org/comfy?target_events=•••&token=•••"
    )
    inputs = read("40").inputs
    assert inputs["input_private"].endswith("&X-Amz-SignedHeaders=•••&X-Amz-Signature=•••")
    assert inputs["seed"] == 982451653982451653
    stored = json.dumps(dict(read("64").state))
    for secret in ("sk-FAKE", "hf_FAKE", "user:pass"):
        assert secret not in stored


def test_cut_seconds_lose_against_the_durations() -> None:
    run = read("42")
    assert times(run) == [2.5, 0.5, 3.0, 28.25, 31.25]
    assert run.warnings == ("timestamps-disagree",)


def test_times_that_cannot_be_are_unknown() -> None:
    run = read("43")
    assert times(run) == [None, None, None, None, 41.3]
    assert run.warnings == ("negative-queue_wait", "negative-run", "started-after-end")


def test_hostile_strings_stay_text_and_hostile_links_are_cut() -> None:
    run = read("46")
    assert run.warnings == ("unsafe-url",)
    unsafe = [o.filename for o in run.outputs if o.unsafe]
    assert unsafe == ["click.png", "d.html", "passwd.txt", "x.png", "", "x.mp4", "x.glb"]
    assert all(o.url is None for o in run.outputs if o.unsafe)
    assert {o.url for o in run.outputs if o.filename == "x.svg"} == {"https://evil.example/x.svg"}
    assert run.live_status == "Executing <script>alert(15)</script>"
    assert [o.text for o in run.outputs if o.key == "__proto__"] == ["polluted"]


def test_a_string_that_is_a_link_is_a_video() -> None:
    (video,) = read("47").outputs
    assert (video.kind, video.key, video.filename, video.text) == ("video", "video_url", None, None)
    assert video.url == "https://cdn.example.org/kling/abc123.mp4"


def test_duplicates_appear_once_and_in_time_order() -> None:
    assert [o.text or o.filename for o in read("48").outputs] == ["late", "ComfyUI_00001_.png"]


def test_the_published_sample_is_an_unknown_word_with_an_end() -> None:
    run = read("00")
    assert (run.status, run.finished, run.warnings) == ("string", True, ("unknown-status",))
    assert times(run) == [0.0] * 5


def test_an_unknown_word_ends_with_its_stamp() -> None:
    assert read("x01").finished
    assert not read("x01", ended_at=None).finished
    assert read("x01").warnings == ("unknown-status",)


def test_fields_that_we_do_not_know_are_kept() -> None:
    assert read("x02").state["new_thing"] == {"a": [1]}


def test_dates_in_other_spellings() -> None:
    run = read("x05")
    assert run.ended_at == datetime(2026, 11, 23, 9, 14, 48, 650918, tzinfo=UTC)
    assert run.created_at == datetime(2026, 11, 23, 9, 14, 7, 318000, tzinfo=UTC)
    assert run.updated_at == datetime(2026, 11, 23, 9, 14, 48, tzinfo=UTC)
    assert run.queued_at == datetime(2026, 11, 23, 9, 14, tzinfo=UTC)
    assert run.started_at == datetime(2026, 11, 23, 9, 14, 16, tzinfo=UTC)


def test_numbers_in_strings() -> None:
    assert times(read("x06")) == [0.94, 7.77, 8.71, 32.622918, 41.332918]


def test_errors_among_the_outputs() -> None:
    run = read("x09")
    assert (run.outputs, run.values) == ((), ())
    assert run.error is not None
    assert run.error.message == "CUDA out of memory"
    assert (run.error.node_id, run.error.node_type) == ("3", "KSampler")


def test_the_captured_life_of_a_run() -> None:
    queue = read("003")
    assert (queue.status, queue.queue_position, queue.finished) == ("not-started", 2, False)
    assert times(read("005")) == [0.519, None, None, None, None]
    assert times(read("013")) == [0.518851, 0.439988, 0.958839, None, None]
    assert (read("008").progress, read("013").progress) == (0.17000000178813934, 1.0)
    ended = read("023")
    assert times(ended) == [0.518851, 0.439988, 0.958839, 2.173894, 3.132733]
    assert [o.kind for o in ended.outputs] == ["image", "image", "text", "text", "text"]
    assert read("027").warnings == ("negative-run", "started-after-end")
    assert read("027").progress == 1.0
    assert len(read("028").outputs) == 6
    assert read("032").status == "cancelled"


def test_a_new_signature_changes_neither_the_state_nor_the_identity() -> None:
    one, other = read("015"), read("016")
    assert one.state == other.state
    assert [o.identity for o in one.outputs] == [o.identity for o in other.outputs]
    assert [o.url for o in one.outputs] != [o.url for o in other.outputs]


@pytest.mark.parametrize("spelling", [str(RUN).upper(), RUN.hex, f"{{{RUN}}}", RUN.urn])
def test_the_id_may_be_spelled_in_any_way(spelling: str) -> None:
    assert facts(sample("08"), id=spelling).id == RUN


def test_a_text_that_came_letter_by_letter_is_one() -> None:
    (text,) = facts(json.loads((SAMPLES / "runs/chars.run.json").read_bytes())).outputs
    assert text.text == "a lighthouse at dusk, oil on canvas"


def test_the_live_status_loses_its_escape_sequences_before_it_is_masked() -> None:
    run = read("08", live_status="\x1b[32mExecuting\x1b[0m //h/?tok\x1b[1men=abc x")
    assert run.live_status == run.state["live_status"] == "Executing //h/?token=••• x"
