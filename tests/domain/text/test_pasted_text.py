"""Run IDs that copying has disturbed, and what must not be joined into one."""

import json
from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.text.pasted_text import marked, unescaped
from dashboard.domain.text.run_ids import find_run_ids

RUN = UUID("497f6eca-6276-4993-bfeb-53cbbbba6f08")
OTHER = UUID("148268de-9925-541e-a65c-925082e806c4")
INVISIBLE = [
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e", "\u200f", "\u202a", "\u202c",
    "\u2066", "\u2069", "\u061c", "\u00ad", "\u034f", "\ufe0f", "\x1b[0m", "\x1b[1;31m\x1b[K",
    "\x9b0m", "[0m", "[01;31m[K", "\\u001b[36m", "\\x1b[36m", "\\033[1;32m", "\\e[0m", "^[[36m",
    "␛[36m", "←[36m", "\\\\u001b[m", "\\u200b", "&shy;", "&#8203;", "&amp;shy;", "%E2%80%8B",
    "%1B%5B0m",
]  # fmt: skip
DASHES = [
    *"‐‑‒–—―−－﹣⁃֊᠆⸺〰",
    "\\u002d",
    "\\-",
    "%2D",
    "%252d",
    "&#45;",
    "&#x2d;",
    "&ndash;",
    "-\u200b",
]
BREAKS = [
    "\n", "\r\n", "\r", "=\n", "=\r\n", "\n> ", "\n> > ", "\r\n>> ", "\n    ", "  \n\t", "\u2028",
    "↵", "\\n", "\\r\\n", "\n | ", "\x1b[0m\n\x1b[36m",
]  # fmt: skip
QUOTES = ['""', "''", "``", "“”", "„“", "«»", "‹›", "「」", "＂＂", "()", "<>", "[]", "{}"]
WORDS = "zugrowtshilkmnpq ZUG,.;:!?()\n\t äé"  # no hexadecimal digit


def wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) for one in text)


def styled(text: str) -> str:
    """Monospace mathematical digits and letters."""
    return "".join(
        chr(0x1D7F6 + int(one)) if one.isdigit() else chr(0x1D68A + ord(one) - 97) if one != "-"
        else one
        for one in text
    )  # fmt: skip


def in_json(text: str) -> str:
    return json.dumps({"note": json.dumps({"run_id": text, "workflow_id": str(OTHER)})})


WRITTEN: dict[str, Callable[[str], str]] = {
    "colour codes": lambda run: f"\x1b[32mINFO\x1b[0mqueued\x1b[36m{run}\x1b[0mdone",
    "colour codes that lost their sign": lambda run: f"[32mINFO[0m [36m{run}[0m",
    "a link of a terminal": lambda run: f"\x1b]8;;https://r/runs/{run}\x1b\\it\x1b]8;;\x1b\\",
    "coloured JSON": lambda run: f'\x1b[1m{{\x1b[34m"run_id"\x1b[0m: \x1b[32m"{run}"\x1b[0m}}',
    "JSON after a byte order mark": lambda run: f'\ufeff{{"id":"{run}","status":"x"}}',
    "wide": wide,
    "wide without hyphens": lambda run: wide(run.replace("-", "")),
    "soft hyphens alone": lambda run: run.replace("-", "\u00ad"),
    "monospace letters": styled,
    "JSON in JSON": in_json,
    "JSON in JSON in JSON": lambda run: json.dumps(in_json(run)),
    "a backslash before each quote": lambda run: rf"{{\"run_id\":\"{run}\"}}",
    "escaped slashes": lambda run: rf"https:\/\/r\/workflows\/{OTHER}\/requests?run-id={run}",
    "every character escaped": lambda run: "".join(f"\\u{ord(one):04x}" for one in run),
    "a run_id in curly quotes": lambda run: f"{OTHER} “run_id”: “{run}”",
    "entities": lambda run: f"&quot;run_id&quot;: &quot;{run}&quot;, {OTHER}",
    "an encoded name": lambda run: f"https://r/?run_id%3D{run}",
    "encoded twice": lambda run: quote(quote(f"https://r/workflows/{OTHER}?run_id={run}", ""), ""),
    "quoted-printable": lambda run: f"https://r/?run-id=3D{run}",
    "quoted-printable without hyphens": lambda run: f"https://r/?run-id=3D{run.replace('-', '')}",
    "a soft break without hyphens": lambda run: run.replace("-", "")[:20] + "=\n" + run[24:],
    "Markdown": lambda run: rf"run\_id: {run}".replace("-", "\\-"),
    "after a written line break": lambda run: json.dumps({"log": f"queued\n{run}\nstarted"}),
    "a Python literal": lambda run: repr({"run_id": run, "workflow_id": str(OTHER)}),
    "a value with colour codes": lambda run: json.dumps({"run_id": f"\x1b[36m{run}\x1b[0m"}),
    "a value over two lines": lambda run: f'{{"run_id": "{run[:24]}\n  {run[24:]}"}}',
    "a link over two lines": lambda run: f"https://r/workflows/{OTHER}/x?run-id={run[:9]}=\n{run[9:]}",
}  # fmt: skip


def ids(text: str) -> list[UUID]:
    return list(find_run_ids(text).ids)


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN.keys())
def test_an_id_is_found_however_it_was_written(write: Callable[[str], str]) -> None:
    assert ids(write(str(RUN))) == [RUN]
    assert ids(f"see: {write(str(RUN))} thx") == [RUN]


@pytest.mark.parametrize("quotes", QUOTES)
def test_any_quotes_stand_around_an_id(quotes: str) -> None:
    assert ids(f"id={quotes[0]}{RUN}{quotes[1]}s") == [RUN]


@pytest.mark.parametrize("at", range(1, 36))
@pytest.mark.parametrize("end", BREAKS, ids=repr)
def test_a_line_may_end_anywhere_in_an_id(end: str, at: int) -> None:
    run = str(RUN)
    assert ids(f"queued {run[:at]}{end}{run[at:]} soon") == [RUN]


@st.composite
def disturbed(draw: st.DrawFn) -> tuple[UUID, str]:
    """A run's ID and the same with a line's end, invisible characters and other dashes in it."""
    run = draw(st.uuids())
    parts = list(draw(st.sampled_from([str(run), str(run).upper(), wide(str(run))])))
    for at in draw(st.lists(st.integers(1, 35), max_size=4)):
        parts[at] = draw(st.sampled_from(INVISIBLE)) + parts[at]
    dash = draw(st.sampled_from(["-", *DASHES]))
    parts = [part.replace("-", dash) for part in parts]
    for at in draw(st.lists(st.integers(1, 35), max_size=1)):
        parts[at] = draw(st.sampled_from([end for end in BREAKS if "\x1b" not in end])) + parts[at]
    return run, "".join(parts)


AROUND = st.text(WORDS, max_size=40)
BESIDE = st.sampled_from(["", " ", "\n", '"', "(", ": ", "\x1b[36m", "[0m", "\u200b"])


@given(disturbed(), AROUND, AROUND, BESIDE)
def test_a_disturbed_id_is_found_in_any_text(
    case: tuple[UUID, str], before: str, after: str, beside: str
) -> None:
    run, text = case
    assert ids(f"{before} {beside}{text}{beside} {after}") == [run]


@given(st.lists(st.uuids(), min_size=2, max_size=5, unique=True), st.sampled_from(BREAKS + [" "]))
def test_ids_on_lines_of_their_own_stay_apart(runs: list[UUID], end: str) -> None:
    assert ids(end.join(map(str, runs))) == runs


NOT_ONE = {
    "two numbers": "12345678\n9012-3456-7890",
    "numbers in a column": "12345678\n1234\n1234\n1234\n123456789012",
    "a SHA-256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "a SHA-256 in two colours": f"\x1b[1m{'ab12' * 8}\x1b[0m{'ab12' * 8}",
    "a SHA-256 over two lines of mail": f"{'ab12' * 8}=\n{'ab12' * 8}",
    "a commit": "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "two commits": "9fceb02d0ae598e9\n5dc970b74767f193",
    "halves on two lines": f"{RUN.hex[:16]}\n{RUN.hex[16:]}",
    "halves in a sentence": f"{RUN.hex[:16]} {RUN.hex[16:]}",
    "groups apart": str(RUN).replace("-", " "),
    "cut IDs below each other": f"{str(RUN)[:28]}\n{str(OTHER)[:28]}\n",
    "an empty line between": f"{str(RUN)[:20]}\n\n{str(RUN)[20:]}",
    "a list of its halves": f"- {str(RUN)[:20]}\n- {str(RUN)[20:]}",
    "an address of version 6": "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "dates": "2026-01-02\n2026-01-03\n2026-01-04",
    "a colour that looks hexadecimal": "[38;5;123m" * 12,
    "one letter too many, unseen": f"{RUN.hex}\u200ba",
}


@pytest.mark.parametrize("text", NOT_ONE.values(), ids=NOT_ONE.keys())
def test_neighbours_are_not_joined_into_an_id(text: str) -> None:
    assert ids(text) == []


def test_a_cut_id_takes_nothing_from_the_next_line() -> None:
    assert ids(f"{str(OTHER)[:28]}\n{RUN}\n{str(OTHER)[:20]}\n{RUN.hex}") == [RUN]


@given(st.lists(st.sampled_from([*"0189afAF-- \n=>%\\[m\x1b\u200b–", "\\u", "=\n", "%2"])))
def test_fewer_than_32_hexadecimal_digits_are_no_id(parts: list[str]) -> None:
    text = "".join(parts)
    digits = sum(one in "0123456789abcdefABCDEF" for one in text)
    assert digits >= 32 or ids(text) == []


@given(st.text(), st.text(WORDS + '"{}\\%&=-'))
def test_marking_twice_changes_nothing_and_plain_text_stays(anything: str, plain: str) -> None:
    assert marked(marked(anything)) == marked(anything)
    assert isinstance(unescaped(marked(anything)), str)
    assert marked(plain.replace("\\", "")) == plain.replace("\\", "")
