"""What is said of a run that has nothing to show, on its page and in its JSON."""

from dashboard.presentation.trouble import TroubleText, refusal_text, trouble_text
from dashboard.services.runs.fetch import OpenedRun


def text_of(opened: OpenedRun) -> TroubleText:
    """Why it has nothing to show: not asked for at all, or without a good answer."""
    if opened.refusal:
        return refusal_text(opened.refusal)
    return trouble_text(opened.run.trouble)
