"""What changed since the last good run, in words: one row a difference, its sides cut to fit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dashboard.domain.changed.input_changes import InputChange, InputChangeKind
from dashboard.domain.changed.setting import Setting, SettingKind, input_setting, side_by_side
from dashboard.domain.changed.since_good import Changes, RunFact
from dashboard.domain.changed.word_diff import Change, Piece
from dashboard.domain.changed.workflow_diff import FieldChange, Node, WorkflowDiff
from dashboard.domain.json_types import JsonValue
from dashboard.presentation.format import ELLIPSIS, cut, plural

FACTS = {
    RunFact.GPU: "GPU",
    RunFact.VERSION: "Workflow version",
    RunFact.MACHINE: "Machine",
    RunFact.MACHINE_VERSION: "Machine version",
}
NOT_SET = "not set"
HIDDEN = "Hidden as a secret; it may differ"
LONGEST_NAME = 60
LONGEST_SIDE = 80  # of a node's setting
LONGEST_DIFFERENCE = 40  # nobody reads one of more digits
LONGEST_PIECE = 400  # characters of a removed or added piece
AROUND = 60  # characters of a kept piece beside a change
MOST_ROWS = 60
MOST_NODES = 40
MINUS = "−"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One difference: two sides, or the pieces of one text; `note` stands behind the later side."""

    label: str
    before: str = ""
    after: str = ""
    note: str = ""
    pieces: tuple[Piece, ...] = ()
    hidden: str = ""
    unset: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class ChangedText:
    """The panel: its rows, the nodes that differ, and what cannot be told.

    `surely_none` says that everything could be compared and nothing differs.
    """

    rows: tuple[ChangeRow, ...]
    more: int
    nodes: tuple[str, ...]
    more_nodes: int
    amount: str
    equal: str
    unknown: str
    surely_none: bool


def changed_text(changes: Changes, names: Mapping[str, str]) -> ChangedText:
    """The panel of a comparison; `names` are those of versions and machines by their ID."""
    rows = [*_fact_rows(changes, names), *_input_rows(changes)]
    nodes = list(_nodes(changes.nodes)) if changes.nodes else []
    return ChangedText(
        rows=tuple(rows[:MOST_ROWS]),
        more=max(0, len(rows) - MOST_ROWS),
        nodes=tuple(nodes[:MOST_NODES]),
        more_nodes=max(0, len(nodes) - MOST_NODES),
        amount=f"{changes.different} of {changes.compared}" if changes.compared else "",
        equal=f"{plural(changes.equal, 'equal one')} not shown" if changes.equal else "",
        unknown=_unknown(changes),
        surely_none=not changes.different and changes.is_sure,
    )


def _unknown(changes: Changes) -> str:
    """What cannot be compared, as a sentence; "" where everything can."""
    parts = [FACTS[fact] for fact in changes.unknown]
    if changes.inputs is None:
        parts.append("Inputs")
    if not parts:
        return ""
    first, *others = parts
    listed = [first, *(part[:1].lower() + part[1:] if part != "GPU" else part for part in others)]
    told = ", ".join(listed[:-1]) + " and " + listed[-1] if len(listed) > 1 else listed[0]
    return f"{told}: not known of both runs."


def _fact_rows(changes: Changes, names: Mapping[str, str]) -> Iterator[ChangeRow]:
    for change in changes.facts:
        before, after = (_called(side, names) for side in (change.before, change.after))
        if before == after:  # two of one name
            before, after = change.before, change.after
        note = _diff_note(changes.nodes) if change.fact == RunFact.VERSION else ""
        yield ChangeRow(FACTS[change.fact], cut(before, 200), cut(after, 200), note)


def _called(side: str, names: Mapping[str, str]) -> str:
    """A name, else an ID in short."""
    return names.get(side) or (side[:8] if len(side) == 36 and side.count("-") == 4 else side)


def _diff_note(nodes: WorkflowDiff | None) -> str:
    if nodes is None:
        return "its nodes are not known"
    if nodes.differs:
        return f"{plural(nodes.changed_nodes, 'node')} changed"
    return "the same nodes" if nodes.is_sure else "nodes may differ"


def _input_rows(changes: Changes) -> Iterator[ChangeRow]:
    for change in changes.inputs.changes if changes.inputs else ():
        yield _input_row(change)


def _input_row(change: InputChange) -> ChangeRow:
    label = cut(change.name, LONGEST_NAME)
    if change.kind is InputChangeKind.HIDDEN:
        return ChangeRow(label, hidden=HIDDEN)
    if change.kind is InputChangeKind.ADDED:
        return ChangeRow(label, NOT_SET, _shown(change.after), unset=(True, False))
    if change.kind is InputChangeKind.REMOVED:
        return ChangeRow(label, _shown(change.before), NOT_SET, unset=(False, True))
    if change.words is not None and not change.words.whole:
        return ChangeRow(label, pieces=_shortened(change.words.pieces))
    old, new = side_by_side(input_setting(change.before), input_setting(change.after))
    return ChangeRow(label, *_texts(old, new), _difference(change.difference))


def _shown(value: JsonValue) -> str:
    return _text(side_by_side(input_setting(value), None)[0])


def _texts(old: Setting | None, new: Setting | None) -> tuple[str, str]:
    """Both sides; the text "20" is quoted beside the number 20, so that they are seen to differ."""
    alike = old is not None and new is not None and old.text == new.text
    return _text(old, quoted=alike), _text(new, quoted=alike)


def _text(side: Setting | None, *, quoted: bool = False) -> str:
    if side is None:
        return NOT_SET
    if side.kind is SettingKind.TEXT and (quoted or not side.text.strip()):
        return f"“{side.text}”"
    return side.text


def _difference(grown: Decimal | None) -> str:
    if grown is None:
        return ""
    sign = MINUS if grown < 0 else "+"
    text = f"{sign}{abs(grown):,f}"
    return text if grown and len(text) <= LONGEST_DIFFERENCE else ""


def _shortened(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The changes with the words around them; what is kept between is cut."""
    last = len(pieces) - 1
    return tuple(
        replace(piece, text=_short(piece, first=place == 0, last=place == last))
        for place, piece in enumerate(pieces)
    )


def _short(piece: Piece, *, first: bool, last: bool) -> str:
    text = piece.text
    if piece.change is not Change.KEPT:
        return text if len(text) <= LONGEST_PIECE else text[:LONGEST_PIECE] + ELLIPSIS
    if len(text) <= 2 * AROUND + 20:
        return text
    head = "" if first else text[:AROUND]
    tail = "" if last else text[-AROUND:]
    return f"{head}{ELLIPSIS}{tail}"


def _nodes(diff: WorkflowDiff) -> Iterator[str]:
    """A line for each node that was added, removed or replaced, and for each field."""
    for node in diff.added:
        yield f"Added {_named(node)}"
    for node in diff.removed:
        yield f"Removed {_named(node)}"
    for pair in diff.reclassed:
        yield f"{_named(pair.before)} is now {_named(pair.after)}"
    for change in diff.settings:
        yield f"{_named(change.node.after)}: {cut(change.field, LONGEST_NAME)} {_sides(change)}"
    for change in diff.links:
        yield f"{_named(change.node.after)}: {cut(change.field, LONGEST_NAME)} comes from elsewhere"
    for hidden in diff.hidden:
        yield f"{_named(hidden.node.after)}: {cut(hidden.field, LONGEST_NAME)} is hidden"
    for pair in diff.unreadable:
        yield f"{_named(pair.after)} cannot be read"


def _named(node: Node) -> str:
    called = cut(node.title or node.type or "Node", LONGEST_NAME)
    return f"{called} ({cut(node.id, 20)})"


def _sides(change: FieldChange) -> str:
    sides = _texts(*side_by_side(change.before, change.after, LONGEST_SIDE))
    before, after = (cut(side, LONGEST_SIDE + 4) for side in sides)
    return f"{before} → {after}"
