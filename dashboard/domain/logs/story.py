"""A log as a story: ComfyUI's start-up, then "got prompt", then the run's own part and its end."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.entries import is_bar

LAST_LINES = 200
"""Lines in which the process's end is looked for."""
_PROMPT = re.compile(r"(?:\[[\w .:-]{1,40}\] )?[Gg]ot prompt(?: ?[{:(].*)?")
_STARTS = re.compile(
    r"Total VRAM \d+ MB|Starting server|Import times for custom nodes|\*\* ComfyUI startup time"
)
# What only a run that goes on writes.
_WORK = re.compile(
    r"Requested to load|loaded (?:completely|partially)|Loading \d+ new model|model weight dtype"
    r"|model_type |Using (?:pytorch|xformers|split|sub quad|sage|flash)\w* .*attention"
    r"|CLIP/text encoder model load|Model .{1,80} prepared for dynamic|0 models unloaded"
    r"|Unloading models for lowram|Saved (?:image|video|file)|[Ss]ampling\b.{0,40}\bsteps"
    r"|Starting server|To see the GUI go to|Import times for custom nodes|Executing \S"
)
_UPLOAD = re.compile(r"\s*upload", re.IGNORECASE)  # also after an error
# What a node says that goes on in another way after an exception.
_PUT_RIGHT = re.compile(
    r"\b(?:retry(?:ing)?|retried|re-?trying|trying again|attempt #?\d|fall(?:ing|s)? ?back|fallback"
    r"|recovered|skipp(?:ed|ing)|ignor(?:ed|ing)|continuing|using default|succeeded)\b"
    r"|\bdownload(?:ed|ing)? (?:is )?(?:complete|finish|done|succe)|\bdownloaded\b"
    r"|\bsuccessfully (?:downloaded|loaded|connected|fetched|received)\b",
    re.IGNORECASE,
)
_GAVE_UP = re.compile(r"\b(?:giv(?:e|ing) up|gave up|no more|failed|without success)\b", re.I)
_ENDED_WITH = re.compile(
    r"(?:runner|process|container|worker|comfyui|command|task|server|subprocess|python\d?)\b"
    r"[^'\"]{0,60}?\b(?:terminated|exited|ended|finished|died|stopped|failed|killed|crashed)\b"
    r".{0,30}?(?:(?:exit ?|return)?(?:code|status)|(?P<signal>signal))[:= ]*(?P<code>-?\d{1,3})\b",
    re.IGNORECASE,
)
_EXITED = re.compile(
    r"(?:exited|terminated|failed)? ?(?:with )?(?:exit(?:ed)?|return)[ _]?(?:with )?(?:code|status)"
    r"[:= ]*(?P<code>-?\d{1,3})\.?$",
    re.IGNORECASE,
)
_KILLED = re.compile(
    r"(?:.{0,80}: line \d+: +)?\d* ?Killed(?: +(?:python|main|\./|/).*)?$"
    r"|Segmentation fault(?: \(core dumped\))?(?: +\S.*)?$|Bus error(?: \(core dumped\))?$"
    r"|Fatal Python error: (?:Segmentation fault|Bus error|Aborted)"
    r"|(?:\[ *[\d.]+\] ?)?(?:Memory cgroup o|O)ut of memory: Kill(?:ed)? process \d+"
    r"|(?:\[ *[\d.]+\] ?)?oom[-_]kill(?:er)?:|oom_reaper: reaped|.{0,40}\bOOMKilled\b"
    r"|(?:runner|process|container|worker|comfyui|task)\b.{0,60}"
    r"\b(?:SIGKILL|killed by signal|(?:ran )?out of memory|was killed)\b",
    re.IGNORECASE,
)
KILLING_CODES = frozenset({137, 139, 135, -9, -11, -7})
"""Exit codes of a process that was ended from outside: SIGKILL, SIGSEGV, SIGBUS."""


@dataclass(frozen=True, slots=True)
class Story:
    """The part of a log that tells of the run; without "got prompt" that is the start-up."""

    lines: tuple[LogLine, ...]
    prompted: bool
    last_work: int  # the last line of work; -1 where there is none
    last_going_on: int  # the last line of work, or that says that something is tried anew

    def is_put_right(self, end: int) -> bool:
        """Whether work went on after an exception whose lines end there."""
        return self.last_going_on >= end

    def works_after(self, at: int) -> bool:
        """Whether outputs were worked on after some of them had been refused."""
        return self.last_work >= at

    @property
    def tail(self) -> list[str]:
        """What was written after the last work, without objects that were printed."""
        texts = [line.text for line in self.lines[self.last_work + 1 :]]
        return [text.strip() for text in texts[-LAST_LINES:] if not text.startswith("{")]


@dataclass(frozen=True, slots=True)
class Ending:
    """How the machine's process ended, as far as its last lines say."""

    killed: bool = False
    exit_code: int | None = None


def story_of(lines: Sequence[LogLine]) -> Story:
    """A log from its last "got prompt" until ComfyUI starts anew; without one, the whole log."""
    prompts = [n for n, line in enumerate(lines) if _PROMPT.fullmatch(line.text.strip())]
    own = tuple(lines[prompts[-1] + 1 if prompts else 0 :])
    if prompts:
        anew = (n for n, line in enumerate(own) if _STARTS.match(line.text))
        own = own[: next(anew, len(own))]
    return Story(own, bool(prompts), _last(own, is_work), _last(own, _goes_on))


def _last(lines: Sequence[LogLine], holds: Callable[[str], bool]) -> int:
    return next((n for n in range(len(lines) - 1, -1, -1) if holds(lines[n].text)), -1)


def is_work(text: str) -> bool:
    """Whether a line shows that the run, or the start, went on."""
    drawn = is_bar(text) and not _UPLOAD.match(text)
    return drawn or bool(_WORK.match(text.strip()))


def _goes_on(text: str) -> bool:
    put_right = _PUT_RIGHT.search(text[:300]) and not _GAVE_UP.search(text[:300])
    return is_work(text) or bool(put_right)


def ending_of(tail: Sequence[str]) -> Ending:
    """How the process ended: its exit code, and whether it was ended from outside."""
    code: int | None = None
    killed = False
    for text in reversed(tail):
        found = _ENDED_WITH.match(text) or _EXITED.match(text)
        if found and code is None:
            number = int(found["code"])
            code = -abs(number) if found.groupdict().get("signal") else number
            killed = killed or code in KILLING_CODES
        killed = killed or bool(_KILLED.match(text))
    return Ending(killed, code)
