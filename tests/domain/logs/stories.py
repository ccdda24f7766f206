"""Logs as nodes, ComfyUI and Python write them, each with the error that is right."""

from dataclasses import dataclass

START = """Total VRAM 22502 MB, total RAM 48000 MB
pytorch version: 2.5.1+cu124
Traceback (most recent call last):
  File "/comfyui/nodes.py", line 2141, in load_custom_node
    module_spec.loader.exec_module(module)
  File "/comfyui/custom_nodes/pasta/__init__.py", line 3, in <module>
    import pastalib
ModuleNotFoundError: No module named 'pastalib'
Cannot import /comfyui/custom_nodes/pasta module for custom nodes: No module named 'pastalib'
Import times for custom nodes:
   0.1 seconds (IMPORT FAILED): /comfyui/custom_nodes/pasta
Starting server
To see the GUI go to: http://127.0.0.1:8188
"""
FRAMES = """Traceback (most recent call last):
  File "/comfyui/execution.py", line 349, in execute
    output_data = get_output_data(obj)
                  ^^^^^^^^^^^^^^^^^^^^
  File "/comfyui/custom_nodes/some/nodes.py", line 40, in run
    return self.work(x)
"""
MARK = "!!! Exception during processing !!! "
BAR = " 40%|████      | 8/20 [00:08<00:12,  1.0it/s]\n"
DONE = "\nPrompt executed in 3.10 seconds\n"


def raised(line: str, *, marked: bool = True) -> str:
    """What ComfyUI writes of an exception; `line` is its last part."""
    mark = f"{MARK}{line.partition(': ')[2]}\n" if marked else ""
    return f"{mark}{FRAMES}{line}\n"


@dataclass(frozen=True)
class Right:
    """What is to be read; None = not there (a message: no error text), "…" = anything."""

    message: str | None = None
    type: str | None = "…"
    cause: str | None = "…"
    node: tuple[str | None, str | None] | None = None
    not_message: str = ""
    nothing: bool = False


NOTHING = Right(nothing=True)
KILLED = Right(None, None, "killed")

# Item by item: the story.
STORIES: dict[str, tuple[str, Right]] = {
    "import failed at start, then no end is told": (START + "got prompt\n" + BAR, NOTHING),
    "import failed at start, then killed": (START + "got prompt\n" + BAR + "Killed\n", KILLED),
    "import failed at start, then an error": (
        START + "got prompt\n" + raised("KeyError: 'noise'") + DONE,
        Right("'noise'", "KeyError", None, not_message="pastalib"),
    ),
    "an error of the prompt before": (
        "got prompt\n" + raised("ValueError: old one") + DONE + "got prompt\n" + BAR,
        Right(nothing=True),
    ),
    "a retry that went well, then a real one": (
        "got prompt\n"
        + raised("requests.exceptions.ReadTimeout: read timed out", marked=False)
        + "Retrying in 5 s\n"
        + BAR
        + raised("IndexError: list index out of range"),
        Right("list index out of range", "IndexError", None),
    ),
    "a fallback that went well, then killed": (
        "got prompt\n"
        + raised("ImportError: cannot import name 'flash_attn'", marked=False)
        + "Falling back to sdpa attention\nProcess exited with code -9\n",
        KILLED,
    ),
    "memory that was made do without": (
        "got prompt\nWarning: Ran out of memory when regular VAE decoding, retrying with tiled VAE "
        "decoding.\n" + BAR + DONE,
        NOTHING,
    ),
    "a prompt that speaks of memory": (
        "got prompt\nclip: a robot, CUDA out of memory, Traceback of tears\n"
        "Runner terminated with exit code: 137",
        KILLED,
    ),
    "a prompt that says got prompt": (
        "got prompt\n"
        + raised("ValueError: bad mask")
        + "[prompt] he got prompt answers to everything\n",
        Right("bad mask", "ValueError", None),
    ),
    "an ignored output, then killed": (
        "got prompt\nFailed to validate prompt for output 31:\n* LoadImage 30:\n"
        "  - Custom validation failed for node: image - Invalid image file: old.png\n"
        "Output will be ignored\nRequested to load Flux\n"
        + BAR
        + "Segmentation fault (core dumped)",
        KILLED,
    ),
    "an ignored output, then no end": (
        "got prompt\nFailed to validate prompt for output 31:\n* LoadImage 30:\n"
        "  - Required input is missing: image\nOutput will be ignored\nRequested to load Flux\n",
        NOTHING,
    ),
    "an error after the refusal": (
        "got prompt\nFailed to validate prompt for output 9:\n* KSampler 3:\n"
        "  - Value 0 smaller than min of 1: steps\nOutput will be ignored\n"
        + raised("sqlite3.OperationalError: database is locked"),
        Right("database is locked", "sqlite3.OperationalError", None),
    ),
    "noise of the end after the error": (
        "got prompt\n"
        + raised("ValueError: bad mask")
        + "Exception ignored in: <function Model.__del__ at 0x7f>\n"
        + raised("TypeError: 'NoneType' object is not callable", marked=False),
        Right("bad mask", "ValueError", None),
    ),
    "the message of a traceback that was cut": (
        f"got prompt\n{MARK}noise is None\n{FRAMES}",
        Right("noise is None", None, None, not_message="Traceback"),
    ),
    "the node of a traceback that was cut": (
        f"got prompt\nError occurred when executing KSampler:\n\nnoise is None\n\n{FRAMES}",
        Right("noise is None", None, None, (None, "KSampler"), not_message="Traceback"),
    ),
    "outputs that are uploaded after the error": (
        "got prompt\n"
        + raised("KeyError: 'a'", marked=False)
        + "Uploading: 100%|██████████| 1/1 [00:00<00:00,  5.0it/s]\nRunner terminated",
        Right("'a'", "KeyError", None),
    ),
    "a download that came after all": (
        "got prompt\n"
        + raised("requests.exceptions.ConnectionError: reset", marked=False)
        + "Download complete: 3.2 GB\nRunner terminated with exit code: 1\n",
        Right(None, None, None),
    ),
    "a mark glued to the last line": (
        "got prompt\n" + BAR + "Runner terminated with exit code: 137__END__",
        KILLED,
    ),
    "an answer of ComfyUI that is printed": (
        "got prompt\nError running workflow\n{'error': {'type': 'prompt_outputs_failed_validation',"
        " 'message': 'It failed'}, 'node_errors': {'3': {'class_type': 'KSampler', 'errors': "
        "[{'message': 'Required input is missing', 'details': 'model'}]}}}\n",
        Right("missing: model", "…", "invalid-inputs", ("3", "KSampler")),
    ),
    "an upload that fails after the error": (
        "got prompt\n"
        + raised("ValueError: bad mask")
        + "Error uploading\n"
        + raised("aiohttp.client_exceptions.ClientConnectorError: no route", marked=False),
        Right("bad mask", "ValueError", None),
    ),
    "interrupted by the time limit": (
        "got prompt\n" + BAR + raised("KeyboardInterrupt", marked=False) + "Operation timed out\n",
        Right("Operation timed out", None, "timed-out"),
    ),
    "the exit code alone": (
        "got prompt\n" + BAR + "Runner terminated with exit code: 1\n",
        Right(None, None, None),
    ),
    "a clean exit is no error": ("got prompt\n" + DONE + "Process exited with code 0\n", NOTHING),
    "the kernel ended it": (
        "got prompt\n" + BAR + "[ 812.1] Out of memory: Killed process 77 (python) total-vm:9kB\n",
        KILLED,
    ),
    "an exit code between is not the end": (
        "got prompt\nffmpeg process exited with code 139\nUsing the other encoder\n" + BAR,
        NOTHING,
    ),
    "the whole prompt refused": (
        "got prompt\nFailed to validate prompt for output 140:\n* (prompt):\n"
        "  - Required input is missing: images\nOutput will be ignored\n"
        "invalid prompt: {'type': 'prompt_outputs_failed_validation', 'message': 'Prompt outputs "
        "failed validation', 'details': '', 'extra_info': {}}\n",
        Right("images", "prompt_outputs_failed_validation", "invalid-inputs", ("140", None)),
    ),
    "a node that is not there": (
        "got prompt\ninvalid prompt: {'type': 'missing_node_type', 'message': \"Node 'PastaMaker' "
        "not found. The custom node may not be installed.\", 'details': \"Node ID '#57:8'\", "
        "'extra_info': {'node_id': '57:8', 'class_type': 'PastaMaker'}}\n",
        Right("PastaMaker", "missing_node_type", "missing-node", ("57:8", "PastaMaker")),
    ),
    "what ComfyUI reports": (
        'got prompt\n{"type": "execution_error", "data": {"node_id": 5, "node_type": "VAEDecode", '
        '"exception_message": "", "exception_type": "StopIteration", "traceback": []}}\n',
        Right("StopIteration", "StopIteration", None, ("5", "VAEDecode")),
    ),
    "the older words with the node": (
        "got prompt\nError occurred when executing IPAdapter Advanced:\n\nbad shapes here\n\n"
        '  File "/comfyui/execution.py", line 151, in recursive_execute\n    x\n',
        Right("bad shapes here", None, None, (None, "IPAdapter Advanced")),
    ),
}
