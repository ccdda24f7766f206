"""The figures of keeping warm as JSON."""

from collections.abc import Mapping, Sequence

from dashboard.domain.insights.keep_warm import KeptWarm
from dashboard.domain.insights.warm_times import WarmTime
from dashboard.domain.machines.cost import decimal_text


def warm_json(
    found: Sequence[KeptWarm], names: Mapping[str, str], *, costs: bool
) -> list[dict[str, object]]:
    """The machines; seconds and decimal dollars are of a day. Without `costs` no money."""
    return [_machine(one, names, costs=costs) for one in found]


def _machine(one: KeptWarm, names: Mapping[str, str], *, costs: bool) -> dict[str, object]:
    interval = one.observed.interval
    return {
        "id": one.machine,
        "name": names.get(one.machine),
        "gpu": one.gpu,
        "runs": one.runs,
        "setting": one.facts.stays_warm,
        "observed": {
            "value": one.observed.value,
            "low": interval.low if interval else None,
            "high": interval.high if interval else None,
            "n": one.observed.n,
        },
        "replayed": one.replayed,
        "fits": one.fits,
        "why_not": one.why_not,
        "settings": [_setting(each, costs=costs) for each in one.times],
    }


def _setting(one: WarmTime, *, costs: bool) -> dict[str, object]:
    return {
        "seconds": one.seconds,
        "cold_share": one.share,
        "low": one.interval.low if one.interval else None,
        "high": one.interval.high if one.interval else None,
        "waiting_avoided": one.avoided,
        "cost_per_day": decimal_text(one.cost) if costs else None,
    }
