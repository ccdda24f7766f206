"""What the styleguide draws of selected runs: the bar's offers, and what it tells."""

from collections.abc import Iterator

from django.http import HttpRequest

from dashboard.http import Context
from dashboard.models import BulkAction, BulkState
from dashboard.presentation.bulk_text import told
from dashboard.services.ops.bulk import Counted
from dashboard.services.runs.selected import ArchiveSize
from dashboard.styleguide.drawing import Pattern, drawn

SAID = "runs/list/_selection_said.html"
ACTIONS = {
    "going on": BulkAction(kind="tag", total=1200, done=400),
    "done": BulkAction(kind="tag", total=1200, done=1200, state=BulkState.DONE),
    "done, two were gone": BulkAction(kind="star", total=12, done=12, gone=2, state=BulkState.DONE),
    "undone": BulkAction(kind="title", text="Coast", total=3, moved=1, state=BulkState.UNDONE),
}


def selected(request: HttpRequest) -> Iterator[Pattern]:
    """The bar as an admin has it, the offer of all, the size of a zip, and every message."""
    who = {"may_label": True, "may_administer": True, "shown": True}
    yield Pattern("the bar", drawn(who, "runs/list/_selection_bar.html", request=request))
    for number, more in ((214, False), (10_001, True)):
        offer: Context = {"found": Counted(number, 1, ""), "more": more, "ids": ""}
        yield Pattern(f"all {number}", drawn(offer, "runs/list/_selection_all.html"))
    for found in (ArchiveSize(3, 12, 48_000_000, more=True), ArchiveSize(3, 0, 0, more=False)):
        size: Context = {"found": found, "size": "48.0 MB", "more": True, "query": "ids=x"}
        yield Pattern(f"{found.files} files", drawn(size, "runs/list/_selection_size.html"))
    for name, action in ACTIONS.items():
        action.pk = 1
        undoable = name.startswith("done")
        context: Context = {
            "action": action,
            "told": told(action),
            "seconds": 1,
            "undoable": undoable,
        }
        yield Pattern(name, drawn(context, SAID, request=request))
    refused = {"refused": "A tag can have up to 40 characters. This one has 52."}
    yield Pattern("refused", drawn(refused, SAID, request=request))
