"""Known causes of failures: by an error's type and message, by what the log said, by the status."""

import pytest

from dashboard.domain.logs.causes import LONGEST_READ, Cause, cause_in, cause_of

# A type ("" where none is told), a message, and the cause that it has.
EXAMPLES = (
    ("", "Allocation on device 0 would exceed allowed memory. (out of memory)", "out-of-memory"),
    ("torch.OutOfMemoryError", "Tried to allocate 2.37 GiB", "out-of-memory"),
    ("RuntimeError", "CUDA error: out of memory", "out-of-memory"),
    ("torch.cuda.OutOfMemoryError", "HIP out of memory", "out-of-memory"),
    ("RuntimeError", "MPS backend out of memory (MPS allocated: 9 GB)", "out-of-memory"),
    ("RuntimeError", "cuDNN error: CUDNN_STATUS_ALLOC_FAILED", "out-of-memory"),
    ("", "Required input is missing: image", "invalid-inputs"),
    ("", "Value 0 smaller than min of 1: steps", "invalid-inputs"),
    ("", "Value not in list: vae_decode: 'auto' not in ['true', 'false']", "invalid-inputs"),
    ("", "Model in folder 'checkpoints' with filename 'a.ckpt' not found.", "missing-model"),
    ("", "Value not in list: ckpt_name: 'a.safetensors'", "missing-model"),
    ("", "Value not in list: gguf: 'flux-Q4.gguf' not in []", "missing-model"),
    (
        "FileNotFoundError",
        "[Errno 2] No such file or directory: '/comfyui/models/vae/a.safetensors'",
        "missing-model",
    ),
    ("OSError", "x/y does not appear to have a file named model.safetensors.", "missing-model"),
    ("", "Cannot execute because node VHS_Load does not exist.", "missing-node"),
    ("RuntimeError", "mat1 and mat2 shapes cannot be multiplied (77x768 and 2048x64)", "misfit"),
    ("RuntimeError", "The size of tensor a (64) must match the size of tensor b (96)", "misfit"),
    ("", "Operation timed out", "timed-out"),
    ("modal.exception.FunctionTimeoutError", "Task's input hit its timeout of 300s", "timed-out"),
    ("", "Error: Server on port 8188 not ready after 120 seconds", "start-up"),
    ("OSError", "[Errno 98] error while attempting to bind: address already in use", "start-up"),
    ("RuntimeError", "DataLoader worker (pid 77) is killed by signal: Killed.", "killed"),
    (
        "subprocess.CalledProcessError",
        "Command '['ffmpeg']' died with <Signals.SIGKILL: 9>.",
        "killed",
    ),
    ("httpx.ReadTimeout", "", "call-timed-out"),
    ("socket.timeout", "timed out", "call-timed-out"),
    ("TimeoutError", "", "call-timed-out"),
    ("asyncio.exceptions.TimeoutError", "", "call-timed-out"),
    ("subprocess.TimeoutExpired", "Command 'ffmpeg' timed out after 30 seconds", "call-timed-out"),
    ("requests.exceptions.ConnectTimeout", "HTTPSConnectionPool(host='a')", "call-timed-out"),
    ("", "ReadTimeout: HTTPSConnectionPool(host='a'): Read timed out.", "call-timed-out"),
    ("ConnectionRefusedError", "[Errno 111] Connection refused", "network"),
    ("requests.exceptions.ConnectionError", "HTTPConnectionPool(host='a')", "network"),
    ("socket.gaierror", "[Errno -2] Name or service not known", "network"),
    ("requests.exceptions.SSLError", "certificate verify failed", "network"),
    ("requests.exceptions.HTTPError", "429 Client Error: Too Many Requests for url: x", "network"),
    ("urllib.error.HTTPError", "HTTP Error 503: Service Unavailable", "network"),
    ("Exception", "Failed to connect to Ollama. Please check that it is running.", "network"),
    ("OSError", "[Errno 28] No space left on device", "disk-full"),
    ("RuntimeError", "PytorchStreamWriter: [Errno 28] No space left on device", "disk-full"),
    ("OSError", "[Errno 122] Disk quota exceeded: '/comfyui/output'", "disk-full"),
    (
        "FileNotFoundError",
        "[Errno 2] No such file or directory: '/comfyui/input/a.png'",
        "missing-file",
    ),
    ("FileNotFoundError", "[Errno 2] No such file or directory: 'ffmpeg'", "missing-file"),
    ("RuntimeError", "CUDA error: an illegal memory access was encountered", "cuda"),
    ("RuntimeError", "CUDA error: no kernel image is available for execution", "cuda"),
    ("RuntimeError", "CUDA error: device-side assert triggered", "cuda"),
    ("RuntimeError", "The NVIDIA driver on your system is too old (found version 12020)", "cuda"),
    ("AssertionError", "Torch not compiled with CUDA enabled", "cuda"),
    ("ModuleNotFoundError", "No module named 'insightface'", "import"),
    ("ImportError", "cannot import name 'cached_download' from 'huggingface_hub'", "import"),
    ("ImportError", "libGL.so.1: cannot open shared object file", "import"),
    (
        "ImportError",
        "libGL.so.1: cannot open shared object file: No such file or directory",
        "import",
    ),
    ("OSError", "libcudart.so.12: cannot open shared object file: No such file", "import"),
    ("RuntimeError", "The expanded size of the tensor (64) must match the existing size", "misfit"),
    ("requests.exceptions.ChunkedEncodingError", "Connection broken", "network"),
    ("http.client.IncompleteRead", "IncompleteRead(12 bytes read)", "network"),
    ("ssl.SSLEOFError", "EOF occurred in violation of protocol (_ssl.c:2406)", "network"),
    ("urllib.error.URLError", "<urlopen error [Errno -3] Try again>", "network"),
    ("urllib.error.URLError", "<urlopen error timed out>", "call-timed-out"),
    ("aiohttp.client_exceptions.ClientResponseError", "502, message='Bad Gateway'", "network"),
    ("aiohttp.ClientResponseError", "504, message='Gateway Timeout'", "call-timed-out"),
    ("urllib.error.HTTPError", "HTTP Error 504: Gateway Time-out", "call-timed-out"),
)
# What sounds like a cause and is none, or is another.
COUNTER_EXAMPLES = (
    ("out-of-memory", "ValueError", "no style for 'a robot, out of memory, neon rain'"),
    ("out-of-memory", "RuntimeError", "CUDA error: an illegal memory access was encountered"),
    ("invalid-inputs", "ValueError", "the prompt must not be empty"),
    ("invalid-inputs", "ValueError", "Invalid prompt word: dragon"),
    ("missing-model", "FileNotFoundError", "[Errno 2] No such file or directory: 'input/a.png'"),
    ("missing-model", "", "Value not in list: vae_decode: 'auto' not in ['true', 'false']"),
    ("missing-node", "KeyError", "'node'"),
    ("misfit", "ValueError", "size must be positive"),
    ("timed-out", "httpx.ReadTimeout", "The read operation timed out"),
    ("timed-out", "TimeoutError", "Operation timed out"),
    ("start-up", "RuntimeError", "the sampler did not start"),
    ("killed", "ValueError", "a dragon, killed"),
    ("killed", "subprocess.CalledProcessError", "returned non-zero exit status 1."),
    ("call-timed-out", "ValueError", "timeout must be at least 1"),
    ("call-timed-out", "modal.exception.FunctionTimeoutError", ""),
    ("network", "requests.exceptions.HTTPError", "404 Client Error: Not Found for url: x"),
    ("network", "RuntimeError", "size 503 is too large"),
    ("disk-full", "OSError", "[Errno 2] no such device"),
    ("missing-file", "OSError", "[Errno 28] No space left on device"),
    ("missing-file", "ValueError", "no file was given"),
    ("cuda", "torch.OutOfMemoryError", "CUDA out of memory. Tried to allocate 2 GiB"),
    ("cuda", "RuntimeError", "Expected all tensors to be on cuda:0"),
    ("import", "ValueError", "could not import the picture"),
    ("import", "KeyError", "'ImportError'"),
    ("not-sent", "RuntimeError", "the mail was not sent"),
)


@pytest.mark.parametrize(("kind", "message", "cause"), EXAMPLES)
def test_errors_are_told_apart(kind: str, message: str, cause: str) -> None:
    assert cause_in(message, kind) == cause


@pytest.mark.parametrize(("cause", "kind", "message"), COUNTER_EXAMPLES)
def test_what_only_sounds_like_a_cause_is_none(cause: str, kind: str, message: str) -> None:
    assert cause_in(message, kind) != cause


def test_every_cause_has_an_example_and_a_counter_example() -> None:
    # That a run was never sent is told by its stamps, not by any text.
    assert {cause for *_, cause in EXAMPLES} == set(Cause) - {Cause.NOT_SENT}
    assert {cause for cause, *_ in COUNTER_EXAMPLES} == set(Cause)


@pytest.mark.parametrize(
    "message", ["list index out of range", "'NoneType' object is not iterable", "", "x: y: z"]
)
def test_most_errors_have_no_known_cause(message: str) -> None:
    assert cause_in(message) is None


def test_a_timeout_is_a_known_cause_without_any_words() -> None:
    assert cause_of("timeout") is Cause.TIMED_OUT
    assert cause_of("timeout", "CUDA out of memory") is Cause.OUT_OF_MEMORY
    assert cause_of("failed") is None
    assert cause_of("failed", "boom", "ValueError") is None


def test_the_cause_that_was_found_in_the_log_wins() -> None:
    assert cause_of("failed", "CUDA out of memory", log_cause="start-up") is Cause.START_FAILED
    assert cause_of("failed", log_cause="a word of another release") is None


@pytest.mark.parametrize(
    "word", ["out-of-memory", "invalid-inputs", "missing-model", "missing-node", "misfit"]
    + ["timed-out", "start-up", "not-sent"],
)  # fmt: skip
def test_words_that_were_stored_stay_readable(word: str) -> None:
    assert cause_of("failed", log_cause=word) == word


def test_only_the_beginning_of_a_long_text_is_searched() -> None:
    assert cause_in("x" * LONGEST_READ + " CUDA out of memory") is None
