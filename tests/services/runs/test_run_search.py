"""Which runs the box finds."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.search.words import Words, read_words
from dashboard.models import Run, RunQuerySet
from dashboard.models.keys import OneOf
from dashboard.services.runs import labels, run_search, search_index
from tests.builders import NOON, answer, store

pytestmark = pytest.mark.django_db
VOCABULARY = (
    *("light", "lighthouse", "lights", "sea", "c", "at", "dusk", "Café", "cafe", "naïve", "Straße"),
    *("灯台", "灯", "日本語", "한국어", "🚀", "👩\u200d🚀", "مرحبا", "שלום", "image_00001.png"),
    *("near", "AND", "OR", "NOT", "it's", "x" * 70, "00001", "c++", "a&b|c", "\\'", '":*'),
)
JOINTS = (" ", " ", "-", "_", ", ", "\n")


def words_of(chosen: random.Random, most: int) -> str:
    picked = chosen.choices(VOCABULARY, k=chosen.randint(1, most))
    return "".join(word + chosen.choice(JOINTS) for word in picked)


def a_board(chosen: random.Random, count: int) -> dict[int, list[str]]:
    """Runs with random texts; their documents by their keys."""
    made = [
        Run(
            uuid=uuid4(),
            first_seen_at=NOON,
            sorted_at=NOON + timedelta(seconds=chosen.randint(0, count // 2)),
            status="success",
            finished=True,
            inputs={"prompt": words_of(chosen, 8), "more": [words_of(chosen, 3)]},
        )
        for _ in range(count)
    ]
    Run.objects.bulk_create(made)
    keys = list(Run.objects.values_list("pk", flat=True))
    assert search_index.index_runs(keys) == count
    return search_index.documents(keys)


def a_search(chosen: random.Random) -> str:
    def part() -> str:
        text = words_of(chosen, chosen.choice((1, 1, 1, 2, 3)))
        text = text[: chosen.randint(1, len(text))]
        shape = chosen.choice(("{}", "{}", '"{}"', "-{}", '-"{}"', "{}*", 'NEAR("{}', "%{}"))
        return shape.format(text)

    return " ".join(part() for _ in range(chosen.choice((1, 1, 2, 2, 3))))


@pytest.mark.parametrize("few", [0, 1000])
def test_the_index_finds_what_reading_every_document_finds(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_search, "FEW", few)
    chosen = random.Random(7 + few)
    documents = a_board(chosen, 500)
    hits = 0
    for _ in range(300):
        text = a_search(chosen)
        words = read_words(text)
        found = set(run_search.matching(Run.objects.all(), words).values_list("pk", flat=True))
        assert found == {pk for pk, document in documents.items() if words.match(document)}, text
        near = chosen.sample(sorted(documents), 60)
        there = run_search.found_among(Run.objects.all(), text, near)
        assert there is None or set(there.values_list("pk", flat=True)) == found & set(near), text
        assert (there is None) == (not words)
        hits += bool(words) and 0 < len(found) < len(documents)
    assert hits > 100, "most searches tell runs apart"


@pytest.mark.parametrize("few", [0, 1000])
def test_a_phrase_deep_in_a_long_document_is_found_alike_on_every_database(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_search, "FEW", few)
    chosen = random.Random(few)
    words = ("the", "sea", "at", "dusk", "light", "lighthouse", *(f"w{at}" for at in range(40)))
    texts = [" ".join(chosen.choices(words, range(46, 0, -1), k=9000)) for _ in range(6)]
    runs = prompts(
        *texts, "the " * 400 + "end of it", " ".join(map(str, range(15_900))) + " the end"
    )
    documents = search_index.documents([run.pk for run in runs])
    searches = ['"the end"', '"the end of', '"end of it"', '"15899 the end"', '"15898 15899"']
    for text in texts * 10:
        parts = text.split()
        at = chosen.randrange(len(parts) - 4)
        searches.append(f'"{" ".join(parts[at : at + chosen.randint(2, 4)])}"')
    hits = 0
    for search in searches:
        wanted = read_words(search)
        found = set(run_search.matching(Run.objects.all(), wanted).values_list("pk", flat=True))
        assert found == {pk for pk, one in documents.items() if wanted.match(one)}, search
        hits += bool(found)
    assert hits > 30
    assert list(run_search.found(Run.objects.all(), '"end of it"')) == [runs[6]]


def test_runs_far_apart_and_ids_are_not_sought_among_some(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = prompts("sea", "sea")
    keys = [run.pk for run in runs]
    found = run_search.found_among(Run.objects.all(), "sea", keys)
    assert found is not None and found.count() == 2
    assert run_search.found_among(Run.objects.all(), str(runs[0].uuid), keys) is None
    monkeypatch.setattr(run_search, "WIDE", 0)
    assert run_search.found_among(Run.objects.all(), "sea", keys) is None


@given(st.text(max_size=200))
def test_no_text_is_an_error(text: str) -> None:
    assert run_search.found(Run.objects.all(), text.replace("\0", "")).count() == 0
    assert list(run_search.matching(Run.objects.all(), read_words(text))[:1]) == []


@pytest.mark.parametrize(
    "text", ['"' * 9999, "a " * 5000, "-x " * 3000, "語" * 10_000, "ab*" * 3333]
)
def test_nor_is_a_long_one(text: str) -> None:
    assert not run_search.matching(Run.objects.all(), read_words(text)).exists()


def prompts(*texts: str) -> list[Run]:
    runs = []
    for at, text in enumerate(texts):
        created = NOON + timedelta(minutes=at)
        runs.append(store(answer(created=created, workflow_inputs={"prompt": text})))
    return runs


@pytest.mark.parametrize("few", [0, 1000])
def test_it_joins_with_filters_pages_and_counts(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_search, "FEW", few)
    a, b, _, d = prompts("sea light", "sea lights", "sea", "sea light")
    labels.set_star(a, True, None)

    def found(runs: RunQuerySet) -> RunQuerySet:
        return run_search.matching(runs, read_words("light sea")).newest()

    assert list(found(Run.objects.all())) == [d, b, a]
    assert list(found(Run.objects.filter(starred=True))) == [a]
    assert list(found(Run.objects.all()).after(d.sorted_at, d.pk)[:1]) == [b]
    assert list(found(Run.objects.all()).values_list("uuid", flat=True)) == [d.uuid, b.uuid, a.uuid]
    assert found(Run.objects.seen()).count() == 3
    # As part of another query.
    assert Run.objects.filter(pk__in=found(Run.objects.all()).order_by().values("pk")).count() == 3
    assert run_search.matching(Run.objects.all(), Words()).count() == 4


def test_words_to_leave_out_alone_find_all_the_others_indexed_or_not() -> None:
    a, b = prompts("sea", "light")
    unindexed = Run.objects.create(uuid=uuid4(), first_seen_at=NOON, sorted_at=NOON)
    found = run_search.matching(Run.objects.all(), read_words('-sea -"at dusk"'))
    assert set(found) == {b, unindexed}
    assert a not in found


def test_ids_and_their_beginnings_are_found_beside_words() -> None:
    run, other = store(answer()), store(answer())
    labels.set_title(other, f"like {run.short_id}", None)
    everything = Run.objects.all()
    assert list(run_search.found(everything, f"see {run.uuid}")) == [run]
    for text in (run.short_id, run.short_id[:4].upper(), str(run.uuid)[:11]):
        assert run in run_search.found(everything, text)
    assert list(run_search.found(everything, f"Run {run.short_id}")) == [run]
    assert set(run_search.found(everything, run.short_id)) == {run, other}
    assert run not in run_search.found(everything, run.short_id[:3])


def test_an_id_with_a_minus_leaves_its_run_out() -> None:
    run, other, third = prompts("sea", "sea light", "dusk")
    labels.set_title(third, f"like {run.uuid}", None)
    cases: tuple[tuple[str, set[Run]], ...] = (
        (f"-{run.uuid}", {other, third}),
        (f"--{run.uuid.hex}", {other, third}),
        (f'-"run {run.uuid}"', {other, third}),
        (f"-https://x.example/runs/{run.uuid}/", {other, third}),
        (f"-{run.uuid} -{other.uuid}", {third}),
        (f"-{run.short_id}", {other}),
        (f"sea -{run.uuid}", {other}),
        (f"sea -{run.short_id}", {other}),
        (f"-{run.uuid} -light", {third}),
        (f"{run.uuid} {other.uuid} -{run.uuid}", {other}),
        (f"{run.uuid} -{run.uuid}", set()),
        (f"{other.short_id} -dusk", {other}),
        (f"- {run.uuid}", {run}),
    )
    keys = list(Run.objects.values_list("pk", flat=True))
    for text, expected in cases:
        assert set(run_search.found(Run.objects.all(), text)) == expected, text
        there = run_search.found_among(Run.objects.all(), text, keys)
        assert there is None or set(there) == expected, text


def test_what_an_id_finds_it_leaves_out_with_a_minus() -> None:
    """Each part by itself: a minus turns what it finds into what it does not, whatever it is."""
    chosen = random.Random(3)
    documents = a_board(chosen, 60)
    uuids = dict(Run.objects.values_list("pk", "uuid"))
    for _ in range(120):
        pk, other = chosen.sample(sorted(uuids), 2)
        name = chosen.choice(
            (str(uuids[pk]), uuids[pk].hex, str(uuids[pk])[: chosen.randint(4, 30)])
        )
        word = chosen.choice(("sea", "light", "dusk"))
        words = read_words(f"{word} -{name}")
        begun = {one for one in uuids if uuids[one].hex.startswith(name.replace("-", ""))}
        expected = {one for one in uuids if words.match(documents[one])} - begun
        found = run_search.found(Run.objects.all(), f"{word} -{name}")
        assert set(found.values_list("pk", flat=True)) == expected, name
        there = run_search.found_among(Run.objects.all(), f"{word} -{name}", [pk, other])
        assert there is not None
        assert set(there.values_list("pk", flat=True)) == expected & {pk, other}, name
        alone = set(run_search.found(Run.objects.all(), f"-{name}").values_list("pk", flat=True))
        assert alone == set(uuids) - begun - {one for one in uuids if _has(documents[one], name)}


def _has(document: list[str], name: str) -> bool:
    return read_words(name).match(document)


@pytest.mark.parametrize("text", ["-", "***", '""', "%", "…"])
def test_a_text_without_a_word_finds_nothing(text: str) -> None:
    store(answer())
    assert not run_search.found(Run.objects.all(), text).exists()


@pytest.mark.parametrize("more", [0, 40_000])
def test_rows_are_found_by_very_many_of_their_keys(more: int) -> None:
    keys = [store(answer()).pk for _ in range(6)]
    wanted = [*keys[::2], *range(10**12, 10**12 + more)]
    random.Random(1).shuffle(wanted)
    found = Run.objects.filter(Q(OneOf(wanted)))
    assert set(found.values_list("pk", flat=True)) == set(keys[::2])
    rest = Run.objects.exclude(Q(OneOf(wanted)))
    assert set(rest.values_list("pk", flat=True)) == set(keys[1::2])
    assert found.filter(Q(OneOf(keys[:1]))).count() == 1
    assert not Run.objects.filter(Q(OneOf([]))).exists()


def test_few_hits_are_looked_up_and_many_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = prompts("sea", "sea light")
    everything = Run.objects.all()
    few = run_search.found_few(everything, "sea -light")
    assert few is not None and list(few) == [a]
    few = run_search.found_few(everything, f"sea -{b.short_id}")
    assert few is not None and list(few) == [a]
    assert run_search.found_few(everything, str(a.uuid)) is None
    assert run_search.found_few(everything, "-sea") is None
    monkeypatch.setattr(run_search, "FEW", 1)
    assert run_search.found_few(everything, "sea") is None


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite reads a list of hits once")
def test_postgres_reads_what_is_left_out_once_and_not_for_each_run() -> None:
    prompts("sea")
    plan = run_search.found(Run.objects.all(), "-sea").explain()
    assert "Anti Join" in plan and "SubPlan" not in plan
