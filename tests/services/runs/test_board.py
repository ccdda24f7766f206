"""What a board follows by itself, and how far back it reads."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dashboard.models import Board
from dashboard.services.runs import board, follow
from tests.builders import NOON

pytestmark = pytest.mark.django_db

TARGET = UUID(int=7)


@pytest.mark.parametrize(
    ("setting", "chosen", "everything"),
    [
        (None, None, True),
        (None, True, True),
        (None, False, False),
        ("all", False, True),
        ("chosen", True, False),
        ("chosen", None, False),
    ],
)
def test_the_setting_wins_over_an_admins_choice(
    settings: Any, setting: str | None, chosen: bool | None, everything: bool
) -> None:
    settings.FOLLOW_IS_SET, settings.FOLLOW = setting is not None, setting or "all"
    if chosen is not None:
        board.choose(chosen, NOON)
    assert board.follows_all() is everything


def test_the_first_start_is_kept() -> None:
    assert board.start(NOON).first_started_at == NOON
    assert board.start(NOON + timedelta(days=1)).first_started_at == NOON


def test_reading_past_runs_is_stopped_and_resumed() -> None:
    assert not board.history_stopped()
    board.stop_history(None, NOON)
    board.stop_history(None, NOON + timedelta(hours=1))
    assert Board.objects.get().history_stopped_at == NOON
    assert board.history_stopped()
    board.resume_history()
    assert not board.history_stopped()


@pytest.mark.parametrize(("days", "back"), [(0, None), (7, timedelta(days=7))])
def test_what_is_newly_followed_is_read_so_far_back(
    settings: Any, days: int, back: timedelta | None
) -> None:
    settings.BACKFILL_DAYS = days
    row, _ = follow.add("workflow", TARGET, NOON)
    assert row.history_from == (back and NOON - back)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("had", "word"), [(True, "chosen"), (False, None)])
def test_a_board_that_had_runs_keeps_what_was_chosen(had: bool, word: str | None) -> None:
    executor = MigrationExecutor(connection)
    before = executor.migrate([("dashboard", "0019_filling")]).apps
    try:
        if had:
            before.get_model("dashboard", "Run").objects.create(
                uuid=TARGET, first_seen_at=NOON, sorted_at=NOON
            )
        executor = MigrationExecutor(connection)
        executor.migrate([("dashboard", "0020_chosen")])
        found = Board.objects.first()
        assert (found and (found.follow, found.first_started_at)) == (word and (word, NOON))
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
