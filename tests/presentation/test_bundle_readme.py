"""The README of a reproduction bundle."""

from dataclasses import replace

from dashboard.presentation.bundle_readme import WHAT, BundleFacts, readme

BARE = BundleFacts(title="Léon's\nshots", run_id="7c1e9f42", status="success", finished=True)
WHOLE = replace(
    BARE,
    files=[*WHAT],
    has_build=True,
    same_machine_version=True,
    gpu="H100",
    workflow_note="Here.",
)


def test_all_that_is_known_is_told() -> None:
    text = readme(WHOLE)
    assert text.startswith("# Léon's shots: reproduction bundle\n")
    assert all(f"* `{name}`: " in text for name in WHAT)
    assert "without this run's inputs. Here.\n" in text
    assert "1. Set up ComfyUI with the version" in text
    assert text.partition("## What is not known")[2].count("\n* ") == 1  # the models


def test_what_is_not_known_is_named() -> None:
    text = readme(BARE)
    assert not [name for name in WHAT if f"* `{name}`" in text]
    unknown = text.partition("## What is not known")[2]
    for words in ("editor opens it", "executes it", "inputs", "GPU", "How the machine was built"):
        assert words in unknown
    assert "Open the workflow in ComfyDeploy" in text


def test_a_machine_of_another_version_is_told() -> None:
    assert "another machine version" in readme(replace(WHOLE, same_machine_version=False))
    assert "Whether the machine was rebuilt" in readme(replace(WHOLE, same_machine_version=None))
    assert "own image" in readme(replace(WHOLE, fluid=True))
    assert "no copy of" in readme(replace(WHOLE, unhashed=1))


def test_a_run_that_has_not_ended_says_so() -> None:
    assert "it has not ended" in readme(replace(WHOLE, finished=False))
