"""Every address × method × reader, from the table in urls_table.py."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from itertools import product
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from dashboard.admin import site
from dashboard.domain.sharing import ALL_SCOPES
from dashboard.models import Invitation, Run, Share, UpstreamUser, WorkflowVersion
from dashboard.services.accounts import invitations, sign_in_links
from dashboard.services.ops import bulk
from dashboard.services.runs import follow, labels, saved_views
from dashboard.services.runs.pasted import pack
from dashboard.services.sharing import share_links
from tests.builders import NOON, answer, element, person, store
from tests.stored_files import put_kept
from tests.views.urls_table import ACTORS, READERS, TABLE

pytestmark = pytest.mark.django_db
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
RUN = UUID("7c1e9f42-3b0a-4d1e-9a57-2f6d0c88e1b4")
WRONG_RUN = UUID("00000000-0000-4000-8000-000000000000")
BATCH = UUID("8a9f57c0-45c1-4fd9-8fd1-0b6a5a2f1c52")
WRONG = "not-a-token-that-was-ever-given-out"


class Stage:
    """What the addresses are about, and a browser for each kind of reader."""

    VALUE: ClassVar = {"kind": "inputs", "name": "0"}

    def __init__(self) -> None:
        # The copy of the first is no picture, so two pictures are left for side by side.
        self.run = store(answer(RUN, outputs=[element(f"{name}.png") for name in "abe"]))
        Run.objects.filter(pk=self.run.pk).update(batch_id=str(BATCH))
        workflow = {"nodes": [{"id": 3, "type": "KSampler"}]}
        version = self.run.workflow_version_id
        WorkflowVersion.objects.create(id=version, workflow=workflow, read_at=NOON)
        self.kept = put_kept(self.run, b"a file of this run")
        self.users = {role: person(role, role) for role in ("viewer", "member", "admin")}
        self.ben = person("ben", "viewer")
        labels.add_tag(self.run, "hero", self.users["member"])
        labels.add_note(self.run, "a note", self.users["member"])
        self.view = saved_views.save("H100", "gpu=H100", self.users["member"], shared=True)
        self.bens_view = saved_views.save("L40S", "gpu=L40S", self.ben, shared=False)
        self.digest = self.run_starter()
        self.follow, _ = follow.add("workflow", RUN, NOON)
        self.removal = bulk.start("remove", "", [WRONG_RUN], self.users["admin"], NOON)
        self.share, self.token = self.shared(self.run)
        another = store(answer(outputs=[element(f"{name}.png") for name in "cdf"]))
        self.another = another
        self.others = put_kept(another, b"a file of the other run")
        self.other = self.shared(another)[1]
        self.revoked, revoked = self.shared(self.run)[::-1]
        share_links.revoke(revoked, None, timezone.now())
        self.ended = self.shared(self.run, made=timezone.now() - timedelta(days=8))[1]
        self.sheet = self.shared_sheet(self.run, another)
        self.invited = invitations.make("member", self.users["admin"], timezone.now())
        self.link = sign_in_links.issue("cleo")[0].rstrip("/").rpartition("/")[2]
        self.cookies = {role: self._signed_in(user) for role, user in self.users.items()}
        for reader, token in zip(READERS, (self.token, self.other), strict=True):
            self.cookies[reader] = self._opened(token)

    def run_starter(self) -> str:
        UpstreamUser.objects.update(name="Mira", picture="UklGRg==", picture_digest="0f" * 8)
        return UpstreamUser.objects.get().picture_digest

    def shared(self, run: Run, made: datetime | None = None) -> tuple[Share, str]:
        scopes = ALL_SCOPES
        at, by = made or timezone.now(), self.users["member"]
        return share_links.make(run, by, scopes=scopes, title="", life="7", now=at)

    def shared_sheet(self, *runs: Run) -> str:
        now, by = timezone.now(), self.users["member"]
        given = {"scopes": ALL_SCOPES, "title": "", "life": "7"}
        return share_links.make_sheet(runs, by, now=now, **given)[1]  # type: ignore[arg-type]

    def _signed_in(self, user: User) -> SimpleCookie:
        client = Client()
        client.force_login(user)
        return client.cookies

    def _opened(self, token: str) -> SimpleCookie:
        """The cookies of a reader who has opened this share link."""
        client = Client()
        client.get(f"/s/{token}/")
        return client.cookies

    def client(self, actor: str, *, csrf: bool = False) -> Client:
        """A fresh browser of this reader; with `csrf`, its forms need their token."""
        client = Client(enforce_csrf_checks=csrf)
        if actor in self.cookies:
            client.cookies = SimpleCookie(self.cookies[actor].output(header="", sep=";"))
        return client

    def address(self, name: str) -> str:
        special = self._special().get(name)
        if callable(special):
            return special()
        pattern = name.partition(":")[0]
        if special is None:
            special = {} if pattern.startswith("insights") else {"run_id": RUN}
        return reverse(pattern, kwargs=special)

    def _special(self) -> dict[str, dict[str, Any] | Callable[[], str]]:
        tag, note = (labels.of_run(self.run).tags[0].pk, labels.of_run(self.run).notes[0].pk)
        nothing = ("run_list", "find_runs", "paste_preview", "runs_now", "runs_csv", "runs_json",
                   "runs_jsonl", "run_tabs_counted", "following",
                   "following_json", "following_rows", "following_others", "following_pause_all",
                   "following_resume_all", "following_new", "connection", "connection_try",
                   "first_minute", "first_part", "first_ticks", "first_ticks:later",
                   "history", "history_stop", "history_resume", "saved_views",
                   "saved_views:everybodys", "palette", "selection",
                   "selection:remove", "selection_all", "selection_size", "selection_archive",
                   "hook_address", "sign_in", "sign_out", "account", "session_end", "password",
                   "people", "people_invite", "welcome", "audit", "patterns", "shares",
                   "healthz", "readyz")  # fmt: skip
        changes = ("rename", "update", "delete", "default")
        bens = ("person_role", "person_active", "person_sessions_end", "person_link")
        admin = f"/{settings.ADMIN_PATH}/"
        tokens = {"": self.token, ":revoked": self.revoked, ":ended": self.ended, ":wrong": WRONG}
        shared = (
            "shared",
            "shared_live",
            "shared_outputs",
            "shared_card",
            "shared_archive",
            "shared_pair",
        )
        return {
            **{name: {} for name in nothing},
            **{f"{part}{case}": {"token": tokens[case]} for part in shared for case in tokens},
            "run_facet": {"name": "gpu"},
            "run_facet:by": {"name": "by"},
            "run_facet:unknown": {"name": "nonsense"},
            "run_facet_set": {"name": "created"},
            "run_value": {"run_id": RUN, **self.VALUE},
            **{f"shared_value{case}": {"token": tokens[case], **self.VALUE} for case in tokens},
            "shared_value:another": {"token": self.other, **self.VALUE},
            "run_file": {"run_id": RUN, "pk": self.kept.pk, "name": "a.png"},
            **{
                f"shared_file{case}": {"token": tokens[case], "pk": self.kept.pk, "name": "a.png"}
                for case in tokens
            },
            **{
                f"shared_{part}:another": {"token": self.other}
                for part in ("archive", "pair", "card")
            },
            "shared_file:another": {"token": self.other, "pk": self.kept.pk, "name": "a.png"},
            **{f"view_{name}": {"pk": self.view.pk} for name in changes},
            **{f"view_{name}:somebodys": {"pk": self.bens_view.pk} for name in changes},
            **{f"selection_{part}": {"pk": self.removal.pk} for part in ("progress", "undo")},
            "share_revoke": {"pk": self.share.pk},
            **{f"{part}:sheet": {"token": self.sheet} for part in shared},
            "shared_value:sheet": {"token": self.sheet, "kind": "inputs", "name": "1-all"},
            "shared_file:sheet": {"token": self.sheet, "pk": self.others.pk, "name": "c.png"},
            "sheet_new": lambda: f"/shares/new/?ids={pack([RUN])}",
            "sheet_new:nothing": {},
            "sheet_card": lambda: f"/shares/new/card.png?ids={pack([RUN])}",
            "starter_picture": {"digest": self.digest},
            "starter_picture:unknown": {"digest": "0" * 16},
            **{name: {"pk": self.ben.pk} for name in bens},
            "run_mark": {"run_id": RUN, "pk": self.run.outputs.all()[0].pk},
            "run_mark:another": {"run_id": RUN, "pk": self.another.outputs.all()[0].pk},
            "run_tag_remove": {"run_id": RUN, "pk": tag},
            "run_note_remove": {"run_id": RUN, "pk": note},
            "run_other_form": lambda: f"/runs/{str(RUN).upper()}/",
            **{f"following_{act}": {"pk": self.follow.pk} for act in ("stop", "pause", "resume")},
            **{name: {"batch_id": BATCH} for name in ("batch", "batch_live")},
            "batch:unknown": {"batch_id": RUN},
            "hook": {"secret": settings.HOOK_SECRET},
            "hook:wrong": {"secret": WRONG},
            "sign_in_link": {"token": self.link},
            "sign_in_link:wrong": {"token": WRONG},
            "invitation": {"token": self.invited},
            "invitation:wrong": {"token": WRONG},
            "invitation_revoke": {"pk": Invitation.objects.get().pk},
            "admin": lambda: admin,
            "admin:table": lambda: f"{admin}dashboard/run/",
            "admin:row": lambda: f"{admin}dashboard/run/{self.run.pk}/change/",
        }


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


def patterns(resolver: URLResolver) -> Iterator[str]:
    """Every named pattern; an included application is one."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.name or str(entry.pattern)
        else:
            yield entry.namespace or str(entry.pattern)


def test_every_address_is_in_the_table_and_the_table_has_no_other() -> None:
    assert set(patterns(get_resolver())) == {row.pattern for row in TABLE}


def word(response: Any) -> str:
    """What a reader got: `ok`, `sign-in`, `on` to another page, or the status."""
    if response.status_code in (301, 302, 303):
        return "sign-in" if response["Location"].startswith("/sign-in/?next=") else "on"
    return "ok" if response.status_code in (200, 204) else str(response.status_code)


STAGES = 16  # setting one up takes as long as asking for a row's addresses


@pytest.mark.parametrize("first", range(STAGES))
def test_each_reader_gets_what_the_table_says(stage: Stage, first: int) -> None:
    wrong = {}
    for row in TABLE[first::STAGES]:
        address = stage.address(row.name)
        for method, actor in product(METHODS, ACTORS):
            given = row.form if method == "POST" else {}
            got = asked(stage.client(actor), method, address, given)
            if got != row.expected(method, actor):
                wrong[row.name, method, actor] = f"{got}, not {row.expected(method, actor)}"
    assert wrong == {}


def asked(client: Client, method: str, address: str, given: dict[str, str]) -> str:
    """What a reader gets; whatever it did is undone."""
    with transaction.atomic():
        got = word(getattr(client, method.lower())(address, given))
        transaction.set_rollback(True)
    return got


DONE = {"ok", "on", "422"}
POSTED = [row for row in TABLE if DONE & set(row.post.split()) and row.pattern != "hook"]


@pytest.mark.parametrize("first", range(4))
def test_a_form_of_another_site_is_refused(stage: Stage, first: int) -> None:
    for row, actor in product(POSTED[first::4], ACTORS):
        response = stage.client(actor, csrf=True).post(stage.address(row.name), row.form)
        assert response.status_code == 403 or word(response) == "sign-in", (row.name, actor)


def test_only_comfydeploys_calls_need_no_token_of_ours() -> None:
    exempt = {
        entry.name
        for entry in get_resolver().url_patterns
        if getattr(getattr(entry, "callback", None), "csrf_exempt", False)
    }
    assert exempt == {"hook"}


def test_the_reader_of_another_run_sees_nothing_of_this_one(stage: Stage) -> None:
    client = stage.client(READERS[1])
    of_this = [each.identity for each in stage.run.outputs.all()]
    chosen = f"pair/?a={of_this[1]}&b={of_this[2]}"
    for part in ("", "live/", "outputs/", "outputs.zip", chosen):
        response = client.get(f"/s/{stage.other}/{part}")
        told = b"".join(response) if response.streaming else response.content
        assert told
        for trace in (str(RUN), stage.token, "a file of this run", "a.png", "b.png", *of_this):
            assert trace.encode() not in told, (part, trace)


def test_a_deactivated_account_gets_what_nobody_gets(stage: Stage) -> None:
    User.objects.filter(username="member").update(is_active=False)
    got = {row.name: word(stage.client("member").get(stage.address(row.name))) for row in TABLE}
    assert got == {row.name: row.expected("GET", "anonymous") for row in TABLE}


def admins_patterns(entries: Iterable[Any], before: str = "") -> Iterator[str]:
    """An address of every pattern of Django's admin."""
    fill = {"<path:object_id>": "1", "<path:content_type_id>": "1", "(?P<url>.*)": "nothing"}
    for entry in entries:
        text = re.sub(r"[\^$]|\\Z", "", str(entry.pattern))
        for part, example in fill.items():
            text = text.replace(part, example)
        text = before + re.sub(r"\(\?P<app_label>(\w+).*?\)", r"\1", text)
        if isinstance(entry, URLResolver):
            yield from admins_patterns(entry.url_patterns, text)
        else:
            yield text


def test_everything_in_djangos_admin_is_for_admins_alone(stage: Stage) -> None:
    addresses = [f"/{settings.ADMIN_PATH}/{each}" for each in admins_patterns(site.urls[0])]
    assert len(addresses) > 50
    assert not [each for each in addresses if re.search(r"[<>()?]", each)], "filled in"
    expected = {"anonymous": "sign-in", "viewer": "403", "member": "403"}
    for address in addresses:
        for actor, words in expected.items():
            for method in ("get", "post"):
                got = word(getattr(stage.client(actor), method)(address))
                assert got == words, (method, address, actor)
