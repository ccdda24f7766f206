"""Steps of a progress bar: done, the time of one, the time left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.steps import Steps, current_steps, steps_of


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        (" 40%|████      | 10/25 [00:03<00:04,  3.20it/s]", Steps(10, 25, 1 / 3.2, 4.0)),
        ("50%|█████     | 10/20 [00:05<00:05,  2.00it/s]", Steps(10, 20, 0.5, 5.0)),
        ("Sampling:  5%|▌  | 1/20 [00:12<03:48, 12.00s/it]", Steps(1, 20, 12.0, 228.0)),
        ("  0%|          | 0/20 [00:00<?, ?it/s]", Steps(0, 20)),
        (" 25%|█████     | 5/20", Steps(5, 20)),
        ("100%|██████████| 20/20 [1:00:00<00:00, 180.00s/it]", Steps(20, 20, 180.0, 0.0)),
        ("10%|█| 1/10 [00:01<1:02:03, 2.5s/it, loss=0.1]", Steps(1, 10, 2.5, 3723.0)),
        ("50%|█| 1/2 [00:01<?, 0.50it/s]", Steps(1, 2, 2.0, 2.0)),
    ],
)
def test_steps_of_a_bar(line: str, steps: Steps) -> None:
    assert steps_of(line) == steps


@pytest.mark.parametrize(
    "line",
    [
        "",
        "got prompt",
        "model.safetensors:  45%|████▌     | 1.07G/2.40G [00:21<00:26, 50.1MB/s]",
        "a.bin:  45%|████▌     | 450/1000 [00:21<00:26, 50.1B/s]",
        "  0%|          | 0/0 [00:00<?, ?it/s]",
        "150%|██████████| 30/20 [00:00<00:00, 3.0it/s]",
        "50%|█| 10/20 [00:05<00:05, 2.00it/s] and more",
        "50%|█| 999999/999999 [00:05<00:05, 2.00it/s]",
        "50%|" + "█" * 3000 + "| 10/20",
    ],
)
def test_other_lines_have_no_steps(line: str) -> None:
    assert steps_of(line) is None


@pytest.mark.parametrize("rate", ["0.00it/s", "0.000001it/s"])
def test_a_rate_that_says_nothing_is_left_out(rate: str) -> None:
    assert steps_of(f"50%|█| 10/20 [00:05<?, {rate}]") == Steps(10, 20)


@given(st.text(alphabet="0123456789%|[]/<:, .it/s█?", max_size=300))
def test_any_text_is_survived(text: str) -> None:
    steps = steps_of(text)
    assert steps is None or 0 <= steps.done <= steps.total


def lines(*texts: str) -> list[LogLine]:
    return [LogLine(None, text) for text in texts]


BAR = "50%|█| 10/20 [00:05<00:05, 2.00it/s]"


def test_the_last_line_tells_where_the_run_is() -> None:
    assert current_steps(lines("got prompt", BAR, "", " ")) == Steps(10, 20, 0.5, 5.0)


def test_a_bar_that_is_full_or_gone_by_says_nothing() -> None:
    assert current_steps(lines(BAR.replace("10/20", "20/20"))) is None
    assert current_steps(lines(BAR, "Prompt executed in 3.00 seconds")) is None
    assert current_steps([]) is None
