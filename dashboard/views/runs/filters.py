"""Which runs an address chooses: a filter, a search, pasted IDs, a tag, the starred ones."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from dashboard.models import Run, RunQuerySet
from dashboard.services.runs import labels, names
from dashboard.services.runs import pasted as pasted_runs

SHOWS = {"attention": "Needs attention", "cold": "Cold starts", "live": "Live"}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """What the query string asks for; empty where it asks for nothing."""

    show: str
    q: str
    pasted: tuple[UUID, ...]
    starred: bool
    tag: str

    @property
    def any(self) -> bool:
        return bool(self.show or self.q or self.pasted or self.starred or self.tag)

    @property
    def untagged_url(self) -> str:
        """The same without the tag."""
        rest = {"show": self.show, "q": self.q, "starred": "1" if self.starred else ""}
        query = urlencode({name: value for name, value in rest.items() if value})
        return f"{reverse('run_list')}?{query}" if query else reverse("run_list")

    def runs(self) -> RunQuerySet:
        chosen = Run.objects.seen()
        if self.pasted:
            return chosen.filter(uuid__in=self.pasted)
        if self.starred:
            chosen = chosen.filter(starred=True)
        if self.tag:
            chosen = chosen.filter(pk__in=labels.tagged(self.tag))
        if self.q:
            return _matching(chosen, self.q)
        return self._shown(chosen)

    def _shown(self, chosen: RunQuerySet) -> RunQuerySet:
        if self.show == "attention":
            return chosen.attention()
        if self.show == "cold":
            return chosen.cold()
        if self.show == "live":
            return chosen.live()
        # The open list has its live runs above it.
        return chosen if self.starred or self.tag else chosen.filter(finished=True)


def read_choice(request: HttpRequest, search: str = "") -> Choice:
    """The choice of an address, or of a search that was typed into the box."""
    show = request.GET.get("show", "")
    return Choice(
        show=show if show in SHOWS else "",
        q=search or request.GET.get("q", "").strip(),
        pasted=tuple(pasted_runs.unpack(request.GET.get("ids", ""))),
        starred=request.GET.get("starred") == "1",
        tag=request.GET.get("tag", "").replace("\0", "").strip()[:LONGEST],
    )


def _matching(chosen: RunQuerySet, search: str) -> RunQuerySet:
    """Runs whose ID or name ("Run 7c1e9f42", or a word of the workflow's) begins so, or that
    have it in their title, tags or notes."""
    ids = pasted_runs.ids_in(search)
    if ids:
        return chosen.filter(uuid__in=ids)
    words = search.replace("\0", "").strip()[:LONGEST]
    called = Q(pk__in=labels.saying(words))
    if workflows := list(names.workflows_matching(words)):
        called |= Q(workflow_id__in=workflows)
    prefix = re.sub(r"^run\s+", "", search.strip().lower()).replace("-", "")
    if re.fullmatch(r"[0-9a-f]{1,32}", prefix):
        low, high = UUID(prefix.ljust(32, "0")), UUID(prefix.ljust(32, "f"))
        called |= Q(uuid__gte=low, uuid__lte=high)
    return chosen.filter(called)
