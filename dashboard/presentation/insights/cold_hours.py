"""Cold starts by weekday and hour: a map of cells."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.domain.insights.cold_starts import ColdFigures
from dashboard.domain.insights.hour_map import HOURS, WEEKDAYS, HourCell
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.shares import SHARE_FROM
from dashboard.presentation.format import count
from dashboard.presentation.insights.cold_numbers import share_title
from dashboard.presentation.insights.marks import Drawing, Mark, Section, Table, rect, text
from dashboard.presentation.insights.numbers import NONE, percent, percents, whole_percent

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOTHING, PLAIN = "No hour of the day stands out", "Cold share by weekday and hour"
HEAD = ("Weekday", "Hour", "Starts", "Cold", "Share", "95\u202f% interval", "Beyond chance")
TONES = 7  # c0 to c6 of the style sheet
LIGHT_FROM = 5  # the tone from which numbers are light
ENOUGH, HOURS_JUDGED = 20, 3  # starts of an hour of the day, and such hours, for a finding


@dataclass(frozen=True, slots=True)
class MapFrame:
    """Where the cells lie, and how many hours lie between two labels."""

    width: int
    left: int
    hours: int  # that a cell is wide
    row: int
    labels: int

    @property
    def step(self) -> float:
        """From one cell to the next."""
        return (self.width - self.left + 1) / (HOURS / self.hours)

    @property
    def height(self) -> int:
        return WEEKDAYS * self.row + 24


DESK, PHONE = MapFrame(1360, 45, 1, 27, 3), MapFrame(358, 37, 2, 24, 6)


def hours_section(figures: ColdFigures, period: Period) -> Section:
    """The map; its `note` says how many cells are outlined."""
    hours = figures.hours
    told = [cell for cell in hours.hours if cell.share.n]
    outlined = sum(cell.stands_out for cell in hours.hours)
    return Section(
        heading=_heading(figures),
        text=_text(figures, period),
        desk=_drawing(hours.hours, "hour", DESK),
        phone=_drawing(hours.pairs, "two hours", PHONE),
        table=Table(HEAD, tuple(_row(cell) for cell in told)),
        note=f"not the average, beyond chance: {count(outlined) if outlined else 'none'} here",
    )


def _heading(figures: ColdFigures) -> str:
    """The hour that is farthest from the average, if any is beyond chance; or that none is."""
    average = figures.share.value or 0.0
    found = figures.hours.standing_out
    if found:
        cell = max(found, key=lambda one: abs((one.share.value or 0.0) - average))
        share = percent(cell.share.value or 0.0)
        return f"{_when(cell)} stands out: {share} of {count(cell.share.n)} starts were cold"
    judged = [cell for cell in figures.hours.of_day if cell.share.n >= ENOUGH]
    return NOTHING if len(judged) >= HOURS_JUDGED else PLAIN


def _when(cell: HourCell) -> str:
    """`18:00 to 19:00`, `Tue 12:00 to 14:00`."""
    weekday = "" if cell.weekday is None else f"{DAYS[cell.weekday]} "
    return f"{weekday}{cell.hour:02d}:00 to {cell.hour + cell.hours:02d}:00"


def _text(figures: ColdFigures, period: Period) -> str:
    cells = figures.hours.hours
    enough = sum(cell.share.n >= SHARE_FROM for cell in cells)
    text_ = (
        f"Share of cold starts in percent by weekday and hour, {period.zone}; "
        f"{enough} of {len(cells)} hours have the {SHARE_FROM} starts that a number needs, "
        "the others are hatched."
    )
    judged = [cell for cell in figures.hours.of_day if cell.share.n >= ENOUGH]
    if not judged:
        return text_
    top = max(judged, key=lambda cell: cell.share.value or 0.0)
    share = f"{percent(top.share.value or 0.0)} of {count(top.share.n)}"
    sure = percents(top.share.interval)
    return f"{text_} Over all weekdays {_when(top)} is highest: {share} ({sure})."


def _drawing(cells: tuple[HourCell, ...], each: str, frame: MapFrame) -> Drawing:
    marks = [*_labels(frame)]
    for cell in cells:
        marks += _cell(cell, frame)
    sentence = f"Cold share by weekday and {each}"
    return Drawing(frame.width, frame.height, sentence, tuple(marks))


def _labels(frame: MapFrame) -> Iterator[Mark]:
    for day, name in enumerate(DAYS):
        yield text("t", 0, day * frame.row + frame.row * 0.63, name)
    for hour in range(0, HOURS, frame.labels):
        x = frame.left - 1 + hour / frame.hours * frame.step
        yield text("t", x, WEEKDAYS * frame.row + 18, f"{hour:02d}:00")


def _cell(cell: HourCell, frame: MapFrame) -> Iterator[Mark]:
    x = frame.left + cell.hour / frame.hours * frame.step
    y = (cell.weekday or 0) * frame.row + 1
    size = (frame.step - 2, frame.row - 2)
    title = f"{_when(cell)}: {share_title(cell.share)}"
    value = cell.share.value
    if cell.share.interval is None or value is None:
        yield rect("f-hatch2", (x, y), size, title, 2)
        return
    tone = min(int(value * TONES), TONES - 1)
    yield rect(f"c{tone}", (x, y), size, title, 2)
    css = "ton mid" if tone >= LIGHT_FROM else "tk mid"
    yield text(css, x + size[0] / 2, y + size[1] / 2 + 4.5, str(whole_percent(value)))
    if cell.stands_out:
        yield rect("cell-sure", (x, y), size, "", 2)


def _row(cell: HourCell) -> tuple[str, ...]:
    share = cell.share
    told = share.interval is not None and share.value is not None
    return (
        DAYS[cell.weekday or 0],
        f"{cell.hour:02d}:00",
        count(share.n),
        count(share.part),
        percent(share.value) if told and share.value is not None else NONE,
        percents(share.interval) or NONE,
        "yes" if cell.stands_out else "no",
    )
