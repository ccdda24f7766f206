"""How far a mean has changed in itself, and how far other kinds of runs have changed it."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Kind = TypeVar("Kind", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Group:
    """The runs of one kind in one time: how many, and the mean of their values."""

    n: int
    mean: float


@dataclass(frozen=True, slots=True)
class MixChange:
    """The change of a mean, in the values' own unit: its two parts make `total`."""

    within: float  # runs of the same kinds, at the mix of both times
    mix: float  # more or fewer runs of slow kinds

    @property
    def total(self) -> float:
        return self.within + self.mix


def mix_change(after: Mapping[Kind, Group], before: Mapping[Kind, Group]) -> MixChange | None:
    """The change of the mean over kinds of runs, such as version and GPU, taken apart.

    A kind that is in one time alone has changed the mix and nothing else. None where a time has
    no runs. Kitagawa, "Components of a difference between two rates" (1955).
    """
    new, old = (sum(group.n for group in groups.values()) for groups in (after, before))
    if not new or not old:
        return None
    within = mix = 0.0
    for kind in after.keys() | before.keys():
        later, earlier = after.get(kind), before.get(kind)
        share, was = (later.n / new if later else 0.0), (earlier.n / old if earlier else 0.0)
        mean = later.mean if later else earlier.mean if earlier else 0.0
        past = earlier.mean if earlier else mean
        within += (mean - past) * (share + was) / 2
        mix += (share - was) * (mean + past) / 2
    return MixChange(within, mix)
