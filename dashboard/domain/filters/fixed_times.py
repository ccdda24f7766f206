"""A filter with relative times, as the same filter with fixed ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from dashboard.domain.filters.fields import Form
from dashboard.domain.filters.moments import TODAY, YESTERDAY, is_of_days, stretch_of
from dashboard.domain.filters.query import RunQuery, Term, pairs_of, parse


def is_relative(term: Term) -> bool:
    """Whether a term means another time tomorrow: `today`, `yesterday`, `24h`, `7d`."""
    return term.form == Form.TIME and (
        term.value in (TODAY, YESTERDAY) or (term.value[-1] in "hd" and term.value[0].isdigit())
    )


def needs_zone(term: Term) -> bool:
    """Whether a term finds other runs in another zone, as one of days does."""
    return term.form == Form.TIME and is_of_days(term.value)


def fixed(query: RunQuery, now: datetime, zone: tzinfo = UTC) -> RunQuery:
    """The query that at any later moment finds what this one finds at `now`, in the same zone.

    `today` becomes its day, `7d` the moment seven days before `now`, from which on it counts.
    """
    terms = [_fixed(term, now, zone) if is_relative(term) else term for term in query.terms]
    return parse(pairs_of(replace(query, terms=tuple(terms))))


def _fixed(term: Term, now: datetime, zone: tzinfo) -> Term:
    today = now.astimezone(zone).date()
    if term.value in (TODAY, YESTERDAY):
        day = today if term.value == TODAY else today - timedelta(days=1)
        return replace(term, value=day.isoformat())
    begin = stretch_of(term.value, now, zone).begin or now
    text = begin.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return replace(term, value=f">={text}")
