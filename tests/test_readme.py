"""The README's settings, make targets and times are those of the code; so are the units."""

import re
from pathlib import Path

from dashboard import config

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def section(title: str, text: str = README) -> str:
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_the_settings_table_is_the_settings_that_are_read() -> None:
    import dashboard.settings  # noqa: F401

    told = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", section("Settings"), re.M))
    assert set(told) == set(config.NAMES)
    for name, shown in told.items():
        default = config.NAMES[name]
        if default and name != "PUBLIC_URL":
            assert default in shown, f"{name} says {shown}, the code {default}"


def test_the_env_example_names_settings_alone() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    assert set(named) <= set(config.NAMES)


def test_units_and_the_compose_file_name_settings_alone() -> None:
    import dashboard.settings  # noqa: F401

    compose = (ROOT / "compose.yml").read_text()
    told = set(re.findall(r"^    ([A-Z_]+):", compose, re.M))
    told |= set(re.findall(r"\$\{([A-Z_]+)", compose)) - {"POSTGRES_PASSWORD"}
    told |= set(re.findall(r"^(?:Environment=)?([A-Z_]+)=", OPERATIONS, re.M))
    block = section("Several machines", OPERATIONS).split("```")[1]
    shared = set(re.findall(r"^([A-Z_]+)=", block, re.M))
    assert {"DATABASE_URL", "SECRET_KEY", "WATCH"} <= shared <= told <= set(config.NAMES)


def test_the_units_start_what_there_is() -> None:
    commands = re.findall(r"^ExecStart=\S+/python manage\.py (\w+)$", OPERATIONS, re.M)
    assert set(commands) == {"serve", "watch"}
    folder = ROOT / "dashboard" / "management" / "commands"
    for name in {*commands, *re.findall(r"manage\.py ([a-z]+)", README + OPERATIONS)}:
        assert (folder / f"{name}.py").exists() or name == "check", name


def test_every_make_target_is_in_the_readme_and_the_other_way_round() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.M))
    told = set(re.findall(r"`make ([a-z-]+)", README)) | set(
        re.findall(r"^make ([a-z-]+)", README, re.M)
    )
    assert told - {"it"} == targets
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.M)
    assert phony and set(phony[1].split()) == targets


def test_the_readme_keeps_its_order() -> None:
    wanted = [
        "Try it", "Your runs", "What the times mean", "Share with teammates", "Keep it running",
        "Settings", "JSON", "When something is wrong", "How it is built",
        "Limits, privacy, licence",
    ]  # fmt: skip
    assert re.findall(r"^## (.+)$", README, re.M) == wanted
    assert "It never starts, cancels or changes a run." in README


def test_the_table_of_times_is_the_one_that_the_page_tells() -> None:
    from dashboard.presentation.words import PHASE_TEXTS

    told = section("What the times mean")
    for text in PHASE_TEXTS.values():
        assert f"| {text.label} |" in told
        for field in re.findall(r"[a-z]+_[a-z_]+|duration", text.field):
            assert field in told
