"""The addresses of a run's stored files."""

from uuid import UUID

import pytest

from dashboard.models import Output, StoredFile
from dashboard.views.runs.file_address import file_facts, name_of, run_address

RUN = UUID(int=7)
FOLDER = f"/runs/{RUN}/files/3"


def test_a_copy_has_addresses_and_the_size_of_the_file_alone() -> None:
    stored = StoredFile(pk=3, reason="", size=1000, thumb_size=100, type="image/png")
    facts = file_facts(stored, Output(filename="a b.png"), run_address(RUN))
    assert facts.url == f"{FOLDER}/a%20b.png"
    assert facts.download_url == f"{FOLDER}/a%20b.png?download"
    assert facts.thumb_url == f"{FOLDER}/small.webp?small"
    assert facts.size == 900


def test_without_a_copy_there_is_the_reason_alone() -> None:
    facts = file_facts(StoredFile(pk=3, reason="removed", size=9), Output(), run_address(RUN))
    assert (facts.url, facts.download_url, facts.thumb_url, facts.size) == (None,) * 4
    assert facts.reason == "removed"


@pytest.mark.parametrize(
    ("output", "name"),
    [
        (Output(filename="cat.png"), "cat.png"),
        (Output(url="https://bucket.example/x/dog.png?signed=1"), "dog.png"),
    ],
)
def test_a_file_is_named_by_its_output_or_its_link(output: Output, name: str) -> None:
    assert name_of(output) == name
