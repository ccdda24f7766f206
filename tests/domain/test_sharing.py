"""What a share link gives: scopes, lifetimes, and the fields of a run that may leave."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from dashboard.domain import sharing
from dashboard.presentation.run.display import run_display
from tests.timed_run import done, live, lost

NOW = datetime(2026, 11, 23, 14, 9, tzinfo=UTC)


def test_outputs_and_times_are_ticked_at_first_and_nothing_else() -> None:
    assert {"outputs", "times"} == sharing.DEFAULT_SCOPES


@pytest.mark.parametrize(("life", "days"), [("1", 1), ("7", 7), ("30", 30), ("never", None)])
def test_a_link_ends_after_its_days(life: str, days: int | None) -> None:
    assert sharing.end_of_lifetime(life, NOW) == (NOW + timedelta(days=days) if days else None)


def test_no_other_life_is_known() -> None:
    with pytest.raises(KeyError):
        sharing.end_of_lifetime("365", NOW)


def test_words_that_are_no_scopes_give_nothing() -> None:
    assert sharing.known_scopes(["outputs", "everything", ""]) == {"outputs"}


def test_a_reader_is_told_of_no_key_no_limit_and_no_other_run() -> None:
    troubled = replace(
        lost(), trouble="key-rejected", everybody=True, storage="Disk full.", shared=(400, 10.0)
    )
    visibility = sharing.reader_visibility(live(), troubled)
    assert (visibility.trouble, visibility.storage, visibility.shared, visibility.everybody) == (
        None,
        None,
        None,
        False,
    )
    assert visibility.stale and visibility.lost
    notice = run_display(live(), visibility, title="Shared run").notice
    assert notice is not None
    assert notice.bold.startswith("No answer from ComfyDeploy for")


SETS = [some for n in range(6) for some in combinations(sharing.ALL_SCOPES, n)]


class AnyRun:
    """A run with every attribute there may ever be: each has its own name as its value."""

    def __getattr__(self, name: str) -> str:
        return name


@pytest.mark.parametrize("scopes", SETS, ids="-".join)
def test_readers_get_the_fields_of_their_scopes_and_no_others(scopes: tuple[str, ...]) -> None:
    allowed = {*sharing.STATE_FIELDS}
    for scope in scopes:
        allowed |= {*sharing.SCOPE_FIELDS.get(scope, ())}
    view = sharing.redacted_view(AnyRun(), scopes)
    given = {f.name for f in fields(view) if getattr(view, f.name) == f.name}
    assert given == allowed


def test_each_field_belongs_to_one_scope_and_none_is_without() -> None:
    named = [*sharing.STATE_FIELDS, *(f for some in sharing.SCOPE_FIELDS.values() for f in some)]
    assert sorted(named) == sorted(f.name for f in fields(sharing.RedactedRun))


def test_a_column_that_nobody_listed_stays_here() -> None:
    assert not hasattr(sharing.redacted_view(AnyRun(), sharing.ALL_SCOPES), "answer_digest")


def test_without_times_a_finished_run_tells_its_state_alone() -> None:
    view = sharing.redacted_view(done(), {"outputs"})
    assert (view.status, view.finished, view.total, view.gpu) == ("success", True, None, None)
