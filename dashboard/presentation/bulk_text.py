"""What is said of an action on several runs, while it goes on and when it is done."""

from typing import Protocol

from dashboard.presentation.format import count, plural

REMOVE = "remove"
# What each kind is while it goes on, and done.
WORDS = {
    "tag": ("Tagging", "Tagged"),
    "title": ("Titling", "Titled"),
    "star": ("Starring", "Starred"),
    "unstar": ("Removing stars from", "Removed stars from"),
    REMOVE: ("Removing", "Removed"),
}


class Told(Protocol):
    """What the sentences need of an action."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def total(self) -> int: ...
    @property
    def done(self) -> int: ...
    @property
    def gone(self) -> int: ...
    @property
    def full(self) -> int: ...
    @property
    def moved(self) -> int: ...
    @property
    def bounded(self) -> bool: ...


def told(action: Told) -> str:
    """`Tagged 1,200 runs. 2 runs were gone.`; while it goes on, how far it is."""
    doing, done = WORDS[action.kind]
    if action.state == "doing":
        return f"{doing} {plural(action.total, 'run')}… {count(action.done)} done"
    if action.state == "undoing":
        return f"Undoing… {count(action.done)} of {plural(action.total, 'run')}"
    if action.state == "undone":
        return " ".join(["Undone.", *_left(action)])
    reached = plural(action.total - action.gone - action.full, "run")
    titleless = action.kind == "title" and not action.text
    first = f"Removed the titles of {reached}." if titleless else f"{done} {reached}."
    return " ".join([first, *_left(action)])


def _left(action: Told) -> list[str]:
    """The runs that were not reached, and why."""
    said = []
    if action.gone:
        said.append(f"{plural(action.gone, 'run')} {_were(action.gone)} gone.")
    if action.full and action.state != "undone":
        said.append(f"{plural(action.full, 'run')} {_have(action.full)} no room for another tag.")
    if action.moved:
        said.append(f"{plural(action.moved, 'run')} changed since and stayed.")
    if action.bounded and action.state != "undone":
        said.append(f"One action takes the newest {count(action.total)} runs.")
    return said


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
