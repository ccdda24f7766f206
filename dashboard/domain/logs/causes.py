"""Why runs fail: the causes that are known by an error's own type and message."""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_READ = 20_000
"""Characters of a message in which a cause is searched for."""


class Cause(StrEnum):
    """A known cause of a failure, by the word that pages and the database have for it."""

    OUT_OF_MEMORY = "out-of-memory"
    INVALID_INPUTS = "invalid-inputs"
    MISSING_MODEL = "missing-model"
    MISSING_NODE = "missing-node"
    MISMATCHED_PARTS = "misfit"
    TIMED_OUT = "timed-out"
    START_FAILED = "start-up"
    NOT_SENT = "not-sent"
    KILLED = "killed"
    CALL_TIMED_OUT = "call-timed-out"
    NETWORK = "network"
    DISK_FULL = "disk-full"
    MISSING_FILE = "missing-file"
    CUDA = "cuda"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A cause by an exception's type (its last name, whole) or by words of its message."""

    cause: Cause
    kind: re.Pattern[str]
    words: re.Pattern[str]


_MODEL_FILE = r"\.(?:safetensors|sft|ckpt|pth?|gguf|onnx|bin)\b"
_NEVER = r"(?!)"


def _rule(cause: Cause, kind: str = _NEVER, words: str = _NEVER) -> _Rule:
    return _Rule(cause, re.compile(kind), re.compile(words, re.IGNORECASE))


# The first rule that matches wins: a missing model is reported as an invalid input too.
_RULES = (
    _rule(
        Cause.OUT_OF_MEMORY,
        r"(?:\w*OutOfMemory(?:Error)?|_?ArrayMemoryError|MemoryError)",
        r"\b(?:CUDA|HIP|MPS backend|XPU|GPU|VRAM|device)\b[^'\"]{0,40}out of memory"
        r"|\(out of memory\)|^(?:ran )?out of memory\b|allocation on device"
        r"|not enough (?:gpu |video |free )?memory|failed to allocate memory for requested buffer"
        r"|CU(?:BLAS|DNN)_STATUS_ALLOC_FAILED|defaultcpuallocator: |cannot allocate memory",
    ),
    _rule(
        Cause.MISSING_NODE,
        words=r"node .{1,200}? (?:does not exist|not found)|missing_node_type"
        r"|cannot execute because (?:a )?node|unknown node type",
    ),
    _rule(
        Cause.MISSING_MODEL,
        words=r"value not in list: *(?:ckpt|checkpoint|model|lora|vae|unet|clip|control_?net"
        r"|style_model|upscale_model)(?:_name|_path|_file)?\d?:"
        rf"|value not in list: *\w{{1,80}}: *'[^']{{0,300}}{_MODEL_FILE}"
        r"|model in folder .{1,200}? not found"
        rf"|no such file or directory.{{0,300}}?(?:{_MODEL_FILE}|/models/)"
        rf"|{_MODEL_FILE}.{{0,80}}?(?:not found|does not exist)"
        rf"|does not appear to have a file named .{{0,100}}?{_MODEL_FILE}",
    ),
    _rule(
        Cause.INVALID_INPUTS,
        words=r"prompt_outputs_failed_validation|prompt outputs failed validation"
        r"|failed to validate prompt|value not in list|required input is missing"
        r"|value .{1,80}? (?:smaller|bigger) than (?:min|max)|return type mismatch"
        r"|custom validation failed|exception when validating|prompt has no outputs"
        r"|^invalid prompt(?::|$)",
    ),
    _rule(
        Cause.MISMATCHED_PARTS,
        words=r"shapes cannot be multiplied|size mismatch for|sizes of tensors must match"
        r"|expected input\[.{1,60}?\] to have \d+ channels"
        r"|the (?:size of tensor a|expanded size of the tensor) \(\d+\) must match"
        r"|shape .{1,60}? is invalid for input of size",
    ),
    _rule(
        Cause.DISK_FULL,
        words=r"\[Errno 28\]|\[Errno 122\]|no space left on device|disk quota exceeded"
        r"|not enough (?:free )?disk space|database or disk is full",
    ),
    _rule(
        Cause.START_FAILED,
        words=r"comfyui (?:server )?(?:failed|did not|could not) (?:to )?start"
        r"|server failed to start|^(?:error: )?server on port \d+ (?:not|did not|never)"
        r"|address already in use|failed to start comfyui",
    ),
    _rule(
        Cause.CUDA,
        words=r"\bCUDA (?:kernel )?error\b|CUDA driver|no kernel image|device-side assert"
        r"|illegal memory access|CU(?:BLAS|DNN|SPARSE|SOLVER)_STATUS_\w+|cuDNN error"
        r"|NVIDIA driver|no CUDA GPUs|not compiled with CUDA|NCCL error|nvrtc: error",
    ),
    _rule(
        Cause.KILLED,
        words=r"killed by signal|died with <Signals\.SIG(?:KILL|SEGV|BUS)|\bSIGKILL\b"
        r"|non-zero exit status (?:-9|-11|137|139)\b"
        r"|exited unexpectedly.{0,60}(?:killed|signal 9)",
    ),
    _rule(
        Cause.CALL_TIMED_OUT,
        r"(?:(?:Read|Connect|Write|Pool|API|Server|Socket|Async)?Time(?:d)?[oO]ut(?:Error)?"
        r"|timeout|TimeoutExpired|TimeoutException|ServerTimeoutError|ConnectTimeoutError"
        r"|ReadTimeoutError|ConnectionTimeoutError|APITimeoutError|DeadlineExceeded)",
        r"\bread timed out\b|\btimed out after [\d.]+ ?s|connection timed out"
        r"|^(?:the )?(?:request|read|connection|http request|api call) timed out"
        r"|urlopen error timed out|\b504(?: server error|(?:, message=|:)? ?'?gateway time)",
    ),
    _rule(
        Cause.TIMED_OUT,
        r"(?:FunctionTimeoutError|InputCancellation|RunTimeout(?:Error)?)",
        r"^(?:error: )?(?:the )?(?:operation|run|execution|function|task) timed out\b"
        r"|^run_timeout\b|\bhit its timeout of \d|\bexceeded (?:the|its|a) [\w ]{0,30}timeout"
        r"|^extended timeout",
    ),
    _rule(
        Cause.NETWORK,
        r"(?:\w*ConnectionError|ConnectError|Connection(?:Refused|Reset|Aborted)Error"
        r"|MaxRetryError|NewConnectionError|\w*SSL\w*Error|gaierror|IncompleteRead|ChunkedEncodingError"
        r"|NameResolutionError|RemoteDisconnected|RemoteProtocolError|ProtocolError|ReadError"
        r"|ProxyError|URLError|ClientConnector\w*Error|ServerDisconnectedError"
        r"|RateLimitError|InternalServerError|ServiceUnavailable\w*|LocalEntryNotFoundError)",
        r"connection (?:refused|reset|aborted)|name or service not known"
        r"|temporary failure in name resolution|failed to resolve|network is unreachable"
        r"|no route to host|max retries exceeded|CERTIFICATE_VERIFY_FAILED"
        r"|(?:couldn't|could not|failed to|cannot) connect to\b|remote end closed connection"
        r"|\b(?:is not reachable|is unreachable)\b"
        r"|\b(?:429|50[0-3])(?:, message=|:)? ?'?(?:client error|server error|too many requests"
        r"|internal server error|bad gateway|service unavailable)"
        r"|(?:HTTP|status)(?: error| code)?:? ?(?:429|50[0-3])\b|error code: (?:429|50[0-3])\b",
    ),
    _rule(
        Cause.IMPORT,
        r"(?:ModuleNotFoundError|ImportError)",
        r"^no module named |^cannot import name |^DLL load failed"
        r"|cannot open shared object file|^undefined symbol",
    ),
    _rule(Cause.MISSING_FILE, r"FileNotFoundError", r"\[Errno 2\]|no such file or directory"),
)
_LEADING_TYPE = re.compile(r"([^\W\d][\w.]{1,120}): ")


def cause_in(message: str, exception_type: str = "") -> Cause | None:
    """The known cause that an error's type or message names, or None.

    Where no type is told, a message may begin with one, as `TimeoutError: …` does.
    """
    head = message[:LONGEST_READ]
    leading = None if exception_type else _LEADING_TYPE.match(head)
    kind = exception_type or (leading[1] if leading else "")
    text = head[leading.end() :] if leading and _is_type(kind) else head
    last = kind.rsplit(".", 1)[-1]
    for rule in _RULES:
        if rule.kind.fullmatch(last) or rule.words.search(text):
            return rule.cause
    return None


def _is_type(name: str) -> bool:
    return "." in name or (name.endswith(("Error", "Exception", "Timeout")) and name != "Error")


def cause_of(
    status: str | None, message: str = "", exception_type: str = "", log_cause: str | None = None
) -> Cause | None:
    """The known cause of a run's failure, or None.

    `log_cause` is the word that was stored when the log was read; without one
    the error's own text decides, then the status.
    """
    if log_cause:
        return next((cause for cause in Cause if cause == log_cause), None)
    found = cause_in(message, exception_type)
    return Cause.TIMED_OUT if found is None and status == "timeout" else found
