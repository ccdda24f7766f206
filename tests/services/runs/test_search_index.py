"""What runs are found by, and that it changes with them."""

import json

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.domain.listing import LogLine
from dashboard.domain.search.words import read_words
from dashboard.models import Name, Run, RunNodes, SearchDocument, search_document
from dashboard.models.search_document import query_of
from dashboard.services.ops import retention
from dashboard.services.runs import (
    labels,
    logs,
    names,
    reindexing,
    run_search,
    search_index,
    versions,
)
from dashboard.simulator import Simulator
from tests.builders import answer, element, running, store

pytestmark = pytest.mark.django_db
KEY = "sk-" + "a1" * 20


def found(text: str) -> set[Run]:
    return set(run_search.found(Run.objects.all(), text))


def test_a_run_is_found_by_each_of_its_texts() -> None:
    Name.objects.create(kind="workflow", upstream_id="w", text="Seaside portraits")
    inputs = {"prompt": "A lighthouse at dusk", "style": {"name": ["watercolour"]}, "seed": 5}
    run = store(
        answer(workflow_id="w", workflow_inputs=inputs, outputs=[element("harbour_00012_.png")])
    )
    store(answer())
    labels.set_title(run, "The keeper", None)
    labels.add_tag(run, "hero", None)
    labels.add_note(run, "Wrong hands;\nask Mo", None)
    texts = ("lighthouse", "watercolour", "seaside", "harbour", "keeper", "hero", "hands mo")
    for text in (*texts, "harbour_00012_.png", '"at dusk" keep -night', '"00012 png"'):
        assert found(text) == {run}, text
    for text in ("night", '"dusk watercolour"', "lighthouse -hero"):
        assert not found(text), text


def test_changed_and_removed_labels_are_found_no_more() -> None:
    run = store(answer())
    labels.set_title(run, "First", None)
    labels.add_tag(run, "hero", None)
    labels.add_note(run, "remember", None)
    labels.set_title(run, "Second", None)
    notes = labels.of_run(run)
    labels.remove_tag(run, notes.tags[0].pk)
    labels.remove_note(run, notes.notes[0].pk, None, any_author=True)
    assert found("second") == {run}
    assert not (found("first") | found("hero") | found("remember"))


def test_a_live_run_is_indexed_again_only_when_what_is_searched_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    index = search_index.index_runs
    monkeypatch.setattr(search_index, "index_runs", lambda keys: asked.extend(keys) or index(keys))
    inputs = {"prompt": "a storm"}
    run = store(running(workflow_inputs=inputs, outputs=[], live_status="Executing KSampler"))
    asked.clear()
    live = {"workflow_inputs": inputs, "outputs": []}
    store(running(run.uuid, live_status="Executing VAEDecode", progress=0.9, **live))
    assert not asked
    store(answer(run.uuid, workflow_inputs=inputs))
    assert asked == [run.pk]
    assert index([run.pk]) == 0, "what is stored is what would be written"
    assert found("ksampler storm") == found("vaedecode") == {run}


def test_reported_nodes_take_the_place_of_seen_ones() -> None:
    run = store(running(live_status="Executing KSampler"))
    store(answer(run.uuid))
    reported = [{"id": "3", "type": "FluxSampler", "seconds": 1.0, "vram": None}]
    RunNodes.objects.create(run=run, reported=reported, read_at=timezone.now())
    assert search_index.index_runs([run.pk]) == 1
    assert found("fluxsampler") == {run}
    assert not found("ksampler")


def titled(**nodes: tuple[str, str]) -> dict[str, object]:
    """A graph with the class and the title of each node."""
    return {
        node_id.removeprefix("n"): {"class_type": kind, "inputs": {}, "_meta": {"title": title}}
        for node_id, (kind, title) in nodes.items()
    }


GRAPH = titled(
    n3=("KSampler", "First pass"),
    n4=("KSampler", "Grain polish"),
    n5=("VAEDecode", f"Darkroom {KEY}"),
    n6=("LoadImage", "Never reached"),
)


def kept(version: str) -> None:
    told = json.dumps({"version": 3, "workflow_api": GRAPH}).encode()
    versions.store(version, told, timezone.now())


def test_nodes_are_found_by_what_the_author_called_them() -> None:
    kept("v1")
    run = store(answer(workflow_version_id="v1"))
    other = store(answer(workflow_version_id="v2"))
    reported = [
        {"id": "4", "type": "KSampler", "seconds": 1.0, "vram": None},
        {"id": "5", "type": "VAEDecode", "seconds": 1.0, "vram": None},
    ]
    for one in (run, other):
        RunNodes.objects.create(run=one, reported=reported, read_at=timezone.now())
    search_index.index_runs([run.pk, other.pk])
    assert found("ksampler") == {run, other}
    assert found('"grain polish"') == found("darkroom") == {run}
    assert not (found('"first pass"') | found('"never reached"') | found(KEY))


def test_seen_nodes_and_the_one_that_failed_are_found_by_their_titles() -> None:
    kept("v1")
    run = store(running(live_status="Executing KSampler", workflow_version_id="v1"))
    assert not found("grain")
    store(answer(run.uuid, workflow_version_id="v1"))
    assert found('"grain polish"') == found('"first pass"') == {run}
    assert not found("darkroom")
    error = {"exception_message": "No file", "node_id": "6", "node_type": "LoadImage"}
    failed = store(
        answer(workflow_version_id="v1", status="failed", outputs=[{"id": "x", "data": error}])
    )
    assert found('"never reached"') == {failed}


def test_a_runs_own_graph_has_titles_too() -> None:
    run = store(running(live_status="Executing KSampler", workflow_api=GRAPH))
    store(answer(run.uuid, workflow_api=GRAPH))
    assert found('"grain polish"') == {run}
    assert not (found("darkroom") | found(KEY))


def test_runs_are_found_by_titles_of_a_version_that_is_read_after_them(
    upstream: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "INDEXED_AT_ONCE", 2)
    runs = [store(running(workflow_version_id="v1")) for _ in range(3)]
    for run in runs:
        store(answer(run.uuid, workflow_version_id="v1"))
    reindexing.index_older()
    told = json.dumps({"version": 3, "workflow_api": GRAPH}).encode()
    upstream.script_path("/workflow-version/v1", [(200, {}, told)])
    names.refresh(Name.objects.get(kind="version"), timezone.now())
    assert len(found("grain")) == 2
    reindexing.index_older()
    assert found("grain") == set(runs)


def test_documents_are_written_in_the_order_of_their_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    for name in ("_write_sqlite", "_write_postgres"):
        monkeypatch.setattr(search_document, name, lambda changed, _: written.extend(changed))
    runs = sorted(store(answer()).pk for _ in range(4))
    written.clear()
    chosen = [runs[2], runs[0], runs[3], runs[1]]
    assert SearchDocument.write({pk: ["other"] for pk in chosen}) == 4
    assert written == runs


def test_an_error_of_the_log_is_found_by_its_type_and_not_by_its_traceback() -> None:
    run = store(answer(status="failed"))
    lines = [
        "!!! Exception during processing !!! Allocation on device",
        "Traceback (most recent call last):",
        '  File "/comfyui/execution.py", line 327, in execute',
        "torch.OutOfMemoryError: Allocation on device",
    ]
    logs._store(run, [LogLine(None, line) for line in lines], timezone.now(), cut=False)
    assert found("allocation OutOfMemoryError") == {run}
    assert not found("execution.py")


def test_no_secret_is_indexed() -> None:
    run = store(answer(workflow_inputs={"api_key": "hunter2hunter2", "prompt": f"use {KEY} now"}))
    labels.add_note(run, f"key {KEY} there", None)
    assert found("use now") == found("there") == {run}
    assert not (found("hunter2hunter2") | found(KEY) | found("a1a1a1"))


def test_the_index_rolls_back_with_the_run() -> None:
    run = store(answer(workflow_inputs={"prompt": "a storm"}))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        labels.set_title(run, "Lost", None)
        retention._remove([run.pk])
        assert not found("storm")
        raise ZeroDivisionError
    assert found("storm") == {run}
    assert not found("lost")


def test_a_removed_run_is_forgotten() -> None:
    run = store(answer(workflow_inputs={"prompt": "a storm"}))
    assert retention.delete_run(run)
    assert not SearchDocument.objects.exists()
    assert not SearchDocument.first_hits(query_of(read_words("storm").wanted), 9)


def test_many_runs_take_as_many_queries_as_one() -> None:
    runs = [store(answer(workflow_inputs={"prompt": f"number {at}"})) for at in range(12)]
    counts = []
    for keys in ([runs[0].pk], [run.pk for run in runs]):
        SearchDocument.clear()
        with CaptureQueriesContext(connection) as queries:
            assert search_index.index_runs(keys) == len(keys)
        counts.append(len(queries))
    assert counts[0] == counts[1]
