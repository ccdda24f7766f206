"""What a run made, out of `outputs`."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.run.outputs import read_outputs

URL = "https://bucket.s3.amazonaws.com/outputs/runs/1"


def media(name: str = "a.png", **given: Any) -> dict[str, Any]:
    return {"url": f"{URL}/{name}", "type": "output", "filename": name, **given}


def entry(data: Any, **given: Any) -> dict[str, Any]:
    return {
        "id": "115abae6-97c0-43a5-aa1c-96b44e8e7e74",
        "output_id": None,
        "data": data,
        "node_meta": {"node_id": "9", "node_class": "SaveImage"},
        "created_at": "2026-11-23T12:00:00Z",
        **given,
    }


def names(*elements: Any) -> list[str | None]:
    return [output.filename or output.text for output in read_outputs(list(elements)).outputs]


def test_each_media_object_and_string_is_an_output_and_each_boolean_a_value() -> None:
    read = read_outputs([entry({"images": [media()], "text": ["hello"], "animated": [False]})])
    image, text = read.outputs
    assert (image.kind, image.key, image.filename) == ("image", "images", "a.png")
    assert (image.url, image.text, image.unsafe) == (f"{URL}/a.png", None, False)
    assert (image.node_id, image.node_class, image.output_id) == ("9", "SaveImage", None)
    assert (text.kind, text.key, text.text, text.url) == ("text", "text", "hello", None)
    assert [(v.key, v.node_id, v.value) for v in read.values] == [("animated", "9", False)]


def test_a_single_object_or_string_counts_as_a_list_of_one() -> None:
    assert names(entry({"images": media(), "text": "a"})) == ["a.png", "a"]


def test_outputs_stand_in_the_order_of_their_making() -> None:
    late = entry({"text": ["late"]}, created_at="2026-11-23T12:00:02Z", id="a")
    early = entry({"text": ["one", "two"]}, created_at="2026-11-23T12:00:01Z", id="z")
    same = entry({"text": ["three"]}, created_at="2026-11-23T12:00:01Z", id="zz")
    unknown = entry({"text": ["when?"]}, created_at=None, id="0")
    assert names(unknown, late, same, early) == ["one", "two", "three", "late", "when?"]


def test_a_file_that_was_sent_twice_appears_once() -> None:
    signed = media(url=f"{URL}/a.png?X-Amz-Date=1&X-Amz-Signature=2")
    again = media(url=f"{URL}/a.png?X-Amz-Date=8&X-Amz-Signature=9")
    first, second = entry({"images": [signed]}), entry({"images": [again]}, id="later")
    assert names(first, second) == ["a.png"]
    ids = [read_outputs([each]).outputs[0].identity for each in (first, second)]
    assert ids[0] == ids[1]
    assert len(ids[0]) <= 64


@pytest.mark.parametrize(
    "other",
    [
        entry({"images": [media("b.png")]}),
        entry({"files": [media()]}),
        entry({"images": [media()]}, node_meta={"node_id": "10"}),
    ],
)
def test_another_file_key_or_node_is_another_output(other: dict[str, Any]) -> None:
    assert len(read_outputs([entry({"images": [media()]}), other]).outputs) == 2


def test_what_a_later_element_repeats_appears_once() -> None:
    first = entry({"text": ["ok", "ok", "no"], "images": [media(), media()]})
    assert names(first, entry({"text": ["ok"]}), first) == ["ok", "ok", "no", "a.png", "a.png"]


CAPTIONS = st.lists(st.sampled_from(["1girl, solo", "1girl, solo ", "landscape", "", "A", "é"]))


@given(CAPTIONS.filter(lambda each: len(each) < 3 or max(map(len, each)) > 1))
def test_equal_captions_of_a_batch_stay_as_many_as_they_are(captions: list[str]) -> None:
    batch = entry({"text": captions})
    assert names(batch) == captions
    assert names(batch, batch) == captions


@given(st.text(min_size=3))
def test_a_text_taken_apart_letter_by_letter_is_one_text(text: str) -> None:
    apart = read_outputs([entry({"text": list(text)})]).outputs
    assert apart == read_outputs([entry({"text": text})]).outputs
    assert len(apart) == 1


def test_escape_sequences_of_a_text_are_lost_before_it_is_masked() -> None:
    assert names(entry({"text": ["\x1b[1mbold\x1b[0m", "a\rb"]})) == ["bold", "a\rb"]
    (hidden,) = names(entry({"text": "https://h/?tok\x1b[0men=abc now"}))
    assert hidden == "https://h/?token=••• now"


def test_identity_does_not_depend_on_the_place() -> None:
    one = read_outputs([entry({"images": [media("a.png"), media("b.png")]})]).outputs
    other = read_outputs([entry({"images": [media("b.png"), media("a.png")]})]).outputs
    assert {o.identity for o in one} == {o.identity for o in other}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//h/x.png", ""])
def test_an_unsafe_url_keeps_name_and_kind_and_loses_its_link(url: str) -> None:
    (output,) = read_outputs([entry({"images": [media("x.mp4", url=url)]})]).outputs
    assert (output.kind, output.filename, output.url, output.unsafe) == (
        "video",
        "x.mp4",
        None,
        True,
    )


def test_two_unsafe_files_stay_two() -> None:
    files = [media("a.png", url="ftp://h/1"), media("b.png", url="ftp://h/1")]
    assert names(entry({"images": files})) == ["a.png", "b.png"]


def test_a_string_that_is_a_url_goes_by_its_ending() -> None:
    texts = [
        "https://cdn.example.org/kling/abc.mp4?sig=1",
        "https://cdn.example.org/page",
        "see https://cdn.example.org/abc.mp4",
        "output/3d/scan.glb",
        "javascript:alert(1)",
        "https://",
    ]
    outputs = read_outputs([entry({"video_url": texts})]).outputs
    assert [o.kind for o in outputs] == ["video", "file", "text", "text", "text", "text"]
    assert [o.url for o in outputs[:3]] == [texts[0], texts[1], None]
    assert [o.text for o in outputs[:3]] == [None, None, texts[2]]
    assert not any(o.unsafe for o in outputs)


def test_a_signed_link_tells_when_it_ends() -> None:
    signed = media(url=f"{URL}/a.png?X-Amz-Date=20261123T120000Z&X-Amz-Expires=3600")
    (output,) = read_outputs([entry({"images": [signed]})]).outputs
    assert output.expires_at is not None
    assert output.expires_at.isoformat() == "2026-11-23T13:00:00+00:00"


def test_secrets_in_texts_and_names_are_masked_and_links_keep_working() -> None:
    data = {
        "api_key": ["sk-secret"],
        "text": ["go to https://ana:pass@host/?token=abc now"],
        "images": [media(url="https://ana:pass@host/a.png?X-Amz-Signature=1")],
    }
    key, text, image = read_outputs([entry(data)]).outputs
    assert key.text == "•••"
    assert text.text == "go to https://•••@host/?token=••• now"
    assert image.url == "https://host/a.png?X-Amz-Signature=1"


@pytest.mark.parametrize(
    "data",
    [
        None, [], [{"id": "3", "time": 4.1}], "text", 5, {}, {"images": []}, {"images": None},
        {"images": [None, 1, 2.5, [], {}, {"filename": "a.png"}, {"url": None}, {"url": 5}]},
        {"flag": True}, {"n": 5},
    ],
)  # fmt: skip
def test_anything_else_is_left_out(data: Any) -> None:
    read = read_outputs([entry(data)])
    assert (read.outputs, read.values, read.error) == ((), (), None)


@pytest.mark.parametrize("elements", [None, {}, "x", 5, [None, 1, "x", []], [{}], [{"id": 1}]])
def test_outputs_of_another_type_are_none(elements: Any) -> None:
    assert read_outputs(elements).outputs == ()


def test_hostile_ids_of_nodes_are_unknown() -> None:
    odd = entry({"text": ["x"]}, node_meta={"node_id": ["9"], "node_class": {"o": 1}}, output_id=[])
    (output,) = read_outputs([odd]).outputs
    assert (output.node_id, output.node_class, output.output_id) == (None, None, None)
    (output,) = read_outputs([entry({"text": ["x"]}, node_meta={"node_id": 12})]).outputs
    assert output.node_id == "12"


def test_an_error_object_is_the_runs_error_and_gives_no_outputs() -> None:
    broken = {"error": {"type": "E", "message": "Upload failed", "stack_trace": "line 1"}}
    read = read_outputs([entry({**broken, "images": [media()]})])
    assert read.outputs == ()
    assert read.error is not None
    assert (read.error.message, read.error.exception_type) == ("Upload failed", "E")
    assert read.error.traceback == "line 1"


EXCEPTION = {
    "node_id": "3",
    "node_type": "KSampler",
    "exception_message": "CUDA out of memory",
    "exception_type": "torch.OutOfMemoryError",
    "traceback": ["  one\n", "  two\n"],
}


def test_an_exception_names_its_node_and_goes_before_an_upload_error() -> None:
    upload = entry({"error": {"message": "Upload failed"}}, created_at="2026-11-23T11:00:00Z")
    error = read_outputs([upload, entry(EXCEPTION)]).error
    assert error is not None
    assert (error.message, error.node_id, error.node_type) == (
        "CUDA out of memory",
        "3",
        "KSampler",
    )
    assert error.traceback == "  one\n  two\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"error": {}}, "An error without a message"),
        ({"error": {"type": "ClientError", "message": None}}, "ClientError"),
        ({"exception_type": "ValueError"}, "ValueError"),
        ({"exception_message": "bad token=abc in https://h/?token=abc"}, None),
    ],
)
def test_an_error_always_has_a_message(data: Any, message: str | None) -> None:
    error = read_outputs([entry(data)]).error
    assert error is not None
    assert error.message == (message or "bad token=abc in https://h/?token=•••")


def test_texts_under_the_key_error_are_outputs() -> None:
    assert names(entry({"error": ["not an object"]})) == ["not an object"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
DATA = st.dictionaries(st.sampled_from(["images", "text", "error", "token"]), JSON)


ENTRIES = st.builds(entry, DATA | JSON, node_meta=JSON, created_at=JSON, id=JSON)


@given(st.lists(ENTRIES | JSON, max_size=6))
def test_any_elements_can_be_read(elements: list[Any]) -> None:
    read = read_outputs(elements)
    assert len({o.identity for o in read.outputs}) == len(read.outputs)
    assert all(o.url is None or o.url.startswith("http") for o in read.outputs)
