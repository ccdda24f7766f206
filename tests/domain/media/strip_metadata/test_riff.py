"""A WAV keeps its form and its sound."""

from tests.domain.media.strip_metadata.noted import HIDDEN, cleaned


def chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)


def test_a_wav_keeps_its_form_and_its_sound() -> None:
    plain = chunk(b"fmt ", b"f" * 16), chunk(b"data", b"sound")
    whole = b"RIFF" + (4 + sum(map(len, plain))).to_bytes(4, "little") + b"WAVE" + b"".join(plain)
    notes = chunk(b"LIST", HIDDEN), chunk(b"bext", HIDDEN), chunk(b"id3 ", HIDDEN)
    noted = plain[0] + notes[0] + plain[1] + notes[1] + notes[2]
    for told in (4 + len(noted), 0, 0xFFFFFFFF):  # a stream does not know its length
        data = b"RIFF" + told.to_bytes(4, "little") + b"WAVE" + noted
        assert cleaned("audio/wav", data) == whole
