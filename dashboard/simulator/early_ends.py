"""What stops a run before its first node: ComfyUI refuses the prompt, or an exception comes first.

Which of them it is goes by the run's seed.
"""

from collections.abc import Iterator

from dashboard.simulator.workflows import Workflow

Row = dict[str, object]
SUMMARY = {
    "type": "prompt_outputs_failed_validation",
    "message": "Prompt outputs failed validation",
    "details": "",
    "extra_info": {},
}
NO_MODEL = "model_name: 'harbour_v2.safetensors' not in ['harbour_v1.safetensors']"
NODE = "1"  # every workflow begins with a loader of models
STACK = """\
Traceback (most recent call last):
  File "/comfyui/custom_nodes/comfyui-deploy/custom_routes.py", line 644, in comfy_deploy_run
    res = await post_prompt(prompt)
  File "/comfyui/execution.py", line 771, in validate_prompt
    class_type = prompt[x]['class_type']
KeyError: 'class_type'"""


def is_refusal(seed: int) -> bool:
    """Whether ComfyUI refuses the prompt of this seed, rather than never having it."""
    return seed % 2 == 0


def early_error(workflow: Workflow, seed: int) -> Row:
    """The error as the machine posts it."""
    if not is_refusal(seed):
        return {"error": {"error_type": "KeyError", "stack_trace": STACK}}
    value = {"input_name": "model_name", "received_value": "harbour_v2.safetensors"}
    reason = {
        "type": "value_not_in_list",
        "message": "Value not in list",
        "details": NO_MODEL,
        "extra_info": value,
    }
    node = {
        "errors": [reason],
        "dependent_outputs": [str(len(workflow.nodes))],
        "class_type": workflow.nodes[0],
    }
    return {"error": {"error": SUMMARY, "node_errors": {NODE: node}}}


def early_lines(workflow: Workflow, seed: int) -> Iterator[str]:
    """The lines that the log has of it: of an exception, less than the machine posts."""
    if not is_refusal(seed):
        yield "error: KeyError, 'class_type'"
        yield f"stack trace: {STACK.splitlines()[-2]}"
        return
    yield f"Failed to validate prompt for output {len(workflow.nodes)}:"
    yield f"* {workflow.nodes[0]} {NODE}:"
    yield f"  - Value not in list: {NO_MODEL}"
    yield "Output will be ignored"
    yield f"invalid prompt: {SUMMARY}"
