"""Patterns of accounts, the audit and share links."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.templatetags.static import static

from dashboard.domain import sharing
from dashboard.domain.roles import MEMBER, ROLES
from dashboard.http import Context
from dashboard.models import AuditEntry, Invitation, Run, Share
from dashboard.presentation.run.inputs import inputs_context
from dashboard.presentation.run.phase_table import phase_table
from dashboard.presentation.run.tiles import Tile, tile
from dashboard.presentation.sharing import share_text
from dashboard.presentation.sharing.share_text import scopes_text
from dashboard.services.accounts.audit import ACTIONS
from dashboard.styleguide import payloads
from dashboard.styleguide.drawing import (
    Pattern,
    Patterns,
    context_of,
    drawn,
    main_of,
    visibility_at,
)
from dashboard.styleguide.run_parts import NAMES, labels_of, stored_picture
from dashboard.styleguide.runs import run_of
from dashboard.views.runs.pair_context import WAYS, pair_context
from dashboard.views.styleguide import sheet

EVERYTHING = frozenset(sharing.ALL_SCOPES)


def people(request: HttpRequest, now: datetime) -> Patterns:
    """The page of people: its rows, a new link, and a refused change."""
    eva, off = User(pk=1, username="eva"), User(pk=2, username="tom", is_active=False)
    eva.last_seen, off.last_login = now, now  # type: ignore[attr-defined]
    rows = [{"user": one, "role": MEMBER} for one in (eva, off, User(pk=3, username="vera"))]
    invited = Invitation(pk=1, role=MEMBER, made_by=eva, made_at=now,
                         expires_at=now + timedelta(days=7))  # fmt: skip
    page = {"people": rows, "roles": ROLES, "usual_role": MEMBER}
    link = {"new_link": "https://board.example/invite/…"}
    for name, more in (
        ("people", {"invitations": [invited]}),
        ("nobody yet", {"people": []}),
        ("an invitation made", link),
        ("a sign-in link made", {**link, "link_of": eva}),
        (
            "a change refused",
            {
                "refused": "This is the only admin. Make someone else an admin first.",
                "refused_of": eva,
            },
        ),
    ):
        yield Pattern(name, main_of(request, "accounts/people/list.html", **{**page, **more}))


def noted(request: HttpRequest, now: datetime) -> Patterns:
    """The audit: each action, no entry yet, and none that matches the filter."""
    entries = [
        {"row": AuditEntry(at=now, name="eva", action=word, subject="tom"), "words": words}
        for word, words in ACTIONS.items()
    ]
    page = {"actions": ACTIONS, "names": ["eva"], "who": "", "did": ""}
    full = {"entries": entries, "newest": "#audit", "older": "#audit"}
    for name, more in (("entries", full), ("none yet", {}), ("none fits", {"who": "eva"})):
        yield Pattern(name, main_of(request, "accounts/audit/list.html", **{**page, **more}))


def shares(request: HttpRequest, now: datetime) -> Patterns:
    """The form of a link, its rows, its readers' page, and the page of an ended link."""
    run, _ = run_of(payloads.ended(now, "shared") | payloads.IDS, now)
    links = [_row(link, now) for link in _links(run, now)]
    page = {"links": links, "everybody": True, "more": True}
    yield Pattern("links", main_of(request, "sharing/list.html", **page))
    yield Pattern("no link yet", main_of(request, "sharing/list.html", links=[]))
    for name, more in (("making one", {}), ("one made", {"new_link": "https://board.example/s/…"})):
        context = {**_making(run, now), "links": links, "loopback": True, **more}
        yield Pattern(name, drawn(context, "sharing/_create.html", request=request))
    yield from sheet.patterns(request, now)
    for name, known in (("link over", True), ("link to nowhere", False)):
        yield Pattern(name, main_of(request, "sharing/ended.html", known=known))
    yield from _read(request, now)


def _links(run: Run, now: datetime) -> list[Share]:
    eva = User(pk=1, username="eva")
    given: dict[str, object] = {"run": run, "title": "Lighthouse", "gives": "outputs times",
                                "made_at": now, "made_by": eva}  # fmt: skip
    return [
        Share(pk=1, **given, ends_at=now + timedelta(days=7), views=3, seen_at=now),
        Share(pk=2, **given, ends_at=now - timedelta(days=1)),
        Share(pk=3, **given, revoked_at=now, revoked_by=eva),
        _sheet(Share(pk=4, **{**given, "run": None}, views=12, seen_at=now)),
    ]


def _sheet(link: Share) -> Share:
    link.sheet_size = 12  # type: ignore[attr-defined]
    return link


def _row(link: Share, now: datetime) -> Context:
    return {
        "link": link,
        "open": link.is_open(now),
        "mine": False,
        "scopes_text": scopes_text(link.scopes),
        "scopes": sorted(link.scopes),
        "titled": True,
    }


def _making(run: Run, now: datetime) -> Context:
    asked = {
        "scopes": sharing.DEFAULT_SCOPES,
        "title": "Lighthouse",
        "life": sharing.DEFAULT_LIFETIME,
    }
    return {
        "run": run,
        "asked": asked,
        "form_url": "#shares",
        "card_url": f"{static('img/card.png')}?",
        "scopes": share_text.SCOPES,
        "lives": share_text.LIFETIMES,
        "ends_at": now + timedelta(days=7),
        "preview_title": "✓ Lighthouse",
        "preview_text": "Shared from Runboard.",
        "host": "board.example",
    }


def _read(request: HttpRequest, now: datetime) -> Patterns:
    """The page of a link with all scopes, live and ended; and its pictures side by side."""
    for name, made in (("live", payloads.live(now, "read live", "running")),
                       ("ended", payloads.ended(now, "read"))):  # fmt: skip
        run, _ = run_of(made | payloads.IDS, now)
        tags, notes = labels_of(run, now)
        live = context_of(run, visibility_at(now))
        context = {
            **live,
            "layout": None,
            "table": phase_table(live["display"].rows, None),
            "link": Share(title="Lighthouse", ends_at=now + timedelta(days=7)),
            "scopes": EVERYTHING,
            "poll": None if run.finished else 5,
            "live_url": "#shares",
            **inputs_context(run.inputs),
            "names": NAMES,
            "labels": {"any": True, "star": True, "title": notes[0], "tags": tags, "notes": notes},
        }
        top = drawn(context, "sharing/_header.html")
        yield Pattern(
            f"a reader's page, {name}", top + main_of(request, "sharing/page.html", **context)
        )
    pictures = [_picture(request, now, name) for name in ("one.png", "other.png")]
    for way in WAYS:
        pair = {**pair_context(request, pictures, "Lighthouse", "#shares"), "way": way}
        yield Pattern(f"side by side, {way}", drawn(pair, "runs/side_by_side/_pictures.html"))


def _picture(request: HttpRequest, now: datetime, name: str) -> Tile:
    address = request.build_absolute_uri(static("img/card.png"))
    made = [{"data": {"images": [payloads.file(f"{address}?{name}", name)]}, "node_meta": None}]
    _, facts = run_of(payloads.ended(now, name, outputs=made), now)
    return tile(facts.outputs[0], stored_picture(address), "")
