"""Patterns of whole pages and the list's parts: boxes, troubles, errors, sign-in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpRequest

from dashboard.domain.filters.query import parse
from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.roles import MEMBER, ROLES
from dashboard.domain.text.search_term import NoTerm
from dashboard.http import Context
from dashboard.models import Invitation, Run, SavedView, Session
from dashboard.presentation.box_text import REFUSED
from dashboard.presentation.run.workflow_text import UNKNOWN
from dashboard.presentation.trouble import CONCERNS, NOT_ASKED_YET, OWN_LIMIT, TROUBLES, TroubleText
from dashboard.presentation.words import status_words
from dashboard.services import clock
from dashboard.services.comfydeploy.connection import ConnectionTrouble
from dashboard.services.runs.palette import FoundWorkflow
from dashboard.services.runs.saved_views import Views
from dashboard.styleguide import payloads
from dashboard.styleguide.drawing import (
    Pattern,
    Patterns,
    context_of,
    drawn,
    main_of,
    visibility_at,
)
from dashboard.styleguide.runs import run_of
from dashboard.views.connection_notice import ConnectionNotice
from dashboard.views.runs.filter_context import query_context
from dashboard.views.runs.filters import TABS, ListFilter
from dashboard.views.runs.saved_view_context import views_context

NOTHING = ListFilter()
ERRORS: tuple[tuple[str, str, Context], ...] = (
    ("400", "400.html", {}),
    ("403, the form", "403_csrf.html", {}),
    ("403, through a proxy", "403_csrf.html", {"reason": "proxy"}),
    ("403, open access through a proxy", "403.html", {"reason": "proxy"}),
    ("403, for admins", "403.html", {"exception": "admin"}),
    ("403, for members", "403.html", {"exception": "member"}),
    ("404", "404.html", {}),
    ("404, no workflow", "404.html", {**UNKNOWN, "back_url": "#top"}),
    ("500", "500.html", {}),
    ("503, the disk is full", "503.html", {"message": "The disk is full."}),
)


def boxes(request: HttpRequest) -> Patterns:
    """The header and the box that takes anything pasted."""
    yield Pattern("header", drawn({"active_count": 3}, "_header.html", request=request))
    yield Pattern("small box", drawn({}, "_box.html"))
    yield Pattern("large box", drawn({}, "runs/list/_paste.html"))
    bad = {"form_error": REFUSED[NoTerm.LINES]}
    yield Pattern("nothing found in it", drawn(bad, "runs/list/_paste.html"))
    for found, opened in ((1, 1), (3, 3), (1234, 200)):
        said = {"found": found, "opened": opened, "run_id": UUID(int=found)}
        yield Pattern(f"{found} found in it", drawn(said, "runs/list/_paste_preview.html"))
    said = {"search": "dunes"}
    yield Pattern("words in it", drawn(said, "runs/list/_paste_preview.html"))
    for why, sentence in REFUSED.items():
        said = {"refused": sentence}
        yield Pattern(f"refused: {why}", drawn(said, "runs/list/_paste_preview.html"))
    yield Pattern("searched", drawn({"choice": _asked(q="dunes")}, "runs/list/_paste.html"))


def connection_notices(request: HttpRequest, now: datetime) -> Patterns:
    """What stands above lists while no data comes from ComfyDeploy."""
    for word in CONCERNS:
        ends = None if word == Trouble.KEY_REJECTED else now + timedelta(seconds=8)
        trouble = ConnectionTrouble(word, now - timedelta(seconds=40), ends)
        shown = {"notice": ConnectionNotice(trouble, now)}
        yield Pattern(word, drawn(shown, "_connection_notice.html", request=request))


def now_strip(request: HttpRequest, now: datetime) -> Patterns:
    """The strip of live runs, with and without any."""
    run, _ = run_of(payloads.live(now, "now", "running"), now)
    cards = [{**context_of(run, visibility_at(now)), "image": None}]
    there = {"now": now, "now_cards": cards, "more_live": True}
    yield Pattern("live runs", drawn(there, "runs/list/_live_strip.html", request=request))
    none = {"now": now, "now_cards": []}
    yield Pattern("nothing is running", drawn(none, "runs/list/_live_strip.html", request=request))


def empties(now: datetime) -> Patterns:
    """The list without rows: before the first run, and for each filter."""
    for state in ("no-key", "listing", "nothing", "forbidden"):
        told = {"empty": True, "plain": True, "first_state": state, "watched": True}
        yield Pattern(f"no run yet: {state}", drawn(told, "runs/list/_empty.html"))
    rows = ("runs/list/_filters.html", "runs/list/_rows.html")
    yield Pattern("nothing found", _list(rows, _asked(q="zzz")))
    for tab, pair in TABS[1:]:
        yield Pattern(f"filter: {tab}", _list(rows, _asked(*filter(None, [pair]))))
    yield Pattern("filter: tag", _list(rows, _asked(tag="hero")))
    yield Pattern("filter: tag and starred", _list(rows, _asked(tag="hero", starred="1")))
    yield Pattern("unread", _list(rows, _asked(total="long", machine="h100")))
    yield Pattern("no older runs", _list(rows, NOTHING, newer_url="#empty"))
    yield Pattern("none has ended", _list(rows, NOTHING, now_cards=[1]))


def saved_views(request: HttpRequest) -> Patterns:
    """Views beside the tabs, the menu of the one that is open, and the form that saves another."""
    choice = _asked(gpu="H100", created="7d")
    names = ("Autumn, to review", "H100 cold starts", "Mine", "Nights", "مراجعة", "Week", "A" * 60)
    rows = [
        SavedView(pk=n, name=name, query=f"gpu={n}", owner_id=n % 2 or None)
        for n, name in enumerate(names, 1)
    ]
    for name, count, query in (("two", 2, ""), ("more", 7, choice.canonical), ("changed", 7, "")):
        rows[1].query = query or "gpu=L40S"
        found = replace(choice, saved=0 if name == "two" else 2)
        views = Views(rows[:count], rows[1] if query else None)
        context = {
            **query_context(choice, people=True), "choice": choice, "chips": (),
            **views_context(request, found, views, clock.now()), "for_everybody": True,
        }  # fmt: skip
        yield Pattern(name, drawn(context, "runs/list/_filters.html", request=request))
    yield Pattern("to save", drawn(context, "runs/list/_list_actions.html", request=request))
    refused = {**context, "refused": "Give the view a name.", "view_name": "‎", "shared": True}
    yield Pattern("not saved", main_of(request, "runs/list/view_refused.html", **refused))


def palette(request: HttpRequest) -> Patterns:
    """The command palette as it opens, and what it finds; its frame alone is another."""
    run = Run(uuid=UUID(int=7), status="success", label="Lighthouse at dusk")
    view = SavedView(pk=1, name="Autumn, to review", owner=None)
    pages = [("compact", "Runs", "#palette"), ("follow", "Following", "#palette")]
    context = {"pages": pages, "views": [(view, "#palette")]}
    opened = drawn(context, "_palette.html", request=request)
    yield Pattern("opened", opened.replace("<dialog ", "<div ").replace("</dialog>", "</div>"))
    found = {"search": "light", "search_url": "#palette", "runs": [(run, status_words(run.status))],
             "workflows": [FoundWorkflow("w", "lighthouse-flux")]}  # fmt: skip
    for name, told in (("words", found), ("an ID", {"run_id": run.uuid})):
        listed = drawn(told, "_palette_found.html")
        yield Pattern(
            f"found by {name}",
            f'<div class="palette-list" role="listbox" aria-label="Found">{listed}</div>',
        )


def _asked(*pairs: tuple[str, str], **named: str) -> ListFilter:
    return ListFilter(query=parse([*pairs, *named.items()]))


def _list(parts: tuple[str, ...], choice: ListFilter, **context: object) -> str:
    return drawn({"choice": choice, **query_context(choice, people=True), **context}, *parts)


def pasted(request: HttpRequest, now: datetime) -> Patterns:
    """The states of several pasted runs, for a member and for a viewer."""
    ids = [
        run_of(payloads.ended(now, f"pasted {n}"), now)[0].uuid for n in range(len(TROUBLES) + 3)
    ]
    missing = [Run(uuid=at, trouble=word) for at, word in zip(ids, TROUBLES, strict=False)]
    found: Context = {
        "total": 14, "skipped": 3, "untracked": ids[-3:-1], "missing": missing,
        "waiting": [Run(uuid=ids[-1])],
    }  # fmt: skip
    for name, may in (("a member's", True), ("a viewer's", False)):
        context = {"found": found, "choice": NOTHING, "may_label": may}
        yield Pattern(name, drawn(context, "runs/list/_pasted.html", request=request))


def troubles(request: HttpRequest, now: datetime) -> Patterns:
    """A run with nothing to show: for each trouble, at our own limit, before any answer."""
    run, _ = run_of(payloads.ended(now, "trouble"), now)
    found: Mapping[str, TroubleText] = {
        **TROUBLES, "our own limit": OWN_LIMIT, "not asked yet": NOT_ASKED_YET
    }  # fmt: skip
    for word, text in found.items():
        context = {"trouble": text, "run_id": run.uuid, "retry_after": 30}
        yield Pattern(word, main_of(request, "trouble.html", **context))


def errors(request: HttpRequest, now: datetime) -> Patterns:
    for name, page, context in ERRORS:
        yield Pattern(name, main_of(request, page, **context))
    run, _ = run_of(payloads.live(now, "refused", "running"), now)
    refused = {"run": run, "refused": "A tag can have up to 40 characters. This one has 52."}
    yield Pattern("a label refused", main_of(request, "runs/labels/refused.html", **refused))
    yield Pattern("removing a live run", main_of(request, "runs/remove.html", run=run))


def entrances(request: HttpRequest, now: datetime) -> Patterns:
    """Every page that opens without sign-in, and the page that sets a password."""
    form = AuthenticationForm()
    wrong = AuthenticationForm(data={"username": "ana", "password": ""})
    wrong.is_valid()
    yield Pattern("sign-in", main_of(request, "accounts/account/sign_in.html", form=form))
    yield Pattern("wrong password", main_of(request, "accounts/account/sign_in.html", form=wrong))
    first = {"form": form, "no_account_yet": True}
    yield Pattern("no account yet", main_of(request, "accounts/account/sign_in.html", **first))
    yield Pattern(
        "too many tries", main_of(request, "accounts/account/too_many_tries.html", wait="40 s")
    )
    yield Pattern("the first admin", main_of(request, "accounts/account/first_admin.html"))
    taken = {"errors": ["This name is taken."], "name": "ana"}
    yield Pattern(
        "a name that is taken", main_of(request, "accounts/account/first_admin.html", **taken)
    )
    owner = User(pk=1, username="eva")
    asked = Invitation(pk=1, role=MEMBER, made_by=owner, made_at=now)
    yield Pattern(
        "invitation", main_of(request, "accounts/account/invitation.html", invitation=asked)
    )
    yield Pattern("invitation over", main_of(request, "accounts/account/invitation_ended.html"))
    yield Pattern(
        "sign-in link", main_of(request, "accounts/account/sign_in_link.html", owner=owner)
    )
    yield Pattern("sign-in link over", main_of(request, "accounts/account/sign_in_link_ended.html"))
    new = SetPasswordForm(owner, data={"new_password1": "a", "new_password2": "b"})
    new.is_valid()
    yield Pattern(
        "a password refused", main_of(request, "accounts/account/password.html", form=new)
    )


def accounts(request: HttpRequest, now: datetime) -> Patterns:
    """One's own account, with its sessions; and the address of the webhook."""
    began = now - timedelta(days=3)
    rows = [
        {"row": Session(pk=n, began_at=began, seen_at=now), "device": device, "here": here}
        for n, (device, here) in enumerate(
            (("Firefox on Linux", True), ("Safari on iOS", False)), 1
        )
    ]
    mine = {"role": "admin", "role_means": ROLES["admin"], "sessions": rows, "others": True}
    yield Pattern("an account", main_of(request, "accounts/account/page.html", **mine))
    hook = {"address": "https://board.example/hooks/…", "tracks": True}
    yield Pattern("webhook", main_of(request, "webhooks/address.html", **hook))
    near = {**hook, "tracks": False, "loopback": True}
    yield Pattern("webhook, this computer", main_of(request, "webhooks/address.html", **near))
