"""What the page says about lists that the server's key may not read."""

from collections.abc import Collection

from dashboard.domain.directory import DEPLOYMENTS, FLUID, MACHINES, WORKFLOWS

WORDS = {
    WORKFLOWS: "workflows",
    DEPLOYMENTS: "deployments",
    FLUID: "deployments",
    MACHINES: "machines",
}


def not_listed_sentence(lists: Collection[str]) -> str:
    """One sentence about these lists, in a fixed order; "" about none."""
    words = list(dict.fromkeys(word for name, word in WORDS.items() if name in lists))
    if not words:
        return ""
    told = " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
    return f"This key can’t list {told}."
