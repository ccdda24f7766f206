"""The query string of the list, read as a filter."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from dashboard.domain.text.search_term import search_term
from dashboard.services.runs import pasted
from dashboard.services.runs.run_filter import LONGEST, SHOWS, RunFilter


class ListFilter(RunFilter):
    """A filter with the address that its list links to."""

    __slots__ = ()

    @property
    def term(self) -> str:
        """The search as a page may show it; empty where it is long or holds a secret."""
        return search_term(self.q)

    @property
    def untagged_url(self) -> str:
        """The list with the same filter, without the tag."""
        rest = {"show": self.show, "q": self.q, "starred": "1" if self.starred else ""}
        query = urlencode({name: value for name, value in rest.items() if value})
        return f"{reverse('run_list')}?{query}" if query else reverse("run_list")


def read_filter(request: HttpRequest) -> ListFilter:
    """The filter of an address."""
    show = request.GET.get("show", "")
    return ListFilter(
        show=show if show in SHOWS else "",
        q=request.GET.get("q", "").strip(),
        pasted=tuple(pasted.unpack(request.GET.get("ids", ""))),
        starred=request.GET.get("starred") == "1",
        tag=request.GET.get("tag", "").replace("\0", "").strip()[:LONGEST],
    )
