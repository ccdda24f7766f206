"""The sentences for known causes of failures."""

import pytest

from dashboard.domain.logs.causes import Cause, cause_in
from dashboard.presentation.run.cause_text import CAUSE_TEXTS, cause_text


def test_every_cause_says_what_usually_helps() -> None:
    assert list(CAUSE_TEXTS) == list(Cause)
    for text in CAUSE_TEXTS.values():
        assert text.advice.endswith(".")
        assert text.title and not text.title.endswith(".")
        assert not text.predicate or text.predicate[0].islower()


GPU, MAIN = "The run ran out of GPU memory", "The run ran out of memory"


@pytest.mark.parametrize(
    ("message", "exception", "title"),
    [
        ("CUDA out of memory. Tried to allocate 2.00 GiB", "torch.OutOfMemoryError", GPU),
        ("", "torch.cuda.OutOfMemoryError", GPU),
        ("Allocation on device 0 would exceed allowed memory. (out of memory)", "", GPU),
        ("MPS backend out of memory (MPS allocated: 9.0 GB)", "RuntimeError", GPU),
        ("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate", "RuntimeError", GPU),
        ("not enough GPU memory for this model", "", GPU),
        (
            "[enforce fail at alloc_cpu.cpp:114] . DefaultCPUAllocator: can't allocate memory: "
            "you tried to allocate 68719476736 bytes. Error code 12 (Cannot allocate memory)",
            "RuntimeError",
            MAIN,
        ),
        ("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes", "", MAIN),
        ("Unable to allocate 30.5 GiB for an array", "numpy._core._exceptions._ArrayMemoryError",
         MAIN),
        ("", "MemoryError", MAIN),
        ("[Errno 12] Cannot allocate memory", "OSError", MAIN),
        ("not enough memory", "", MAIN),
    ],
)  # fmt: skip
def test_memory_is_the_gpus_only_where_the_error_says_so(
    message: str, exception: str, title: str
) -> None:
    assert cause_in(message, exception) == Cause.OUT_OF_MEMORY
    found = cause_text(Cause.OUT_OF_MEMORY, message, exception)
    assert (found.title, found.word) == (title, "out-of-memory")
    assert ("GPU" in found.advice) == (title == GPU)
