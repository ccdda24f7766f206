"""The log lines that a machine writes for a run."""

import json
from collections.abc import Iterator

from dashboard.simulator.early_ends import early_lines
from dashboard.simulator.timeline import State

Line = tuple[float, str]  # seconds after the run's start, and the text

MEMORY = """\
!!! Exception during processing !!! CUDA out of memory. Tried to allocate 2.37 GiB. \
GPU 0 has a total capacity of 22.06 GiB of which 1.12 GiB is free.
Traceback (most recent call last):
  File "/comfyui/execution.py", line 349, in execute
    output_data, output_ui, has_subgraph = get_output_data(obj, input_data_all)
  File "/comfyui/execution.py", line 224, in get_output_data
    return_values = _map_node_over_list(obj, input_data_all, obj.FUNCTION)
  File "/comfyui/nodes.py", line 1516, in sample
    return common_ksampler(model, seed, steps, cfg, sampler_name, scheduler)
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.37 GiB. \
GPU 0 has a total capacity of 22.06 GiB of which 1.12 GiB is free."""
MODEL = """\
!!! Exception during processing !!! Model in folder 'loras' with filename \
'harbour_v2.safetensors' not found.
Traceback (most recent call last):
  File "/comfyui/execution.py", line 349, in execute
    output_data, output_ui, has_subgraph = get_output_data(obj, input_data_all)
  File "/comfyui/folder_paths.py", line 307, in get_full_path_or_raise
    raise FileNotFoundError(f"Model in folder '{folder}' with filename '{filename}' not found.")
FileNotFoundError: Model in folder 'loras' with filename 'harbour_v2.safetensors' not found."""
SHAPES = """\
!!! Exception during processing !!! mat1 and mat2 shapes cannot be multiplied \
(154x2048 and 768x320)
Traceback (most recent call last):
  File "/comfyui/execution.py", line 349, in execute
    output_data, output_ui, has_subgraph = get_output_data(obj, input_data_all)
  File "/comfyui/comfy/ops.py", line 98, in forward
    return super().forward(*args, **kwargs)
RuntimeError: mat1 and mat2 shapes cannot be multiplied (154x2048 and 768x320)"""
BREAKS = (MEMORY, SHAPES, MODEL)


def log_lines(state: State, seed: int) -> Iterator[Line]:
    """The lines of a run that has ended, oldest first."""
    begin, end = state.started, state.ended
    if begin is None or end is None:
        return
    yield begin, "got prompt"
    if state.details.webhook:
        yield begin, _delivery(state.details.webhook)
    if state.status == "failed" and state.live_status is None:
        yield from ((end, line) for line in early_lines(state.details.workflow, seed))
        return
    for n in range(1, 5):
        at = begin + (end - begin) * n / 6
        yield at, f"{n * 25:3}%|{'█' * n * 5:<20}| {n * 5}/20"
    yield from _ending(state, seed, end)


def _ending(state: State, seed: int, end: float) -> Iterator[Line]:
    if state.status == "failed":
        for line in BREAKS[seed % len(BREAKS)].splitlines():
            yield end, line
    elif state.status == "timeout":
        yield end, "Operation timed out"
    elif state.status == "cancelled":
        yield end, "Processing interrupted"
    if state.status == "success" and state.started is not None:
        yield end, f"Prompt executed in {end - state.started:.2f} seconds"


def _delivery(webhook: str) -> str:
    told = {"type": "webhook", "status": 200, "latency_ms": 81.2, "url": webhook, "message": None}
    return json.dumps({**told, "payload": "{}"})
