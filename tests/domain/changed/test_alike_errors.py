"""Fingerprints of errors: what makes two alike."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.changed.alike_errors import LONGEST_READ, error_fingerprint, plain_text

OOM = "CUDA out of memory. Tried to allocate 2.37 GiB.\nGPU 0 has 22.06 GiB, 1.12 GiB is free."
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True)
VARYING = {
    "number": st.one_of(
        st.integers(-(2**70), 2**70).map(str),
        st.floats(allow_nan=False, allow_infinity=False).map(str),
        st.integers(0, 10**9).map("{:,}".format),
    ),
    "size": st.tuples(st.integers(0, 9999), st.sampled_from(["GiB", " MiB", "kB", " bytes"])).map(
        lambda size: f"{size[0]}{size[1]}".replace("k", "K")
    ),
    "path": st.tuples(
        st.sampled_from(["/", "~/", "./", "../", "C:\\", "C:/"]), st.lists(NAMES, min_size=1)
    ).map(lambda path: path[0] + "/".join(path[1]) + ".pt"),
    "id": st.one_of(
        st.uuids().map(str),
        st.integers(0, 2**64).map(hex),
        st.integers(2**60, 2**64 - 1).map("{:016x}".format),
        st.integers(2**60, 2**64 - 1).map("{:016X}".format),
    ),
    "url": st.tuples(st.sampled_from(["http", "https", "s3"]), NAMES, NAMES).map(
        lambda url: f"{url[0]}://{url[1]}/{url[2]}?x=1#y"
    ),
}
TWO = st.sampled_from(sorted(VARYING)).flatmap(lambda kind: st.tuples(VARYING[kind], VARYING[kind]))


@given(TWO, st.sampled_from(["could not read {} in time", "bad '{}' in list", "{}", "a ({}, x)"]))
def test_what_varies_makes_no_difference(two: tuple[str, str], text: str) -> None:
    one, other = (text.format(each) for each in two)
    assert error_fingerprint("ValueError", one) == error_fingerprint("ValueError", other)


@given(st.text(max_size=60))
def test_only_words_remain(text: str) -> None:
    plain = plain_text(text)
    assert not any(sign.isdecimal() for sign in plain)
    assert "  " not in plain


@given(NAMES, st.text(max_size=30))
def test_an_error_is_like_itself_alone_with_its_class(name: str, text: str) -> None:
    found = error_fingerprint(name, text)
    assert found == error_fingerprint(name, f" {text}\n")
    assert (found is None) == (not text.strip())
    assert found is None or found != error_fingerprint(f"other.{name}x", text)


@pytest.mark.parametrize(
    "other",
    [
        OOM.replace("2.37 GiB", "20.00 MiB"),
        OOM.replace("\n", " "),
        f"torch.OutOfMemoryError: {OOM}",
        f"OutOfMemoryError: {OOM}",
    ],
)
def test_alike(other: str) -> None:
    kind = "torch.OutOfMemoryError"
    assert error_fingerprint(kind, OOM) == error_fingerprint(kind, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("at 0x1f", "at 0xab"),
        ("in models/loras/a.pt", "in models/vae/b.pt"),
        ("run a81f0c2e", "run ffab1234"),
        ("task fc-01JABCDEFGHJK", "task fc-7ZXWVUTSRQPMN"),
        ("read '/my models/a.pt'", "read '/b.pt'"),
    ],
)
def test_ids_and_places_are_not_compared(one: str, other: str) -> None:
    assert error_fingerprint("E", one) == error_fingerprint("E", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Value not in list: ckpt_name: 'a.pt'", "Value not in list: lora_name: 'a.pt'"),
        ("Value not in list: 'dream.safetensors'", "Value not in list: 'photo.safetensors'"),
        ("no file 'x' and/or more", "no file 'x' or more"),
        ("defaced", "faded"),
        ("out of memory", "out of disk"),
    ],
)
def test_not_alike(one: str, other: str) -> None:
    assert error_fingerprint("E", one) != error_fingerprint("E", other)


def test_the_class_counts_wherever_it_stands() -> None:
    assert error_fingerprint("ValueError", "no") != error_fingerprint("KeyError", "no")
    assert error_fingerprint(None, "ValueError: no") == error_fingerprint("ValueError", "no")
    assert error_fingerprint("", "Node: no") != error_fingerprint("Node", "no")
    assert error_fingerprint("KeyError", "ValueError: no") != error_fingerprint("KeyError", "no")
    assert error_fingerprint("MyError", "MyError") == error_fingerprint(None, "MyError")


@pytest.mark.parametrize("text", [None, "", " \n "])
def test_without_text_there_is_none(text: str | None) -> None:
    assert error_fingerprint("ValueError", text) is None


def test_half_letters_have_a_fingerprint() -> None:
    assert error_fingerprint("E", "\ud800 broke") is not None


@pytest.mark.parametrize("piece", ["1,", "a.", "a/", "/", "\\", "f", "x1", "'/", "a-", "0x", "é:"])
def test_no_text_takes_long(piece: str) -> None:
    began = time.process_time()
    error_fingerprint(None, piece * LONGEST_READ + "!")
    assert time.process_time() - began < 1
