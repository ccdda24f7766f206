"""Finds run IDs in pasted text: IDs, links, JSON, logs."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from dashboard.domain.text.pasted_text import BREAK, MARK, marked, unescaped

MAX_IDS = 200
RUN_ID_NAMES = ("run_id", "run-id")

_HEX = "[0-9a-f]"
# What may stand inside an ID: a mark, or a line's end with what mail and terminals put there.
_GAP = r"\0?(?:[ \t]{0,9}[=\\|│┃]?\n[ \t>|│┃\0]{0,40})?"
_SOFT = r"(?:=\n|\0)?"
_START = r"(?:(?<![0-9A-Za-z])|(?<==3D))"  # =3D is an equals sign in quoted-printable mail


def _groups(gap: str, hyphen: str) -> str:
    """The pattern of an ID in its five groups, with a gap between any two characters."""
    return hyphen.join(gap.join([_HEX] * size) for size in (8, 4, 4, 4, 12))


_CANONICAL = rf"{_START}{_groups(_SOFT, f'{_SOFT}-{_SOFT}')}(?![0-9A-Za-z])"
# Over a line's end, unless another ID begins or ends there.
_BROKEN = rf"{_START}(?<![0-9a-f]-){_groups(_GAP, f'{_GAP}-{_GAP}')}(?![0-9A-Za-z]|-[0-9a-f])"
_ALONE = r"(?<![\w-])(?<![\w-]\0)(?<![\w-]=\n)"
_COMPACT = rf"(?:{_ALONE}|(?<==3D)){_SOFT.join([_HEX] * 32)}(?!\0?[\w-]|=\n[\w-])"
_UUID = re.compile(f"{_CANONICAL}|{_BROKEN}|{_COMPACT}", re.IGNORECASE)
_WHOLE = re.compile(rf"(?:urn:uuid:)?\{{?({_groups('', '-')})\}}?", re.IGNORECASE)
_NOT_HEX = re.compile(r"[^0-9A-Fa-f]+")
# A link or a word: what stands between white space, quotes, brackets and commas.
_QUOTES = "\"'`“”„‟«»‘’‚‹›「」＂＇"
_CHUNK = re.compile(rf"(?:=\n|[^\s{_QUOTES}<>()\[\],|])+")
_BEFORE = 12  # characters, the longest of "run-id={" and the like
_NAMES_RUN = re.compile(r"(?:[?&#;]|^|\W)run[-_]id=(?:3D)?\{?$|/runs?/\{?$", re.IGNORECASE)
_NAMES_OTHER = re.compile(r"/workflows?/\{?$", re.IGNORECASE)
_RUN_COLUMNS = ("run_id", "run-id", "run id", "runid", "id")
_OTHER_COLUMNS = frozenset(
    f"{name}{sign}id"
    for name in (
        "workflow",
        "workflow version",
        "workflow_version",
        "deployment",
        "machine",
        "user",
    )
    for sign in ("_", "-", " ", "")
)
_BEFORE_LABEL = 48
# What says whose ID follows: `workflow_id: "`, `machineId=UUID('`, `--deployment `.
_LABELS_OTHER = re.compile(
    r"(?:workflow|deployment|machine|version|user|org(?:ani[sz]ation)?)(?:[ _-]?version)?"
    rf"(?:[ _-]?id[{_QUOTES}]{{0,2}}[ \t\0]{{0,9}}[:=|]?|[{_QUOTES}]{{0,2}}[ \t\0]{{0,9}}[:=|])"
    rf">?[ \t\0]{{0,9}}(?:UUID\()?[{_QUOTES}({{\[<]{{0,2}}$",
    re.IGNORECASE,
)
_KEYED = re.compile(
    rf"[{_QUOTES}]run[-_]id[{_QUOTES}][\s\0]{{0,9}}[:=]>?[\s\0]{{0,9}}[{_QUOTES}]"
    rf"([^{_QUOTES}]{{32,200}})[{_QUOTES}]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """Run IDs in the order of the text, at most 200; `skipped` are those beyond."""

    ids: tuple[UUID, ...]
    skipped: int


def find_run_ids(text: str) -> Found:
    """The run IDs in any text; never raises, in time linear in the text's length."""
    plain = marked(text)
    unique = list(dict.fromkeys(_of_json(plain) or _of_lines(plain)))
    return Found(tuple(unique[:MAX_IDS]), max(0, len(unique) - MAX_IDS))


def _of_json(marked_text: str) -> list[UUID]:
    """The IDs of a text that is JSON as a whole and names runs."""
    text = marked_text.replace(MARK, "").strip()
    if not text.startswith(("{", "[")):
        return []
    try:
        return list(_of_value(json.loads(text, strict=False)))
    except (ValueError, RecursionError):
        return []


def _of_value(value: object) -> Iterator[UUID]:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            run_id = _run_id(value)
            if run_id:
                yield run_id
            waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _run_id(of: dict[str, object]) -> UUID | None:
    for name in RUN_ID_NAMES:
        if run_id := _whole(of.get(name)):
            return run_id
    return _whole(of.get("id")) if "status" in of else None


def _whole(value: object) -> UUID | None:
    """The ID that a value is, whatever copying did to it."""
    if not isinstance(value, str):
        return None
    found = _WHOLE.fullmatch(_mended(marked(value)).replace(MARK, "").strip())
    return UUID(found[1]) if found else None


def _mended(text: str) -> str:
    """The text with every ID in it spelled as usual."""
    return _UUID.sub(lambda found: str(_uuid(found[0])), text)


def _uuid(spelled: str) -> UUID:
    return UUID(_NOT_HEX.sub("", spelled))


def _of_lines(text: str) -> list[UUID]:
    """The IDs of free text, where a line may be JSON of its own, as in logs and event streams."""
    ids: list[UUID] = []
    rest: list[str] = []
    for line in text.split(BREAK):
        if found := _of_json(line.lstrip(f"{MARK} \t").removeprefix("data:")):
            ids += [*_of_text(BREAK.join(rest)), *found]
            rest = []
        else:
            rest.append(line)
    return ids + _of_text(BREAK.join(rest))


def _of_table(text: str) -> list[UUID]:
    """The IDs in the column of runs of a table whose head names columns of IDs."""
    lines = [line for line in text.split(BREAK) if line.strip()]
    sign = next((sign for sign in "\t|;," if lines and sign in lines[0]), None)
    if sign is None:
        return []
    head = [_cell(cell) for cell in lines[0].split(sign)]
    column = next((head.index(name) for name in _RUN_COLUMNS if name in head), None)
    if column is None or not any(name in _OTHER_COLUMNS for name in head):
        return []
    rows = [line.split(sign) for line in lines[1:]]
    return [run_id for row in rows if len(row) > column and (run_id := _whole(_cell(row[column])))]


def _cell(text: str) -> str:
    return text.replace(MARK, "").strip(f"= \t{_QUOTES}").lower()


def _of_text(marked_text: str) -> list[UUID]:
    text = unescaped(marked_text)
    if in_table := _of_table(text):
        return in_table
    keyed = [run_id for found in _KEYED.finditer(text) if (run_id := _whole(found[1]))]
    if keyed:
        return keyed
    plain = _mended(text)
    # An ID that looks like a workflow's is taken as a run's where there is no other.
    return list(_of_chunks(plain)) or [_uuid(found[0]) for found in _UUID.finditer(plain)]


def _of_chunks(text: str) -> Iterator[UUID]:
    """Of a chunk that says which of its IDs is a run's, only these; else all but another's."""
    for chunk in _CHUNK.finditer(text):
        named, others = [], []
        for found in _UUID.finditer(text, chunk.start(), chunk.end()):
            at = found.start()
            before = text[max(chunk.start(), at - _BEFORE) : at].replace(MARK, "")
            if _NAMES_RUN.search(before):
                named.append(_uuid(found[0]))
            elif not _NAMES_OTHER.search(before) and not _is_anothers(text, at):
                others.append(_uuid(found[0]))
        yield from named or others


def _is_anothers(text: str, at: int) -> bool:
    """Whether the words before an ID say that it is a workflow's, a machine's and so on."""
    return bool(_LABELS_OTHER.search(text[max(0, at - _BEFORE_LABEL) : at]))
