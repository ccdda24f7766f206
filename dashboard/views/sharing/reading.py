"""A shared run as the readers of a link see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import HttpResponse
from django.utils.crypto import salted_hmac

from dashboard.domain import sharing
from dashboard.domain.run.visibility import Visibility
from dashboard.domain.sharing import RedactedRun, redacted_view
from dashboard.models import Share
from dashboard.presentation.run.display import RunDisplay, run_display
from dashboard.presentation.sharing import share_text
from dashboard.presentation.sharing.preview_card import preview_card
from dashboard.services.runs.visibility import ObservedRun, observe
from dashboard.services.sharing import share_links
from dashboard.services.sharing.preview_image import draw_card


@dataclass(frozen=True)
class Reading:
    """A run as the readers of one link see it at one moment."""

    link: Share
    observed: ObservedRun  # as members see it
    run: RedactedRun
    visibility: Visibility
    display: RunDisplay

    @classmethod
    def of(cls, link: Share, now: datetime) -> Reading:
        observed = observe(link.one_run, now)
        run = redacted_view(link.one_run, link.scopes)
        visibility = sharing.reader_visibility(link.one_run, observed.visibility)
        outputs = link.one_run.output_count if sharing.OUTPUTS in link.scopes else 0
        display = run_display(run, visibility, title=link.title, outputs=outputs)
        return cls(link, observed, run, visibility, display)

    @property
    def now(self) -> datetime:
        return self.observed.now

    @property
    def poll(self) -> int | None:
        return self.observed.poll

    @cached_property
    def tag(self) -> str:
        """The tag without what readers may not know: versions in plain, the rest as a signature."""
        full = self.observed.tag  # also changes with the API key and with other runs
        run, outputs = full.split(".")[:2]
        signature = salted_hmac("runboard.share-tag", f"{full}.{self.link.pk}", algorithm="sha256")
        shown = [outputs] if sharing.OUTPUTS in self.link.scopes else []
        return ".".join([run, *shown, signature.hexdigest()[:16]])

    @property
    def outputs(self) -> int:
        return self.link.one_run.output_count if sharing.OUTPUTS in self.link.scopes else 0

    @property
    def preview_title(self) -> str:
        return share_text.preview_title(self.display, self.run)

    @property
    def preview_text(self) -> str:
        return share_text.preview_text(self.outputs, self.link.ends_at)

    def card(self) -> bytes:
        """The preview image as PNG."""
        card = preview_card(self.run, self.visibility, self.display, self.link.scopes)
        try:
            return draw_card(card, share_links.picture_of(self.link))
        except (OSError, ValueError):  # the picture's file is missing or not of its type
            return draw_card(card)


def card_answer(reading: Reading) -> HttpResponse:
    return HttpResponse(reading.card(), content_type="image/png")
