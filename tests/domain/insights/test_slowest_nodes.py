"""The slowest nodes, as an oracle says, and which times are believed."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from dashboard.domain.insights.slowest_nodes import NodeSeen, RunSeen, sightings, slowest_nodes
from dashboard.domain.nodes.sampled import Look
from tests.domain.insights.speed_oracle import quantile

NAMES = (("3", "KSampler", 8.0), ("8", "VAEDecode", 1.0), ("30", "VideoCombine", 3.0))


def seen(size: int, *, reported: bool = True, workflow: str = "flux", seed: int = 1) -> RunSeen:
    draw = random.Random(seed)
    nodes = tuple(
        NodeSeen(
            name if reported else "", kind, round(draw.lognormvariate(0, 0.3) * base, 3), reported
        )
        for name, kind, base in NAMES[:size]
    )
    return RunSeen(workflow, sum(node.seconds for node in nodes) + 2, nodes)


def oracle(runs: list[RunSeen]) -> list[tuple]:
    rows = []
    for workflow in {run.workflow for run in runs}:
        own = [run for run in runs if run.workflow == workflow]
        reported = len([1 for run in own if any(node.reported for node in run.nodes)]) >= 5
        times: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
        for run in own:
            names = {(node.type, node.id) for node in run.nodes if node.reported is reported}
            for name in names:
                total = sum(
                    node.seconds
                    for node in run.nodes
                    if (node.type, node.id) == name and node.reported is reported
                )
                times[name].append((total, run.run))
        for (kind, node_id), both in times.items():
            seconds = [one for one, _ in both]
            if len(both) < 5 or (not reported and median(seconds) < 2):
                continue
            share = sum(seconds) / sum(run for _, run in both)
            tails = (quantile(seconds, 0.25, 20), quantile(seconds, 0.75, 20))
            rows.append(
                (workflow, node_id, kind, reported, len(both), median(seconds), *tails, share)
            )
    return sorted(rows, key=lambda row: (-row[5], row[0] or "", row[2], row[1]))


CASES = {
    "none": [],
    "one": [seen(3)],
    "four": [seen(3, seed=n) for n in range(4)],
    "few": [seen(1 + n % 3, seed=n) for n in range(14)],
    "many": [
        seen(1 + n % 3, seed=n, workflow="video" if n % 4 else "flux", reported=n % 7 != 0)
        for n in range(2_000)
    ],
    "sampled": [seen(3, seed=n, reported=False) for n in range(40)],
    "sampled, and four reported": [seen(3, seed=n, reported=n < 4) for n in range(40)],
    "twice in a run": [
        RunSeen(None, 9.0, (NodeSeen("3", "Loop", 2.0, True), NodeSeen("3", "Loop", 3.0 + n, True)))
        for n in range(6)
    ],
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_what_the_oracle_says(name: str) -> None:
    found = [
        (
            *(one.workflow, one.id, one.type, one.reported, one.runs, one.p50),
            *(one.p25, one.p75, one.share),
        )
        for one in slowest_nodes(CASES[name])
    ]
    wanted = oracle(CASES[name])
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert one[:5] == other[:5]
        assert one[5:] == pytest.approx(other[5:])


def test_fast_nodes_that_were_only_seen_while_polling_are_left_out() -> None:
    sampled = slowest_nodes(CASES["sampled"])
    assert [one.type for one in sampled] == ["KSampler", "VideoCombine"]
    assert [one.type for one in slowest_nodes([seen(3, seed=n) for n in range(40)])][
        -1
    ] == "VAEDecode"


def test_a_node_takes_no_more_than_its_run() -> None:
    runs = [RunSeen("flux", 4.0, (NodeSeen("", "KSampler", 5.0, False),))] * 5
    assert slowest_nodes(runs)[0].share == 1.0
    assert slowest_nodes([RunSeen("flux", 0.0, run.nodes) for run in runs])[0].share is None


T0 = datetime(2026, 11, 20, 10, tzinfo=UTC)


def looks(*pairs: tuple[float, str | None]) -> list[Look]:
    return [Look(T0 + timedelta(seconds=at), node) for at, node in pairs]


def test_a_node_lasts_from_its_first_sighting_to_that_of_the_next() -> None:
    seen_ones = looks(
        (0, None), (2, "Load"), (4, "Load"), (6, "KSampler"), (20, None), (26, "Save")
    )
    found = sightings(seen_ones, T0 + timedelta(seconds=27))
    assert [(one.type, one.seconds) for one in found] == [
        ("Load", 4),
        ("KSampler", 14),
        ("Save", 1),
    ]
    assert sightings(seen_ones[::-1], T0 + timedelta(seconds=27)) == found
    assert len(sightings(seen_ones, None)) == 2


def test_a_node_ends_with_its_run_however_late_that_was_seen() -> None:
    late = looks((0, "Load"), (2, "KSampler"), (4, "KSampler"), (600, None))
    assert sightings(late, T0 + timedelta(seconds=9))[-1].seconds == 7
    assert sightings(late, T0 + timedelta(seconds=1))[-1].seconds == 0


def test_a_run_that_was_hardly_watched_has_none() -> None:
    assert sightings(looks((0, "Load"), (2, "KSampler"), (9, None)), T0) == ()
    assert sightings([], None) == ()
