"""Which texts of a run its words are looked up in, secrets masked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dashboard.domain.run.facts import StoredError
from dashboard.domain.text.assigned_secrets import mask_assigned
from dashboard.domain.text.redaction import redact, redact_text

DATA = "data:"  # the beginning of a file that is given as text
ERROR_FIELDS = ("message", "exception_type", "node_type")


@dataclass(frozen=True, slots=True)
class RunTexts:
    """A run as it is searched; `inputs` and `error` as its row has them."""

    inputs: object = None
    prompt: str = ""
    workflow: str = ""
    error: StoredError | None = None
    labels: tuple[str, ...] = ()  # title, tags and notes
    files: tuple[str, ...] = ()  # names of output files
    nodes: tuple[str, ...] = ()  # titles and classes of nodes

    def masked(self) -> Iterator[str]:
        """The texts, each once; the prompt where it is not the beginning of an input."""
        inputs = [" ".join(text.split()) for text in _strings(redact(self.inputs))]
        own = not any(text.startswith(self.prompt) for text in inputs)
        prompt = (self.prompt,) if own else ()
        error = mask_assigned("\n".join(_error_texts(self.error)))
        plain = (*self.labels, *prompt, self.workflow, *error.split("\n"), *self.files, *self.nodes)
        # Notes, errors and nodes come before inputs: these alone may be too long for the bounds.
        return _once((*map(redact_text, plain), *inputs))


def _error_texts(error: StoredError | None) -> Iterator[str]:
    for name in ERROR_FIELDS:
        text = (error or {}).get(name)
        if isinstance(text, str):
            yield redact_text(text)


def _strings(value: object) -> Iterator[str]:
    """The strings in a JSON value, in order; files given as text are none."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if not one[:8].lstrip().lower().startswith(DATA):
                yield one
        elif isinstance(one, dict):
            waiting += reversed(one.values())
        elif isinstance(one, list):
            waiting += reversed(one)


def _once(texts: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(text for text in texts if text))
