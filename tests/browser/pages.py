"""The addresses of every page by name, each with something on it."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from dashboard.domain.sharing import ALL_SCOPES
from dashboard.models import Run
from dashboard.services import clock
from dashboard.services.accounts import audit, invitations
from dashboard.services.runs import follow, labels
from dashboard.services.sharing import share_links
from dashboard.simulator import Simulator
from tests.browser.scenes import picture_of
from tests.builders import answer, body, person, running, store, waiting
from tests.conftest import SAMPLES

LONG = "A very long name of a person or a thing that goes on and on " * 2
# One page of each kind; the others are the same pages in another state.
KINDS = frozenset({
    "list", "filtered", "batch", "done", "running", "waiting", "explained", "following",
    "unknown run", "no page",
    "password", "people", "audit", "account", "hook", "shares", "share", "remove", "forbidden",
    "shared", "revoked", "invitation", "sign-in", "welcome",
})  # fmt: skip


def of_runs(upstream: Simulator) -> dict[str, str]:
    """Pages of lists and runs, for a member."""
    now = datetime.now(UTC)
    done, live, queued, failed = uuid4(), uuid4(), uuid4(), uuid4()
    for hours in range(1, 6):  # something to compare with
        store(answer(created=now - timedelta(hours=hours)))
    store(answer(done, created=now, outputs=[picture_of(upstream, done, "a.png")]))
    store(running(live, created=now))
    store(waiting(queued, created=now, queue_position=2))
    store(answer(failed, created=now, status="failed"))
    follow.add("workflow", uuid4(), now)
    for run_id, made in ((live, running), (queued, waiting)):
        upstream.script(run_id, [body(made(run_id, created=now))])
    runs = {
        "done": done, "running": live, "waiting": queued, "failed": failed,
        "explained": explained(now), "hostile": hostile(upstream), "unknown run": uuid4(),
    }  # fmt: skip
    batch = batch_of(upstream, now)
    return {
        "list": "/",
        "filtered": f"/?batch={batch}&environment!=production&machine=h100",
        "filtered, nothing found": "/?environment=staging&version=v3",
        "batch": f"/batches/{batch}/",
        "attention": "/?show=attention",
        "nothing found": "/?q=zzz",
        "following": "/following/",
        "no page": "/nowhere/",
        "password": "/account/password/",
        **{name: f"/runs/{run_id}/" for name, run_id in runs.items()},
    }


def batch_of(upstream: Simulator, now: datetime) -> UUID:
    """A batch with each kind of run, and pictures."""
    batch = uuid4()
    ends = (*(["success"] * 6), "failed", "timeout", "cancelled")
    for number, status in enumerate(ends):
        run_id = uuid4()
        picture = picture_of(upstream, run_id, f"{number}.png")
        at = now - timedelta(minutes=60 - number)
        outputs = [picture] if status == "success" else []
        store(answer(run_id, created=at, status=status, outputs=outputs))
        Run.objects.filter(uuid=run_id).update(batch_id=batch, foreign=number == 1)
    for made in (running, waiting):
        Run.objects.filter(pk=store(made(created=now)).pk).update(batch_id=batch)
    Run.objects.filter(batch_id=batch, status="cancelled").update(observed_at=None)
    return batch


def explained(now: datetime) -> UUID:
    """A failed run whose error is known."""
    run = store(answer(created=now, status="failed"))
    told = {"message": "CUDA out of memory", "node_type": "KSampler", "cause": "out-of-memory"}
    Run.objects.filter(pk=run.pk).update(log_error={**told, "traceback": "Traceback"})
    return run.uuid


def hostile(upstream: Simulator) -> UUID:
    payload = (SAMPLES / "payloads" / "46_hostile_strings.json").read_bytes()
    run_id = UUID(json.loads(payload)["id"])
    upstream.script(run_id, [payload])
    return run_id


@dataclass
class OfPeople:
    """Pages of people and of links, for each kind of reader."""

    admins: dict[str, str] = field(default_factory=dict)
    viewers: dict[str, str] = field(default_factory=dict)
    nobodys: dict[str, str] = field(default_factory=dict)

    def readers(self) -> tuple[tuple[str | None, dict[str, str]], ...]:
        return ("eva", self.admins), ("vera", self.viewers), (None, self.nobodys)


def of_people() -> OfPeople:
    eva, now = person("eva", "admin"), clock.now()
    run = store(answer(created=now))
    labels.set_title(run, LONG[:110], eva)
    labels.add_tag(run, "hero", eva)
    labels.add_note(run, LONG, eva)
    audit.note(eva, "share.made", run.uuid, link=1)
    person("vera", "viewer")
    everything = ALL_SCOPES
    links = [
        share_links.make(run, eva, scopes=scopes, title=LONG[:100], life="7", now=now)
        for scopes in (everything, [], everything)
    ]
    share_links.revoke(links[2][0], eva, now)
    invited = invitations.make("member", eva, now)
    at = f"/runs/{run.uuid}/"
    return OfPeople(
        admins={
            "people": "/people/", "audit": "/audit/", "account": "/account/",
            "hook": "/settings/hook/", "shares": "/shares/", "share": f"{at}share/",
            "remove": f"{at}delete/", "an admin's run": at,
            "starred": "/?starred=1", "tag": "/?tag=hero",
        },
        viewers={
            "forbidden": "/people/", "a viewer's run": at, "several": f"/?q={uuid4()} {uuid4()}",
        },
        nobodys={
            "shared": f"/s/{links[0][1]}/", "state only": f"/s/{links[1][1]}/",
            "revoked": f"/s/{links[2][1]}/", "no link": f"/s/{'x' * 32}/",
            "invitation": f"/invite/{invited}/", "invitation over": f"/invite/{'x' * 32}/",
            "link over": f"/sign-in/{'x' * 32}/", "sign-in": "/sign-in/", "welcome": "/welcome/",
        },
    )  # fmt: skip
