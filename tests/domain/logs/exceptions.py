"""Exceptions as Python and torch write them, each with what is to be read."""

from tests.domain.logs.stories import BAR, DONE, FRAMES, MARK, Right, raised

EXCEPTIONS: dict[str, tuple[str, Right]] = {
    "no message": (raised("StopIteration"), Right("StopIteration", "StopIteration", None)),
    "interrupt": (raised("KeyboardInterrupt"), Right("KeyboardInterrupt", "KeyboardInterrupt")),
    "assertion": (raised("AssertionError"), Right("AssertionError", "AssertionError", None)),
    "plain": (raised("Exception: no faces found"), Right("no faces found", "Exception", None)),
    "lower case": (raised("cv2.error: bad"), Right("bad", "cv2.error", None)),
    "struct": (
        raised("struct.error: unpack requires a buffer of 4 bytes"),
        Right("unpack", "struct.error"),
    ),
    "dotted": (
        raised("httpx.ReadTimeout: The read operation timed out"),
        Right("The read", "httpx.ReadTimeout", "call-timed-out"),
    ),
    "subprocess": (
        raised("subprocess.TimeoutExpired: Command '['ffmpeg', '-i']' timed out after 30 seconds"),
        Right("timed out after 30", "subprocess.TimeoutExpired", "call-timed-out"),
    ),
    "local class": (
        raised("pasta.load.<locals>.Bad: x"),
        Right("x", "pasta.load.<locals>.Bad", None),
    ),
    "unicode": (raised("Größenfehler: zu groß"), Right("zu groß", "Größenfehler", None)),
    "mismatches below": (
        raised(
            "RuntimeError: Error(s) in loading state_dict for UNet:\n"
            '\tMissing key(s) in state_dict: "a.weight".\n\tsize mismatch for b.weight: copying'
        )
        + DONE,
        Right("size mismatch for b.weight: copying", "RuntimeError", "misfit"),
    ),
    "torch's advice at the margin": (
        raised(
            "RuntimeError: CUDA error: device-side assert triggered\n"
            "CUDA kernel errors might be asynchronously reported at some other API call\n"
            "For debugging consider passing CUDA_LAUNCH_BLOCKING=1"
        )
        + DONE,
        Right("CUDA_LAUNCH_BLOCKING=1", "RuntimeError", "cuda", not_message="Prompt executed"),
    ),
    "ffmpeg's words below": (
        raised("Exception: An error occurred in the ffmpeg subprocess:\nUnknown encoder 'hevc'")
        + DONE,
        Right("Unknown encoder 'hevc'", "Exception", None, not_message="Prompt executed"),
    ),
    "syntax error with carets": (
        "Traceback (most recent call last):\n"
        '  File "/comfyui/custom_nodes/expr/nodes.py", line 9, in run\n    eval(text)\n'
        '  File "<string>", line 1\n    a +\n       ^\nSyntaxError: invalid syntax\n',
        Right("invalid syntax", "SyntaxError", None),
    ),
    "direct cause": (
        FRAMES + "KeyError: 'clip_l'\n\nThe above exception was the direct cause of the following "
        "exception:\n\n" + FRAMES + "RuntimeError: could not load the text encoder\n",
        Right("'clip_l'\n→ RuntimeError: could not load", "KeyError", None),
    ),
    "during handling": (
        FRAMES + "ConnectionRefusedError: [Errno 111] Connection refused\n\nDuring handling of the "
        "above exception, another exception occurred:\n\n"
        + FRAMES
        + "urllib3.exceptions.MaxRetryError: HTTPConnectionPool(host='a'): Max retries exceeded\n\n"
        "During handling of the above exception, another exception occurred:\n\n"
        + FRAMES
        + "requests.exceptions.ConnectionError: HTTPConnectionPool(host='a')\n",
        Right("[Errno 111] Connection refused\n→ requests", "ConnectionRefusedError", "network"),
    ),
    "the marked one is the last of a chain": (
        f"{MARK}second\n{FRAMES}ValueError: first\n\nDuring handling of the above exception, "
        f"another exception occurred:\n\n{FRAMES}RuntimeError: second\n",
        Right("first\n→ RuntimeError: second", "ValueError", None),
    ),
    "fields at the margin": (
        raised(
            "pydantic_core._pydantic_core.ValidationError: 1 validation error for Job\n"
            "prompt\n  Input should be a valid string"
        )
        + DONE,
        Right("prompt\n  Input should be a valid string", "…", None, not_message="executed"),
    ),
    "fields at the margin of a handled one": (
        raised(
            "pydantic_core._pydantic_core.ValidationError: 2 validation errors for Job\n"
            "prompt\n  Input should be a valid string\nsize.0.width\n  Field required",
            marked=False,
        )
        + "Cleaning up\n",
        Right("size.0.width\n  Field required", "…", None),
    ),
    "JSON at the margin": (
        raised(
            'Exception: API error 400:\n{\n  "error": {\n"message": "Invalid ratio"\n  }\n}',
            marked=False,
        )
        + "Cleaning up",
        Right('"message": "Invalid ratio"\n  }\n}', "Exception", None),
    ),
    "a list at the margin": (
        raised('fal.Error: [\n{"loc": ["body"], "msg": "no"}\n]', marked=False) + DONE,
        Right('"msg": "no"}\n]', "fal.Error", None, not_message="executed"),
    ),
    "a status after a colon": (
        raised("RuntimeError: failed:", marked=False) + '{"type":"status","data":{}}\n' + DONE,
        Right("failed:", "RuntimeError", None, not_message="status"),
    ),
    "an object that is never closed": (
        raised("RuntimeError: bad config {", marked=False) + "one\ntwo\nUploading outputs\n",
        Right("bad config {", "RuntimeError", None),
    ),
    "a bracket that stays open": (
        raised("ValueError: sad :(\n", marked=False) + "Uploading outputs\n",
        Right("sad :(", "ValueError", None),
    ),
    "a bar within the frames": (
        FRAMES.replace('  File "/comfyui/custom', BAR + '  File "/comfyui/custom')
        + BAR
        + "ValueError: bad mask\n",
        Right("bad mask", "ValueError", None),
    ),
    "a bar before it on its line": (
        BAR.rstrip() + raised("ValueError: bad mask") + DONE,
        Right("bad mask", "ValueError", None),
    ),
    "a group": (
        "  + Exception Group Traceback (most recent call last):\n"
        '  |   File "/a/b.py", line 3, in run\n  |     async with TaskGroup() as group:\n'
        "  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)\n"
        "  +-+---------------- 1 ----------------\n"
        "    | Traceback (most recent call last):\n"
        '    |   File "/a/b.py", line 9, in get\n    |     raise ValueError("boom")\n'
        "    | ValueError: boom\n    +------------------------------------\n",
        Right("boom", "ValueError", None),
    ),
    "a thread's name before": (
        "Exception in thread Thread-5 (prompt_worker):\n" + raised("TypeError: x", marked=False),
        Right("x", "TypeError", None),
    ),
    "repeated frames": (
        "Traceback (most recent call last):\n"
        '  File "/a/b.py", line 3, in f\n    f()\n  [Previous line repeated 996 more times]\n'
        "RecursionError: maximum recursion depth exceeded\n",
        Right("maximum recursion depth exceeded", "RecursionError", None),
    ),
    "another thread's line between": (
        'Traceback (most recent call last):\n  File "/a/b.py", line 3, in f\n[Manager] fetched\n'
        "    f()\nOSError: broken data stream\n",
        Right("broken data stream", "OSError", None),
    ),
}
