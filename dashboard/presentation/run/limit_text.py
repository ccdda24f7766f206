"""When a live run will be timed out, and whether it is likely to fit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.domain.run.facts import Timed
from dashboard.domain.run.usual import Usual
from dashboard.presentation.format import MINUTE, span, took


@dataclass(frozen=True, slots=True)
class LimitText:
    """The limit in words, with the moment of the timeout where the run has begun."""

    text: str
    at: datetime | None
    warning: str  # where the usual run would not fit; else empty


def limit_text(run: Timed, limit: int | None, usual: Usual | None) -> LimitText | None:
    """None where no limit is known, or the run has ended.

    The limit counts from when ComfyUI has taken the run. Its own seconds are compared with
    the median and with nine in ten of earlier runs.
    """
    if limit is None or run.finished:
        return None
    whole = span(limit) if limit % MINUTE == 0 else took(limit)
    at = run.started_at + timedelta(seconds=limit) if run.started_at else None
    return LimitText(f"The machine’s limit is {whole}", at, _warning(limit, usual))


def _warning(limit: int, usual: Usual | None) -> str:
    band = usual.run if usual else None
    if band is None or band.p90 <= limit:
        return ""
    if band.p50 > limit:
        return f"The usual run takes {took(band.p50)} and would not fit."
    return f"One in ten of the usual runs takes over {took(band.p90)} and would not fit."
