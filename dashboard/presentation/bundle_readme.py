"""The README of a reproduction bundle: what it is, how to run it again, what is not known."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

WORKFLOW, GRAPH, INPUTS = "workflow.json", "workflow_api.json", "inputs.json"
VERSIONS, OUTPUTS, README = "versions.json", "outputs.json", "README.md"

WHAT = {
    WORKFLOW: "the workflow as ComfyUI's editor opens it, without this run's inputs",
    GRAPH: "the workflow as ComfyUI executes it (API format)",
    INPUTS: "the run's inputs, by `input_id`",
    VERSIONS: "workflow version, deployment, machine and GPU, as far as they are known",
    OUTPUTS: "the run's outputs, with size and SHA-256 of those that Runboard has a copy of",
}
FROM_PICTURE = "It comes from the metadata of one of the run's own outputs."
FROM_VERSION = "It comes from the workflow version."
FROM_RUN = "It comes from ComfyDeploy's answer about the run."


@dataclass(frozen=True, slots=True)
class BundleFacts:
    """What a README tells of a run's bundle."""

    title: str
    run_id: str
    status: str
    finished: bool
    files: Collection[str] = ()  # those in the bundle
    graph_note: str = ""  # where the forms of the workflow come from
    workflow_note: str = ""
    has_build: bool = False  # the machine's build is known
    same_machine_version: bool | None = None  # whether that build is the one the run was on
    fluid: bool = False  # the deployment has an image of its own
    gpu: str | None = None
    unhashed: int = 0  # outputs without a hash


def readme(facts: BundleFacts) -> str:
    """The whole text, as Markdown."""
    title = " ".join(facts.title.split())
    return "\n".join(
        [
            f"# {title}: reproduction bundle",
            "",
            f"What is known for running ComfyDeploy run {facts.run_id} again. Its status is "
            f"{facts.status}{'' if facts.finished else ', and it has not ended'}.",
            "The output files are not included. Secrets are masked as `•••`.",
            "",
            "## Files",
            "",
            *_files(facts),
            "",
            "## How to reproduce it",
            "",
            *(f"{number}. {step}" for number, step in enumerate(_steps(facts), start=1)),
            "",
            "## What is not known",
            "",
            *(f"* {each}" for each in _unknown(facts)),
            "",
        ]
    )


def _files(facts: BundleFacts) -> Iterator[str]:
    notes = {WORKFLOW: facts.workflow_note, GRAPH: facts.graph_note}
    for name, what in WHAT.items():
        if name in facts.files:
            note = notes.get(name)
            yield f"* `{name}`: {what}.{f' {note}' if note else ''}"


def _steps(facts: BundleFacts) -> Iterator[str]:
    if facts.has_build:
        yield (
            "Set up ComfyUI with the version and custom nodes in `versions.json`, under "
            "`machine.settings.build`."
        )
    else:
        yield "Set up ComfyUI with the custom nodes that the workflow uses."
    yield "Download the models that the workflow names."
    if WORKFLOW in facts.files:
        yield "Drag `workflow.json` into ComfyUI's window."
    elif GRAPH in facts.files:
        yield "Open `workflow_api.json` in ComfyUI, or send it as `prompt` to its `/prompt`."
    else:
        yield "Open the workflow in ComfyDeploy: it is not in this bundle."
    if INPUTS in facts.files:
        yield "Give each input node the value that `inputs.json` has for its `input_id`."
    yield "Replace every `•••` with a secret of your own, and run it."
    yield (
        "Compare the files with `outputs.json`. An equal SHA-256 is the same file; another one "
        "may still be the same picture, because metadata, GPU and libraries change bytes."
    )


def _unknown(facts: BundleFacts) -> Iterator[str]:
    if WORKFLOW not in facts.files:
        yield "The workflow as ComfyUI's editor opens it."
    if GRAPH not in facts.files:
        yield "The workflow as ComfyUI executes it."
    if INPUTS not in facts.files:
        yield "The run's inputs."
    if facts.gpu is None:
        yield "The GPU."
    yield from _unknown_of_machine(facts)
    if facts.unhashed:
        yield "The hashes of outputs that Runboard has no copy of; `outputs.json` says which."
    yield "Which files the models were: the workflow has their names alone."


def _unknown_of_machine(facts: BundleFacts) -> Iterator[str]:
    if not facts.has_build:
        yield "How the machine was built: its ComfyUI version and custom nodes."
    elif facts.same_machine_version is None:
        yield "Whether the machine was rebuilt between the run and when its settings were read."
    elif not facts.same_machine_version:
        yield (
            "How the machine was built at the time of the run: its settings are those of "
            "another machine version."
        )
    if facts.fluid:
        yield "What the deployment's own image changes: the settings are the machine's."
