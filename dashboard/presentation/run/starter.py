"""Who started a run, as its page and its row show them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Starter:
    """A person of ComfyDeploy: the ID, and what is known of name and picture ("": nothing)."""

    id: str
    name: str = ""
    picture: str = ""  # the digest that its address on this board ends with

    @property
    def initials(self) -> str:
        """The first letters of the first and the last word of the name; "" without letters."""
        words = [word for each in self.name.split() if (word := _from_letter(each))]
        ends = words if len(words) < 2 else [words[0], words[-1]]
        return "".join(word[0].upper()[0] for word in ends)


def _from_letter(word: str) -> str:
    """The word from its first letter or digit on."""
    return next((word[at:] for at, one in enumerate(word) if one.isalnum()), "")
