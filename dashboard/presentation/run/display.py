"""A run at one moment, as its page and its row of the list show it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.domain.logs.causes import Cause
from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.run.facts import Phase, Timed
from dashboard.domain.run.phases import elapsed, growing_phase, out_of_order
from dashboard.domain.run.progress import percent
from dashboard.domain.run.usual import Usual
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import MINUTE, THIN, ago, count, percent_text, span, took
from dashboard.presentation.run.cause_text import CAUSE_BRIEF
from dashboard.presentation.run.headline import Headline, headline, node_of
from dashboard.presentation.run.phase_bar import (
    MiniBar,
    NoPhaseBar,
    PhaseBar,
    draw_bar,
    draw_mini_bar,
)
from dashboard.presentation.run.phase_rows import PhaseRow, phase_rows
from dashboard.presentation.run.time_left import TimeLeft, time_left
from dashboard.presentation.run.warning_text import WarningText, warning_texts
from dashboard.presentation.trouble import MAY_BE_FINE, notice_text
from dashboard.presentation.words import START_TEXTS, StatusWords, status_words

UNSTORED = "Updates can't be saved until this is fixed. Runs continue in ComfyDeploy."
_NOTICE_ICONS: Mapping[str, str] = {
    Trouble.RATE_LIMITED: "clock",
    Trouble.KEY_REJECTED: "lock",
    Trouble.FORBIDDEN: "lock",
    Trouble.NOT_FOUND: "search",
}


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The large number; while `running` the browser ticks it from `since`."""

    seconds: float
    shown: str
    caption: str
    running: bool = False
    at_least: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what is shown is: `tone` fresh, lost or ended."""

    tone: str
    text: str
    at: datetime | None = None
    every: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something between us and the run; never the run's own failure."""

    word: str
    bold: str
    rest: str
    icon: str = "plug"
    retry_at: datetime | None = None
    retry_in: str = ""


@dataclass(frozen=True, slots=True)
class RunDisplay:
    """All that the live part of a run's page draws."""

    title: str
    words: StatusWords
    pill: str
    headline: Headline
    bar: PhaseBar | NoPhaseBar
    rows: tuple[PhaseRow, ...]
    live: bool
    lost: bool
    percent: int | None
    progress: float | None
    progress_text: str
    elapsed: Elapsed | None
    warnings: tuple[WarningText, ...]
    notice: Notice | None
    freshness: Freshness
    document_title: str
    favicon: str
    announced: str
    start_text: str
    node: str | None
    left: TimeLeft | None = None

    @property
    def drawn(self) -> bool:
        return isinstance(self.bar, PhaseBar)

    @property
    def shares(self) -> bool:
        """Whether the phases fill the total, so that each has its share."""
        return self.rows[-1].share is not None


@dataclass(frozen=True, slots=True)
class RowDisplay:
    """A row of the list; an ended run's depends on neither clock nor reader and can be cached."""

    words: StatusWords
    queue_wait: str
    cold_start: str
    run: str
    total: str
    bar: MiniBar | None
    no_bar: str
    cause: str = ""  # why it failed, in a few words
    elapsed: Elapsed | None = None  # of a live run


def run_display(
    run: Timed, visibility: Visibility, *, title: str, outputs: int = 0, usual: Usual | None = None
) -> RunDisplay:
    """The run's page at one moment; `outputs` is how many it has made so far.

    `usual` is what runs like it took, for a live one.
    """
    past = time_left(run, visibility, usual)
    lost = visibility.lost and not run.finished
    words = _words(run, lost)
    share = _percent(run)
    return RunDisplay(
        title=title,
        words=words,
        pill=_pill(words, run, share, lost),
        headline=headline(run, visibility, outputs=outputs),
        bar=draw_bar(run, visibility, past),
        rows=phase_rows(run, visibility),
        live=not run.finished and run.status is not None,
        lost=lost,
        percent=share,
        progress=run.progress,
        progress_text=_progress_text(run, share),
        elapsed=_elapsed(run, visibility),
        warnings=warning_texts(run, visibility.now),
        notice=_notice(run, visibility),
        freshness=_freshness(run, visibility),
        document_title=_document_title(run, words, share, lost, title),
        favicon=_favicon(words, run, share, lost),
        announced=f"{title}: {words.word}.",
        start_text=START_TEXTS.get(run.start_kind, START_TEXTS["unknown"]),
        node=node_of(run.live_status),
        left=past,
    )


def row_display(
    run: Timed, scale: float, cause: str = "", visibility: Visibility | None = None
) -> RowDisplay:
    """The run as a row of a list drawn on one scale; `cause` is the word of why it failed.

    With `visibility` a live run's bar and clock have grown up to its moment.
    """
    bar = draw_mini_bar(run, scale, visibility)
    return RowDisplay(
        words=_words(run, lost=bool(visibility and visibility.lost and not run.finished)),
        queue_wait=_number(run.queue_wait),
        cold_start=_number(run.cold_start),
        run=_number(run.run),
        total=_number(run.total),
        bar=bar,
        no_bar="" if bar or not run.finished else _no_bar(run),
        cause=CAUSE_BRIEF[Cause(cause)] if cause in set(Cause) else "",
        elapsed=_elapsed(run, visibility) if visibility else None,
    )


def _no_bar(run: Timed) -> str:
    return "Times out of order" if out_of_order(run) else "No times reported"


def _number(seconds: float | None) -> str:
    return "" if seconds is None else took(seconds)


def _words(run: Timed, lost: bool) -> StatusWords:
    assumed = run.status == "timeout" and run.ended_at is None
    words = status_words(run.status, finished=run.finished, assumed=assumed, lost=lost)
    if run.finished and words.icon == "unknown":
        return replace(words, sentence="Unknown status, shown as sent. The run has ended.")
    return words


def _percent(run: Timed) -> int | None:
    if run.finished or run.progress is None or run.status not in ("running", "uploading"):
        return None
    return percent(run.progress)


def _pill(words: StatusWords, run: Timed, share: int | None, lost: bool) -> str:
    if run.status == "running" and share is not None and not lost:
        return f"{words.word}, {percent_text(share)}"
    return words.word


def _progress_text(run: Timed, share: int | None) -> str:
    if share is None:
        return ""
    node = node_of(run.live_status)
    return f"{share} percent, {node}" if node else f"{share} percent"


def _elapsed(run: Timed, visibility: Visibility) -> Elapsed | None:
    if run.finished or run.created_at is None:
        return None
    seconds = elapsed(run.created_at, visibility)
    if visibility.lost:
        return Elapsed(seconds, f"≥{THIN}{took(seconds)}", "as of", at_least=True)
    current = growing_phase(run)
    caption = "in the queue" if current == Phase.QUEUE_WAIT else "since creation"
    return Elapsed(seconds, took(seconds), caption, running=True, since=run.created_at)


def _notice(run: Timed, visibility: Visibility) -> Notice | None:
    if visibility.storage:
        return Notice("storage", visibility.storage, UNSTORED, "alert")
    if visibility.trouble is None:
        return _stale(run, visibility) if visibility.stale and not run.finished else None
    text = notice_text(
        visibility.trouble, everybody=visibility.everybody, given_up=visibility.given_up
    )
    return Notice(
        word=visibility.trouble,
        bold=_since(text.bold, visibility),
        rest=text.rest,
        icon=_NOTICE_ICONS.get(visibility.trouble, "plug"),
        retry_at=visibility.retry_at,
        retry_in=_retry_in(visibility),
    )


def _since(bold: str, visibility: Visibility) -> str:
    """For how long ComfyDeploy cannot be reached, once that is worth saying."""
    if visibility.trouble != Trouble.UNREACHABLE or visibility.trouble_since is None:
        return bold
    seconds = (visibility.now - visibility.trouble_since).total_seconds()
    return f"{bold.rstrip('.')}: no answer for {span(seconds)}." if seconds >= MINUTE else bold


def _stale(run: Timed, visibility: Visibility) -> Notice:
    seen_at = visibility.observed_at
    age = (visibility.now - seen_at).total_seconds() if seen_at else 0.0
    return Notice(
        word="stale",
        bold=f"No answer from ComfyDeploy for {span(age)}.",
        rest=MAY_BE_FINE,
        icon="clock",
        retry_at=visibility.retry_at,
        retry_in=_retry_in(visibility),
    )


def _retry_in(visibility: Visibility) -> str:
    if visibility.retry_at is None:
        return ""
    return span(max(1.0, (visibility.retry_at - visibility.now).total_seconds()))


def _freshness(run: Timed, visibility: Visibility) -> Freshness:
    at = visibility.observed_at
    if at is None:
        return Freshness("lost", "No answer yet")
    age = ago(max(0.0, (visibility.now - at).total_seconds()))
    if visibility.trouble is not None or (visibility.stale and not run.finished):
        return Freshness("lost", f"Last answer {age}", at)
    if visibility.keeping:
        return Freshness("ended", "Ended, copying files", at)
    if visibility.interval is None:
        return Freshness("ended", "Ended, up to date" if run.finished else "", at)
    return Freshness("fresh", f"Updated {age}", at, _every(visibility.interval, visibility.shared))


def _every(interval: float, shared: tuple[int, float] | None) -> str:
    """The interval between requests, and why it is longer where runs share the rate."""
    if shared is None:
        return f"every {span(interval)}"
    runs, rate = shared
    requests = "1 request" if rate == 1 else f"{rate:g} requests"
    return f"every {span(interval)}: {count(runs)} live runs share {requests} a second"


def _document_title(
    run: Timed, words: StatusWords, share: int | None, lost: bool, title: str
) -> str:
    if lost:
        state = f"{share}% " if share is not None else ""
        return f"No updates · {state}{title}"
    if share is not None and run.status == "running":
        return f"{share}% {title}"
    if run.status == "success":
        return " ".join(["✓", title, *([took(run.total)] if run.total is not None else [])])
    if run.status == "failed":
        return f"✕ {title}"
    return f"{words.word} · {title}"


def _favicon(words: StatusWords, run: Timed, share: int | None, lost: bool) -> str:
    if lost or run.status != "running":
        return words.favicon
    return f"run-{(share or 0) // 10}"
