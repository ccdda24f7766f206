"""The shared state: heartbeats, ComfyDeploy's last answer, the state of the key."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.models import SharedState
from dashboard.services.comfydeploy import shared_state
from dashboard.simulator import Simulator
from dashboard.upstream.errors import KeyRejected, NotFound, Unreachable

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_a_watcher_that_has_left_counts_no_more() -> None:
    now = timezone.now()
    shared_state.write_heartbeat(now, "one", 10)
    shared_state.remove_heartbeat("one")
    assert shared_state.watchers_rate(now) == 0
    assert shared_state.watcher_alive(SharedState.read(), now)


def test_rates_add_up_and_silent_watchers_drop_out() -> None:
    now = timezone.now()
    shared_state.write_heartbeat(now - 11 * SECOND, "silent", 5)
    shared_state.write_heartbeat(now, "one", 10)
    shared_state.write_heartbeat(now, "two", 2.5)
    assert shared_state.watchers_rate(now) == 12.5
    shared_state.write_heartbeat(now + 60 * SECOND, "one", 10)
    assert not SharedState.objects.filter(name="watcher:silent").exists()


def test_a_watcher_is_alive_for_ten_seconds_after_its_heartbeat() -> None:
    now = timezone.now()
    assert not shared_state.watcher_alive(SharedState.read(), now)
    shared_state.write_heartbeat(now, "one", 10)
    shared = SharedState.read()
    assert shared_state.watcher_alive(shared, now + 9 * SECOND)
    assert not shared_state.watcher_alive(shared, now + 10 * SECOND)


def test_a_rejected_key_is_that_key_alone(settings) -> None:  # type: ignore[no-untyped-def]
    now = timezone.now()
    shared_state.record_answer(KeyRejected("no"), now)
    assert shared_state.key_rejected(SharedState.read())
    settings.COMFYDEPLOY_API_KEY = "another"
    assert not shared_state.key_rejected(SharedState.read())


def test_a_missing_run_shows_that_the_key_is_accepted_and_silence_shows_nothing() -> None:
    now = timezone.now()
    shared_state.record_answer(Unreachable("no"), now)
    assert SharedState.read() == {}
    shared_state.record_answer(NotFound("no"), now)
    assert SharedState.read()["key"].word.startswith("accepted ")


def test_the_same_is_written_at_most_every_five_seconds() -> None:
    now = timezone.now()
    for seconds in (0, 4, 6):
        shared_state.record_answer(None, now + seconds * SECOND)
        written = 0 if seconds < 5 else 6
        assert SharedState.read()["upstream"].at == now + written * SECOND


def test_checking_the_key_asks_comfydeploy(upstream: Simulator, settings) -> None:  # type: ignore[no-untyped-def]
    assert shared_state.check_key() == "ComfyDeploy accepts the key."
    settings.COMFYDEPLOY_API_KEY = "wrong"
    assert shared_state.check_key().startswith("ComfyDeploy rejects this server's key.")
    assert shared_state.key_rejected(SharedState.read())
    settings.COMFYDEPLOY_API_KEY = ""
    assert "No COMFYDEPLOY_API_KEY is set" in shared_state.check_key()
