"""Runs as JSON in lists: what a page of them tells with a constant number of queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dashboard.domain.filters.fields import ENVIRONMENT
from dashboard.domain.filters.sorts import Key
from dashboard.models import Run
from dashboard.services.machines import stories
from dashboard.services.machines.stories import NOTHING
from dashboard.services.runs import labels
from dashboard.services.runs.export import IDS, environments_of, names_of
from dashboard.services.runs.since_good import since_good_of
from dashboard.views.responses import json_moment
from dashboard.views.runs.changed_context import changed_as_json
from dashboard.views.runs.node_context import nodes_of_several
from dashboard.views.runs.run_facts_json import NAMED, by_json, facts_json
from dashboard.views.runs.starters import starters_for
from dashboard.views.runs.story_context import may_see_costs
from dashboard.views.runs.story_json import story_as_json
from dashboard.views.runs.thumbnails import thumbnail_urls

UNREAD = (  # large, or not told in lists
    *("inputs", "values", "claimed_until", "looked_at", "asked_at", "phase_since"),
    *("trouble_since", "links_end_at", "nudged_at", "log_next_at", "details_at"),
    *("claim_token", "answer_digest", "inputs_digest", "seedless_digest", "picture_url"),
)


def summaries(request: HttpRequest, keys: Sequence[Key], now: datetime) -> list[dict[str, object]]:
    """The runs of these keys as JSON, in order; those who started them where the reader may see it.

    As the JSON of a run, but without what is long.
    """
    found = Run.objects.defer(*UNREAD).in_bulk([key.pk for key in keys])
    runs = [found[key.pk] for key in keys if key.pk in found]
    belonging = [{column: getattr(run, column) for column in IDS.values()} for run in runs]
    names = names_of(one for ids in belonging for one in ids.values())
    environments = environments_of(ids["deployment_id"] for ids in belonging)
    tags, pictures = labels.tags_of(found), thumbnail_urls(found)
    starters = starters_for(request, (run.user_id for run in runs))
    told, since = stories.stories_of(runs), since_good_of(runs, graphs=False)
    nodes, costs = nodes_of_several(runs), may_see_costs(request)
    return [
        {
            **facts_json(run),
            "title": run.title,
            "prompt": run.prompt,
            "names": _names(ids, names, environments),
            "by": by_json(starters.get(run.user_id or "")),
            **story_as_json(told.get(run.pk, NOTHING), costs=costs),
            "nodes": nodes[run.pk],
            "changed": changed_as_json(since.get(run.pk)),
            "freshness": _freshness(run, now),
            "tags": tags.get(run.pk, []),
            "output_count": run.output_count,
            "thumbnail": _absolute(pictures.get(run.pk)),
        }
        for run, ids in zip(runs, belonging, strict=True)
    ]


def _names(
    ids: Mapping[str, Any],
    names: Mapping[tuple[str, str], str],
    environments: Mapping[str, str],
) -> dict[str, str | None]:
    called = {name: names.get((name, ids[IDS[name]] or "")) for name in NAMED}
    return {**called, ENVIRONMENT: environments.get(ids["deployment_id"] or "") or None}


def _freshness(run: Run, now: datetime) -> dict[str, object]:
    """How old it is, and the run's own trouble: what stops all runs alike is not told here."""
    age = (now - run.observed_at).total_seconds() if run.observed_at else None
    return {
        "observed_at": json_moment(run.observed_at),
        "age": None if age is None else round(max(0.0, age), 3),
        "trouble": run.trouble,
        "retry_at": json_moment(run.next_refresh_at) if run.trouble else None,
    }


def _absolute(path: str | None) -> str | None:
    return settings.PUBLIC_URL + path if path else None
