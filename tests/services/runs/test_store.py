"""What is stored of an answer."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from dashboard.domain.run.changes import fold
from dashboard.models import Output, Payload, Run, Snapshot
from dashboard.services.runs.claims import claim
from dashboard.services.runs.fetch import track_run
from dashboard.upstream.reader import read_run
from tests.builders import NOON, ClaimLost, answer, body, element, running, store, store_answer

pytestmark = pytest.mark.django_db


def test_a_run_is_stored_with_its_columns() -> None:
    run = store(answer(outputs=[element()]), NOON)
    run.refresh_from_db()
    assert (run.status, run.finished, run.progress) == ("success", True, 1.0)
    assert run.queue_wait == pytest.approx(1.4)
    assert (run.cold_start, run.before_run, run.run, run.total) == (31.2, 32.6, 12.3, 44.9)
    assert run.start_kind == "cold"
    assert run.sorted_at == NOON
    assert run.inputs == {"seed": 42, "prompt": "a cat"}
    assert run.prompt == "a cat"
    assert run.output_count == 1
    assert run.picture_url.endswith(".png")


def test_an_unchanged_answer_makes_no_snapshot() -> None:
    payload = answer()
    store(payload)
    run = store(payload)
    assert run.snapshots.count() == run.snapshot_count == 1
    assert run.version == 1


def test_a_changed_answer_stores_the_changed_fields_alone() -> None:
    first = running()
    store(first)
    run = store({**first, "progress": 0.62, "live_status": "Executing VAEDecode"})
    latest = run.snapshots.latest("id")
    assert latest.changes == {"progress": 0.62, "live_status": "Executing VAEDecode"}
    assert run.version == 2


def test_snapshots_fold_back_to_every_answer() -> None:
    first = running()
    one = element("a.png")
    answers = [first, {**first, "outputs": [one]}, {**first, "outputs": [one, element("b.png")]}]
    for payload in answers:
        run = store(payload)
    folded = list(fold((s.changes, s.dropped) for s in run.snapshots.order_by("id")))
    assert folded == answers


def test_400_outputs_that_arrive_one_by_one_are_stored_once_each() -> None:
    elements = [element(f"{n:03}.png") for n in range(40)]
    first = running()
    for count in range(0, 41, 8):
        run = store({**first, "outputs": elements[:count]})
    stored = json.dumps([s.changes for s in run.snapshots.all()])
    assert stored.count('"filename"') == 40
    assert run.outputs.count() == 40


def signed(name: str, signature: str, date: str = "20261123T171109Z") -> dict[str, object]:
    made = element(name, id="11111111-0000-4000-8000-000000000000")
    made["data"]["images"][0]["url"] += (
        f"?X-Amz-Date={date}&X-Amz-Expires=3600&X-Amz-Signature={signature}"
    )
    return made


def test_another_signature_is_no_change_and_the_newest_link_is_kept() -> None:
    first = running(outputs=[signed("a.png", "aaaa")])
    store(first)
    run = store({**first, "outputs": [signed("a.png", "bbbb", "20261123T181109Z")]})
    assert run.snapshots.count() == 1
    assert run.outputs.get().url.endswith("X-Amz-Signature=bbbb")
    assert run.links_end_at == NOON.replace(hour=19, minute=11, second=9)


def test_signatures_stand_nowhere_but_in_the_link_in_use() -> None:
    run = store(running(outputs=[signed("a.png", "s3cr3tsignature")]))
    stored = Payload.objects.get(run=run).body + json.dumps(
        [s.changes for s in run.snapshots.all()]
    )
    assert "s3cr3tsignature" not in stored


def test_an_output_that_is_gone_upstream_is_gone_here_and_named_in_the_history() -> None:
    one, two = element("a.png"), element("b.png")
    first = running(outputs=[one, two])
    store(first)
    run = store({**first, "outputs": [two]})
    assert [o.filename for o in run.outputs.all()] == ["b.png"]
    assert run.snapshots.latest("id").changes["outputs"]["gone"] == [one["id"]]


def test_secrets_are_masked_before_storing() -> None:
    webhook = "https://hooks.example.com/in?token=verysecret&x=1"
    run = store(answer(webhook=webhook, workflow_inputs={"api_key": "verysecret", "prompt": "cat"}))
    run.refresh_from_db()
    rows = json.dumps([s.changes for s in run.snapshots.all()])
    assert "verysecret" not in rows + Payload.objects.get(run=run).body + json.dumps(run.inputs)
    assert run.inputs["api_key"] == "•••"


def test_nothing_is_written_when_the_claim_is_lost() -> None:
    payload = running()
    run = store(payload)
    token = claim(run, NOON, even_if_not_due=True)
    Run.objects.filter(pk=run.pk).update(claim_token=uuid4())
    facts = read_run(body({**payload, "progress": 0.9}), run.uuid)
    with pytest.raises(ClaimLost):
        store_answer(run, token, facts, NOON)
    assert Run.objects.get(pk=run.pk).progress == pytest.approx(0.43)
    assert Snapshot.objects.count() == 1


def test_a_run_keeps_the_moment_its_status_was_first_seen() -> None:
    payload = running()
    store(payload, NOON)
    run = store({**payload, "progress": 0.5}, NOON + timedelta(seconds=9))
    assert run.phase_since == NOON
    run = store(answer(run.uuid), NOON + timedelta(seconds=12))
    assert run.phase_since == NOON + timedelta(seconds=12)


def test_big_integers_stay_exact() -> None:
    seed = 18446744073709551615123
    run = store(answer(workflow_inputs={"seed": seed}))
    run.refresh_from_db()
    assert run.inputs["seed"] == seed


def test_the_same_file_sent_twice_is_one_output() -> None:
    one = element("a.png")
    store(answer(outputs=[one, {**one, "id": str(uuid4())}]))
    assert Output.objects.count() == 1


def test_tracking_a_run_twice_makes_one_row() -> None:
    run_id = uuid4()
    assert track_run(run_id).pk == track_run(run_id).pk
    assert Run.objects.count() == 1
