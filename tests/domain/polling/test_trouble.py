"""Trouble words: one for each way in which a request can fail."""

from dashboard.domain.polling.trouble import Trouble
from dashboard.upstream.errors import UpstreamError


def test_every_word_belongs_to_one_error() -> None:
    words = [error.trouble for error in UpstreamError.__subclasses__()]
    assert sorted(set(words)) == sorted(Trouble)


def test_a_word_is_its_own_text_in_the_database_and_in_json() -> None:
    assert f"{Trouble.RATE_LIMITED}" == str(Trouble.RATE_LIMITED) == "rate-limited"
