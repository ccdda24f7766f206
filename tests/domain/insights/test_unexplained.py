"""Which time of containers known runs account for."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.domain.insights.unexplained import ContainerLife, unexplained_share

T0 = datetime(2026, 11, 1, tzinfo=UTC)


def life(ended: int, *runs: tuple[int, int]) -> ContainerLife:
    at = [(T0 + timedelta(seconds=a), T0 + timedelta(seconds=b)) for a, b in runs]
    return ContainerLife(T0, T0 + timedelta(seconds=ended), at)


@pytest.mark.parametrize(
    ("one", "share"),
    [
        (life(100, (30, 40)), 0.0),  # boots for 30 s, runs for 10, stays for 60
        (life(105, (30, 40)), 0.0),  # it may end a little late
        (life(200, (30, 40)), 0.5),  # up for 100 s more
        (life(200, (30, 40), (140, 200)), 0.2),  # 40 s more between two runs
        (life(200, (30, 180), (40, 50)), 0.0),  # two at once
        (life(100), 1.0),  # no run is known
        (life(100, (300, 400)), 1.0),  # nor one of another time
    ],
)
def test_one_container(one: ContainerLife, share: float) -> None:
    assert unexplained_share([one], 60) == pytest.approx(share)


def test_containers_together() -> None:
    assert unexplained_share([life(100, (30, 40)), life(300)], 60) == pytest.approx(0.75)
    assert unexplained_share([], 60) is None and unexplained_share([life(0)], 60) is None
