"""The phases of an ended run as one table: time, share, and the strip of what is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.domain.run.facts import Phase
from dashboard.presentation.run.comparison import Comparison, ComparisonRow
from dashboard.presentation.run.phase_rows import PhaseRow

BAND = "Band p25 to p90, tick median"
NOT_SPLIT = "Not split: ComfyDeploy gave no queued time"
TOGETHER = "Queue and start"


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A row of the table; `strip` where there is something to compare with, else a `note`."""

    row: PhaseRow
    strip: ComparisonRow | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PhaseTable:
    """The lines, what they are compared with, and what each phase means."""

    lines: tuple[PhaseLine, ...]
    caption: str
    foot: str
    meanings: tuple[PhaseRow, ...]

    @property
    def shares(self) -> bool:
        """Whether the phases fill the total, so that each has its share."""
        return self.lines[-1].row.share is not None

    @property
    def fields(self) -> str:
        return ", ".join(row.field for row in self.meanings if row.field)


def phase_table(rows: Sequence[PhaseRow], comparison: Comparison | None) -> PhaseTable:
    """The rows of one run beside its comparison; queue and start are one where only both are known.

    "Before the run" is their sum and has no line of its own; its meaning is told below.
    """
    strips: dict[str, ComparisonRow] = {}
    if comparison:
        strips = {strip.phase: strip for strip in comparison.rows}
    few = comparison.few if comparison else ""
    return PhaseTable(
        lines=tuple(_line(row, strips) for row in _shown(rows)),
        caption=comparison.against if comparison else "",
        foot=BAND if strips else few,
        meanings=tuple(rows),
    )


def _shown(rows: Sequence[PhaseRow]) -> list[PhaseRow]:
    by_name = {row.name: row for row in rows}
    before = by_name.get(Phase.BEFORE_RUN)
    apart = [by_name.get(phase) for phase in (Phase.QUEUE_WAIT, Phase.COLD_START)]
    if before and before.known and not any(row and row.known for row in apart):
        merged = replace(before, label=TOGETHER)
        return [merged, *(row for row in rows if row.name in (Phase.RUN, Phase.TOTAL))]
    return [row for row in rows if row.name != Phase.BEFORE_RUN]


def _line(row: PhaseRow, strips: Mapping[str, ComparisonRow]) -> PhaseLine:
    if row.name == Phase.BEFORE_RUN:
        return PhaseLine(row, note=NOT_SPLIT)
    strip = strips.get(row.name)
    if strip is None or strip.rank:
        return PhaseLine(row, strip)
    return PhaseLine(row, note=strip.place)
