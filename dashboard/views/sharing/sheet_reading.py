"""A sheet as a chat's preview tells of it, before and after its link is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from dashboard.domain.sharing import OUTPUTS
from dashboard.models import Share
from dashboard.presentation.sharing.sheet_text import (
    SheetCounts,
    counts_text,
    sheet_card,
    sheet_preview_text,
)
from dashboard.services.sharing import sheets
from dashboard.services.sharing.preview_image import draw_card
from dashboard.services.sharing.sheets import Place
from dashboard.views.sharing.sheet_context import counts_of


@dataclass(frozen=True)
class SheetReading:
    """A link and the places of its runs; the link of a preview is not stored."""

    link: Share
    places: Sequence[Place]

    @property
    def counts(self) -> SheetCounts:
        return counts_of(self.places, self.link.scopes)

    @property
    def counts_text(self) -> str:
        return counts_text(self.counts)

    @property
    def preview_text(self) -> str:
        return sheet_preview_text(self.counts, self.link.ends_at)

    def card_answer(self) -> HttpResponse:
        """The preview image as PNG."""
        return HttpResponse(self._card(), content_type="image/png")

    def _card(self) -> bytes:
        card = sheet_card(self.link.title, self.counts)
        if OUTPUTS not in self.link.scopes:
            return draw_card(card)
        try:
            return draw_card(card, sheets.picture_of(self.places))
        except (OSError, ValueError):  # the picture's file is missing or not of its type
            return draw_card(card)
