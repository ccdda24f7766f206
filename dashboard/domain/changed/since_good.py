"""What differs between a run and an earlier good one: what it ran on, and what it was given."""

from dataclasses import dataclass
from enum import StrEnum

from dashboard.domain.changed.input_changes import InputChanges, input_changes
from dashboard.domain.changed.workflow_diff import WorkflowDiff, workflow_diff
from dashboard.domain.json_types import JsonObject, JsonValue


class RunFact(StrEnum):
    """What a run ran on; in the order in which differences are told."""

    GPU = "gpu"
    VERSION = "workflow_version"
    MACHINE = "machine"
    MACHINE_VERSION = "machine_version"


@dataclass(frozen=True, slots=True)
class RunSide:
    """One of the two runs; None is not known, `graph` that of its workflow version."""

    gpu: str | None = None
    version: str | None = None
    machine: str | None = None
    machine_version: str | None = None
    inputs: JsonValue = None
    graph: JsonObject | None = None

    def value_of(self, fact: RunFact) -> str | None:
        return {
            RunFact.GPU: self.gpu,
            RunFact.VERSION: self.version,
            RunFact.MACHINE: self.machine,
            RunFact.MACHINE_VERSION: self.machine_version,
        }[fact]


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact of both runs that differs."""

    fact: RunFact
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All that is known to differ. `unknown` facts are known of one run at most.

    `inputs` is None where those of either run cannot be read; `nodes` is None where the version
    is the same, or the graph of either cannot be read.
    """

    facts: tuple[FactChange, ...]
    unknown: tuple[RunFact, ...]
    inputs: InputChanges | None
    nodes: WorkflowDiff | None
    equal_facts: int = 0

    @property
    def different(self) -> int:
        """How many facts and inputs are known to differ."""
        known = len(self.inputs.changes) - self.inputs.hidden if self.inputs else 0
        return len(self.facts) + known

    @property
    def equal(self) -> int:
        """How many facts and inputs are known to be equal."""
        return self.equal_facts + (self.inputs.equal if self.inputs else 0)

    @property
    def compared(self) -> int:
        return self.different + self.equal

    @property
    def is_sure(self) -> bool:
        """Whether everything could be compared; only then no difference means unchanged."""
        hidden = self.inputs is None or self.inputs.hidden > 0
        return not self.unknown and not hidden


def changes_since(before: RunSide, after: RunSide) -> Changes:
    """The differences from the earlier run to the later one."""
    known, unknown, equal = [], [], 0
    for fact in RunFact:
        old, new = before.value_of(fact), after.value_of(fact)
        if old is None or new is None:
            unknown.append(fact)
        elif old == new:
            equal += 1
        else:
            known.append(FactChange(fact, old, new))
    same_version = RunFact.VERSION not in {change.fact for change in known}
    return Changes(
        facts=tuple(known),
        unknown=tuple(unknown),
        inputs=input_changes(before.inputs, after.inputs),
        nodes=None if same_version else workflow_diff(before.graph, after.graph),
        equal_facts=equal,
    )
