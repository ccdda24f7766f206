"""Every address of the project, and what each kind of reader gets there.

A row names a URL pattern (or another case of one, after a colon) and says what
GET (and HEAD), POST, and PUT, PATCH and DELETE answer, one word for each of
ACTORS: `ok` (an answer), `on` (redirected to another page, the act done),
`sign-in` (sent there, and back), or a status (422: a form with what was wrong).
Whoever has no word gets what nobody signed in gets: so do both readers of share
links, who opened their own link before.
"""

from dataclasses import dataclass, field

READERS = ("reader of this run", "reader of another")
ACTORS = ("anonymous", "viewer", "member", "admin", *READERS)
LOOK, LABEL, ADMIN = "sign-in ok ok ok", "sign-in 403 ok ok", "sign-in 403 403 ok"
ON, LABELLED, ADMINISTERED = "sign-in on on on", "sign-in 403 on on", "sign-in 403 403 on"
NOT_THIS_WAY = "sign-in 405 405 405"
ANYBODY, OPEN_NOT_THIS_WAY = "ok ok ok ok", "405 405 405 405"


@dataclass(frozen=True)
class Row:
    name: str
    get: str
    post: str = NOT_THIS_WAY
    other: str = NOT_THIS_WAY
    form: dict[str, str] = field(default_factory=dict)
    head: str = ""  # where it is not GET's

    @property
    def pattern(self) -> str:
        return self.name.partition(":")[0]

    def expected(self, method: str, actor: str) -> str:
        words = {"GET": self.get, "HEAD": self.head or self.get, "POST": self.post}.get(
            method, self.other
        )
        each = words.split()
        at = ACTORS.index(actor)
        return each[at] if at < len(each) else each[0]


def page(name: str) -> Row:
    """Read by whoever has an account."""
    return Row(name, get=LOOK)


def json(name: str) -> Row:
    """The same, told as JSON."""
    return Row(name, "401 ok ok ok", "401 405 405 405", "401 405 405 405")


def act(name: str, may: str, **form: str) -> Row:
    """Done by POST alone."""
    return Row(name, get=NOT_THIS_WAY, post=may, form=form)


def both(name: str, get: str, post: str, **form: str) -> Row:
    return Row(name, get=get, post=post, form=form)


def by_token(name: str, word: str, post: str = "", *, head: str = "", **form: str) -> Row:
    """Needs no account, but a token."""
    get, done = f"{word} " * 4, f"{post or word} " * 4
    return Row(name, get=get, post=done, other=OPEN_NOT_THIS_WAY, head=head, form=form)


def shared(name: str, word: str) -> Row:
    """Opened by whoever holds the token, signed in or not; only ever read."""
    return Row(name, get=f"{word} " * 6, post="405 " * 6, other="405 " * 6)


TABLE = [
    page("run_list"),
    Row("first_minute", get="sign-in on ok ok"),
    Row("first_part", get=LABEL),
    act("first_ticks", LABELLED, all="off"),
    act("first_ticks:later", ADMINISTERED, later="off"),
    page("history"),
    act("history_stop", LABELLED),
    act("history_resume", LABELLED),
    both("find_runs", ON, "sign-in on on on", q="nothing"),
    act("paste_preview", LOOK, q="nothing"),
    page("insights"),
    page("insights_csv"),
    json("insights_json"),
    Row("insights_cost", get="sign-in 404 ok ok"),
    Row("insights_cost_csv", get="sign-in 404 ok ok"),
    Row("insights_cost_json", "401 404 ok ok", "401 405 405 405", "401 405 405 405"),
    page("insights_failures"),
    page("insights_failures_csv"),
    json("insights_failures_json"),
    page("insights_week"),
    page("insights_week_csv"),
    json("insights_week_json"),
    page("insights_speed"),
    page("insights_speed_csv"),
    json("insights_speed_json"),
    page("insights_warm"),
    page("insights_warm_csv"),
    json("insights_warm_json"),
    page("runs_csv"),
    json("runs_json"),
    json("runs_jsonl"),
    page("runs_now"),
    page("run_tabs_counted"),
    page("run_facet"),
    Row("run_facet:unknown", get="sign-in 404 404 404"),
    Row("run_facet:by", get="sign-in 404 ok ok"),
    Row("run_facet_set", get=ON),
    json("run_json"),
    json("run_nodes_json"),
    json("run_snapshots"),
    Row("run_workflow", "401 403 ok ok", "401 405 405 405", "401 405 405 405"),
    page("run_detail"),
    act("run_refresh", ON),
    page("run_live"),
    page("run_outputs"),
    page("run_file"),
    page("run_archive"),
    Row("run_bundle", get=LABEL),
    page("run_pair"),
    page("run_history"),
    page("run_facts"),
    page("run_nodes"),
    page("run_changed"),
    page("run_usual"),
    page("run_raw"),
    page("run_value"),
    act("selection", LABEL, action="tag", text="hero", ids="fB6fQjsKTR6aVy9tDIjhtA"),
    act("selection:remove", ADMIN, action="remove", ids="AAAAAAAAAAAAAAAAAAAAAA"),
    page("selection_all"),
    page("selection_size"),
    page("selection_archive"),
    Row("selection_progress", get=LABEL),
    act("selection_undo", "sign-in 403 422 422"),
    both("run_delete", ADMIN, ADMINISTERED),
    Row("run_older", get=ON),
    Row("run_newer", get=ON),
    page("run_log"),
    both("run_share", LABEL, LABEL, tick="times"),
    Row("run_share_card", get=LABEL),
    Row("shares", get=LOOK),
    both("sheet_new", LABEL, LABEL, tick="times"),
    Row("sheet_new:nothing", "sign-in 403 404 404", "sign-in 403 404 404"),
    Row("sheet_card", get=LABEL),
    act("share_revoke", "sign-in 404 on on"),
    *(
        shared(f"{part}{case}", word)
        for part in (
            "shared",
            "shared_live",
            "shared_outputs",
            "shared_card",
            "shared_file",
            "shared_value",
            "shared_archive",
            "shared_pair",
        )
        for case, word in (("", "ok"), (":revoked", "410"), (":ended", "410"), (":wrong", "404"))
    ),
    # A sheet has the same addresses, but for what one run alone has. Asked for by its second run:
    # the first may just have been removed.
    *(
        shared(f"shared{part}:sheet", word)
        for part, word in (
            *(("", "ok"), ("_outputs", "ok"), ("_card", "ok"), ("_archive", "ok")),
            *(("_value", "ok"), ("_file", "ok"), ("_live", "404"), ("_pair", "404")),
        )
    ),
    # A token of another run opens its own run's parts, and no file of this one.
    shared("shared_file:another", "404"),
    *(shared(f"shared_{part}:another", "ok") for part in ("archive", "pair", "card", "value")),
    act("run_title", LABELLED, text="x"),
    both("palette", LOOK, LOOK, q="a"),
    both("saved_views", ON, "sign-in 422 422 422"),
    both("saved_views:everybodys", ON, "sign-in 403 422 422", **{"for": "everybody"}),
    Row("view_rename", NOT_THIS_WAY, "sign-in 404 on on", form={"name": "x"}),
    act("view_delete", "sign-in 404 on on"),
    act("view_update", "sign-in 404 422 422"),
    act("view_default", ON, on="1"),
    *(
        act(f"view_{name}:somebodys", "sign-in 404 404 404")
        for name in ("rename", "update", "delete", "default")
    ),
    act("run_star", LABELLED, on="1"),
    act("run_mark", LABELLED, choice="picked"),
    act("run_mark:another", "sign-in 403 404 404", choice="picked"),
    both("run_tags", LOOK, LABELLED, text="x"),
    act("run_tag_remove", LABELLED),
    both("run_notes", LOOK, LABELLED, text="x"),
    act("run_note_remove", LABELLED),
    Row("run_other_form", get=ON, post=ON, other=ON),
    page("batch"),
    page("batch_live"),
    Row("batch:unknown", "sign-in 404 404 404"),
    page("connection"),
    act("connection_try", LABELLED),
    both("following", LOOK, LABELLED, q="5b2f84a8-4daf-47da-9a57-2f6d0c88e1b4", kind="workflow"),
    json("following_json"),
    page("following_rows"),
    Row("following_others", get=LABEL),
    act("following_pause_all", LABELLED),
    act("following_resume_all", LABELLED),
    act("following_new", ADMINISTERED, on="1"),
    act("following_stop", LABELLED),
    act("following_pause", LABELLED),
    act("following_resume", LABELLED),
    by_token("hook", "ok", head=OPEN_NOT_THIS_WAY),
    by_token("hook:wrong", "404", head=OPEN_NOT_THIS_WAY),
    Row("hook_address", get=ADMIN),
    Row("sign_in", get="ok on on on", post="ok on on on", other="405 on on on"),
    by_token("sign_in_link", "ok", "on"),
    by_token("sign_in_link:wrong", "410"),
    act("sign_out", ON),
    page("account"),
    act("session_end", ON, session="others"),
    both("password", LOOK, LOOK),
    Row("people", get=ADMIN),
    Row("starter_picture", get=LABEL),
    Row("starter_picture:unknown", get="sign-in 403 404 404"),
    act("people_invite", ADMIN, role="viewer"),
    act("invitation_revoke", ADMINISTERED),
    act("person_role", ADMINISTERED, role="member"),
    act("person_active", ADMINISTERED, active="off"),
    act("person_sessions_end", ADMINISTERED),
    act("person_link", ADMIN),
    by_token("invitation", "ok", "on", username="zoe", password="a long password"),
    by_token("invitation:wrong", "410"),
    by_token("welcome", "on"),
    Row("audit", get=ADMIN),
    Row("patterns", "sign-in 404 404 404", "sign-in 405 405 405"),
    Row("healthz", ANYBODY, OPEN_NOT_THIS_WAY, OPEN_NOT_THIS_WAY),
    Row("readyz", ANYBODY, OPEN_NOT_THIS_WAY, OPEN_NOT_THIS_WAY),
    Row("admin", get=ADMIN, post=ADMIN, other=ADMIN),
    Row("admin:table", get=ADMIN, post=ADMIN, other=ADMIN),
    Row("admin:row", get=ADMIN, post="sign-in 403 403 403", other=ADMIN),
]
