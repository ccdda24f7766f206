"""The figures that must hold: told as they are measured, and gathered where they do not."""

missed: list[str] = []


def must(name: str, figure: float, most: float, unit: str = "") -> str:
    """What must hold, in words; a figure past it makes the bench fail at its end."""
    told = f"must be <= {most:g}{unit}"
    if figure <= most:
        return told
    missed.append(f"{name}: {figure:.4g}{unit}, {told}")
    return f"{told}: MISSED"


def outcome() -> int:
    """The exit code, after every figure that was missed is named."""
    for one in missed:
        print(f"MISSED {one}")
    return 1 if missed else 0
