"""The log lines that a machine writes for a run."""

import json
from collections.abc import Iterator

from dashboard.simulator.early_ends import early_lines
from dashboard.simulator.ids import Ticket
from dashboard.simulator.timeline import Plan, State, faster, play

Line = tuple[float, str]  # seconds after the run's start, and the text
SAMPLER, STEPS = "KSampler", 20
LONGEST_BAR = 60.0  # seconds, in a run that never ends

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


def whole_log(ticket: Ticket, speed: float) -> list[Line]:
    """All lines that a run writes, oldest first, whether it has ended yet or not."""
    plan = ticket.scenario.timetable(ticket.seed)
    if plan.ended is None:
        begin = None if plan.started is None else plan.started / speed
        return [] if begin is None else [(begin, "got prompt"), *_bars(plan, speed)]
    return list(log_lines(faster(play(plan, plan.ended), speed), plan, ticket.seed, speed))


def log_lines(state: State, plan: Plan, seed: int, speed: float) -> Iterator[Line]:
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
    yield from _bars(plan, speed)
    yield from _ending(state, seed, end)


def _bars(plan: Plan, speed: float) -> Iterator[Line]:
    """The bar of each sampler while it works; that of a run which breaks off is never full."""
    for at, step in enumerate(plan.steps):
        if step.node != SAMPLER:
            continue
        last = at == len(plan.steps) - 1
        end = (plan.ended or step.at + LONGEST_BAR) if last else plan.steps[at + 1].at
        most = STEPS * 3 // 5 if last and plan.end != "success" else STEPS
        yield from _drawings(step.at / speed, end / speed, most)


def _drawings(begin: float, end: float, most: int) -> Iterator[Line]:
    each = (end - begin) / (most + 1)
    for done in range(most + 1):
        rate = "?it/s" if not done else f"{each:.2f}s/it" if each > 1 else f"{1 / each:.2f}it/s"
        left = _clock(each * (STEPS - done)) if done else "?"
        drawn = f"{done * 100 // STEPS:3}%|{'█' * (done // 2):<10}| {done}/{STEPS}"
        start = "\r" if done else ""
        yield begin + each * done, f"{start}{drawn} [{_clock(each * done)}<{left}, {rate}]"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"


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
