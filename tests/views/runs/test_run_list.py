"""The list of runs and the box that takes anything."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.domain.text.search_term import NoTerm
from dashboard.models import Run
from dashboard.presentation.box_text import IGNORED, REFUSED
from dashboard.services import clock
from dashboard.services.comfydeploy import gate
from dashboard.services.runs import history, labels, pasted, usual
from dashboard.simulator import Simulator
from tests.builders import NOON, answer, body, person, running, stamp, store, waiting
from tests.conftest import SAMPLES
from tests.markup import one_line

pytestmark = pytest.mark.django_db
PASTES = json.loads((SAMPLES / "pastes.json").read_text())
FIRST = UUID("7c1e9f42-3b0a-4d1e-9a57-2f6d0c88e1b4")


def ids_on(page: str) -> list[str]:
    import re

    return list(dict.fromkeys(re.findall(r'href="/runs/([0-9a-f-]{36})/"', page)))


def test_an_empty_board_says_what_to_do(ana: Client) -> None:
    page = ana.get("/").content.decode()
    assert "Paste a run ID" in page
    assert "run-id=" in page


def test_runs_stand_newest_first_with_live_ones_on_top(ana: Client) -> None:
    old = store(answer(created=NOON - timedelta(hours=2)))
    new = store(answer(created=NOON))
    live = store(running(created=NOON - timedelta(days=1)))
    assert ids_on(ana.get("/").content.decode()) == [str(r.uuid) for r in (live, new, old)]


def test_a_row_shows_cold_start_run_and_total_as_numbers(ana: Client) -> None:
    store(answer())
    page = ana.get("/").content.decode()
    for shown in ("31.2\u202fs", "12.3\u202fs", "44.9\u202fs"):
        assert shown in page


def test_pages_follow_a_key_and_lead_back(ana: Client) -> None:
    for n in range(53):
        store(answer(created=NOON - timedelta(minutes=n)))
    first = ana.get("/")
    assert len(ids_on(first.content.decode())) == 50
    older = first.context["older_url"]
    second = ana.get(older)
    assert len(ids_on(second.content.decode())) == 3
    again = ana.get(second.context["newer_url"])
    assert ids_on(again.content.decode()) == ids_on(first.content.decode())


@pytest.mark.parametrize("key", ["x", "1_", "9" * 17 + "_1", "-9_9", "1_1&before=2_2"])
def test_a_broken_key_is_no_error(ana: Client, key: str) -> None:
    assert ana.get(f"/?after={key}").status_code == 200


def test_the_number_of_queries_does_not_grow_with_rows(ana: Client) -> None:
    def queries() -> int:
        history.forget()  # what is counted every 2 s is counted each time
        with CaptureQueriesContext(connection) as captured:
            ana.get("/")
        return len(captured)

    for n in range(10):
        store(answer(created=NOON - timedelta(minutes=n)))
    ten = queries()
    for n in range(30):
        store(answer(created=NOON - timedelta(hours=n)))
    assert queries() == ten


def test_live_cards_tell_the_time_left_without_a_query_for_each(
    ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    kinds = [{"workflow_id": str(uuid4()), "gpu": gpu} for gpu in ("H100", "A10G", None, "L4")]

    def queries(live: int) -> int:
        for kind in kinds[:live]:
            store(running(created=now - timedelta(seconds=40), **kind))
            for n in range(6):
                store(answer(created=NOON - timedelta(minutes=n), **kind))
        usual.forget()
        gate.forget()  # what is read once a second is read each time
        history.forget()
        with CaptureQueriesContext(connection) as captured:
            text = one_line(ana.get("/").content.decode()).replace("\u202f", " ")
        assert text.count("left</span>") == text.count('<li class="card"')
        assert "about" in text and "(6 runs)" in text
        return len(captured)

    queries(1)  # what a process reads once in a while is read now
    assert queries(2) == queries(4)


def test_the_strip_is_sent_anew_when_the_words_of_the_time_left_change(
    ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    store(running(created=now - timedelta(seconds=34)))
    for n in range(6):
        store(answer(created=NOON - timedelta(minutes=n), run_duration=12.3 + n * 20))
    usual.forget()
    monkeypatch.setattr(clock, "now", lambda: now)
    tag = ana.get("/runs/now/")["HX-PTag"]
    assert ana.get("/runs/now/", headers={"HX-PTag": tag}).status_code == 304
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=30))
    assert ana.get("/runs/now/", headers={"HX-PTag": tag}).status_code == 200


def test_filters(ana: Client) -> None:
    failed = store(answer(status="failed"))
    warm = store(answer(cold_start_duration=0.5, cold_start_duration_total=1.9))
    assert ids_on(ana.get("/?show=attention").content.decode()) == [str(failed.uuid)]
    cold = ids_on(ana.get("/?show=cold").content.decode())
    assert str(warm.uuid) not in cold
    assert str(failed.uuid) in cold


@pytest.mark.parametrize("q", ["7c1e9f42", "7C1E", "run 7c1e9f42", str(FIRST), "7c1e9f42-3b0a"])
def test_search_finds_the_beginning_of_an_id_and_the_title(ana: Client, q: str) -> None:
    store(answer(FIRST))
    store(answer(UUID("00000000-3b0a-4d1e-9a57-2f6d0c88e1b4")))
    assert ids_on(ana.get("/", {"q": q}).content.decode()) == [str(FIRST)]


def test_one_pasted_run_leads_to_its_page(ana: Client) -> None:
    link = f"https://app.comfydeploy.com/workflows/{uuid4()}/requests?run-id={FIRST}"
    response = ana.post("/runs/", {"q": link})
    assert response.status_code == 303
    assert response["Location"] == f"/runs/{FIRST}/"


def test_many_pasted_runs_lead_to_a_list_of_just_these(ana: Client, upstream: Simulator) -> None:
    ids = [uuid4() for _ in range(3)]
    upstream.script(ids[0], [body(answer(ids[0]))])
    other = store(answer())
    response = ana.post("/runs/", {"q": " ".join(map(str, ids))})
    assert response.status_code == 303
    page = ana.get(response["Location"]).content.decode()
    assert str(other.uuid) not in page
    assert all(str(run_id)[:8] in page for run_id in ids)
    # The first is fetched at once, the others wait for the watcher.
    assert [len(upstream.requests_for(i)) for i in ids] == [1, 0, 0]
    assert Run.objects.filter(next_refresh_at__isnull=False, uuid__in=ids[1:]).count() == 2


def test_201_pasted_runs_are_cut_and_said(ana: Client, upstream: Simulator) -> None:
    response = ana.post("/runs/", {"q": "\n".join(str(uuid4()) for _ in range(201))})
    page = ana.get(response["Location"])
    assert len(response["Location"]) < 6000
    assert Run.objects.count() == 200
    assert page.context["found"]["skipped"] == 1


@pytest.mark.parametrize("over", ["²", "x", "-1", "9" * 99, ""])
def test_a_count_of_the_cut_ones_that_is_none_is_not_said(ana: Client, over: str) -> None:
    query = {"ids": pasted.pack([uuid4(), uuid4()]), "over": over}
    assert ana.get("/", query).context["found"]["skipped"] == 0


NO_TERM = {
    "two lines": "canary dunes\nhills",
    "two lines of a field": "canary dunes↵hills",
    "long": "canary " * 150,
    "a key": "sk-canary45678901234567890",
    "a password": "password=canary",
    "a password in words": "password: canary",
    "a hidden key": "sk-canary456\u200b78901234567890",
    "an encoded password": "password%3Dcanary",
    "a key behind many words": "dunes " * 60 + "sk-canary45678901234567890",
    "unreadable": "\0\x1b",
}
WHY = {
    "two lines": NoTerm.LINES,
    "two lines of a field": NoTerm.LINES,
    "long": NoTerm.LONG,
    "unreadable": NoTerm.NOTHING,
}


@pytest.mark.parametrize("name", NO_TERM)
@pytest.mark.parametrize("path", ["/runs/", "/runs/preview/"])
def test_a_paste_that_is_no_search_is_neither_echoed_nor_logged(
    ana: Client, caplog: pytest.LogCaptureFixture, name: str, path: str
) -> None:
    store(answer())
    text = NO_TERM[name]
    caplog.set_level("DEBUG")
    response = ana.post(path, {"q": text})
    assert response.status_code == (422 if path == "/runs/" else 200)
    page = response.content.decode()
    assert f"<span>{REFUSED[WHY.get(name, NoTerm.SECRET)]}</span>" in page
    assert "canary" not in page + str(response.headers) + caplog.text


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_words_lead_to_a_search_that_is_not_told_off(role: str) -> None:
    client = Client()
    client.force_login(person("vera", role))
    labels.set_title(store(answer()), "Dunes & <sand>", None)
    response = client.post("/runs/", {"q": " dunes & <sand>\n"})
    assert (response.status_code, response["Location"]) == (303, "/?q=dunes+%26+%3Csand%3E")
    page = one_line(client.get(response["Location"]).content.decode())
    assert "Results for “<bdi>dunes &amp; &lt;sand&gt;</bdi>”" in page
    assert 'value="dunes &amp; &lt;sand&gt;"' in page
    assert len(ids_on(page)) == 1
    assert "is-bad" not in page and "aria-invalid" not in page


def test_a_pasted_prompt_is_searched_for_and_what_is_too_much_is_named(ana: Client) -> None:
    words = [f"dune{number}" for number in range(60)]
    labels.add_note(store(answer()), " ".join(words), None)
    store(answer())
    prompt = " ".join(words)
    assert prompt[:150] in ana.post("/runs/preview/", {"q": prompt}).content.decode()
    response = ana.post("/runs/", {"q": prompt})
    assert (response.status_code, response["Location"]) == (303, f"/?{urlencode({'q': prompt})}")
    page = one_line(ana.get(response["Location"]).content.decode())
    assert len(ids_on(page)) == 1
    assert "q “dune32 dune33" in page and "(a search has up to 32 words, and a phrase 64)" in page
    assert "a search has up to" not in ana.get("/", {"q": "dune1 dune2"}).content.decode()
    assert "a search has up to" not in ana.get("/", {"q": f"{uuid4()} {prompt}"}).content.decode()


@pytest.mark.parametrize("stored", [0, 1])
@pytest.mark.parametrize("term", ["dunes", str(FIRST)[:-1]])
def test_a_search_that_finds_nothing_says_so_and_what_helps(
    ana: Client, term: str, stored: int
) -> None:
    for _ in range(stored):
        store(answer(created=NOON))
    page = one_line(ana.get(ana.post("/runs/", {"q": term})["Location"]).content.decode())
    assert f"No run here matches “<bdi>{term}</bdi>”" in page
    assert "Paste a full ID to fetch a run." in page
    assert f'value="{term}"' in page
    assert "is-bad" not in page and "aria-invalid" not in page


@pytest.mark.parametrize("name", sorted(set(NO_TERM) - {"two lines"}))
def test_an_address_with_what_is_no_search_does_not_show_it(ana: Client, name: str) -> None:
    store(answer())
    page = ana.get("/", {"q": NO_TERM[name]})
    seen = one_line(page.content.decode().replace(page.wsgi_request.get_full_path(), ""))
    why = "not readable" if name == "unreadable" else IGNORED[WHY.get(name, NoTerm.SECRET)]
    assert f"({why})" in seen and len(ids_on(seen)) == 1
    assert "canary" not in seen


@pytest.mark.parametrize("case", PASTES, ids=lambda case: case["name"])
def test_the_preview_says_what_the_paste_opens(ana: Client, case: dict[str, Any]) -> None:
    response = ana.post("/runs/preview/", {"q": case["text"]}, headers={"HX-Request": "true"})
    ids, told = case["ids"], one_line(response.content.decode())
    assert response.status_code == 200
    if len(ids) == 1:
        assert told == f"<span>1 run ID found: <code>{ids[0]}</code></span>"
    elif ids:
        assert told == f"{len(ids)} run IDs found"
    elif not case["text"].strip():
        assert told == ""
    else:
        assert told.startswith(("<span>Search for “<bdi>", "<span>No run ID found"))


def test_the_preview_counts_what_is_too_many_and_tracks_nothing(ana: Client) -> None:
    many = " ".join(str(uuid4()) for _ in range(1234))
    told = one_line(ana.post("/runs/preview/", {"q": many}).content.decode())
    assert told == "1,234 run IDs found, the first 200 will open"
    assert Run.objects.count() == 0


def test_a_very_long_text_has_no_preview_and_is_read_when_submitted(ana: Client) -> None:
    long = f"{FIRST} " + "x" * 100_000
    assert ana.post("/runs/preview/", {"q": long}).content == b""
    assert ana.post("/runs/", {"q": long}).status_code == 303


def test_the_preview_gives_no_text_back_and_keeps_none(
    ana: Client, caplog: pytest.LogCaptureFixture
) -> None:
    secret = f"my secret note {FIRST} {uuid4()}"
    response = ana.post("/runs/preview/", {"q": secret})
    assert b"secret" not in response.content + str(response.headers).encode()
    assert "secret" not in caplog.text
    assert (Run.objects.count(), len(ana.session.keys() - {"_auth_user_id"})) == (0, 2)


@pytest.mark.parametrize("path", ["/runs/", "/runs/preview/"])
def test_a_paste_has_its_bounds(ana: Client, settings, path: str) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert ana.post(path, {"q": "x" * 500}).status_code in {200, 303}
    form = "application/x-www-form-urlencoded"
    assert ana.post(path, "q=" + "x" * 1500, content_type=form).status_code == 400


def test_the_beginning_of_an_id_is_a_search(ana: Client) -> None:
    store(answer(FIRST))
    assert ids_on(ana.get(ana.post("/runs/", {"q": "7c1e9f"})["Location"]).content.decode()) == [
        str(FIRST)
    ]


def test_the_unchanged_strip_answers_304(ana: Client) -> None:
    store(running())
    first = ana.get("/runs/now/", headers={"HX-Request": "true"})
    again = ana.get("/runs/now/", headers={"HX-Request": "true", "HX-PTag": first["HX-PTag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_the_list_is_not_looking(ana: Client) -> None:
    run = store(running())
    ana.get("/")
    ana.get("/runs/now/")
    run.refresh_from_db()
    assert run.looked_at is None


def test_the_strip_tells_the_list_when_a_run_has_ended(ana: Client) -> None:
    run = store(running())
    first = ana.get("/runs/now/", headers={"HX-Request": "true"})
    store(running(run.uuid, progress=0.9))
    moved = {"HX-Request": "true", "HX-PTag": first["HX-PTag"]}
    second = ana.get("/runs/now/", headers=moved)
    assert (second.status_code, "HX-Trigger" in second) == (200, False)
    store(answer(run.uuid))
    ended = ana.get("/runs/now/", headers={"HX-Request": "true", "HX-PTag": second["HX-PTag"]})
    assert "runs-changed" in ended["HX-Trigger"]


def test_live_cards_stand_running_first_then_starting_then_waiting(ana: Client) -> None:
    stored = [store(waiting()), store(running(status="queued")), store(running())]
    cards = ana.get("/").context["now_cards"]
    assert [card["run"].uuid for card in cards] == [run.uuid for run in reversed(stored)]


def test_the_boxs_address_opened_by_itself_leads_to_the_list(ana: Client) -> None:
    assert ana.get("/runs/")["Location"] == "/"


def test_pasted_runs_that_are_not_found_are_told_apart_from_those_not_asked_yet(
    ana: Client, upstream: Simulator
) -> None:
    response = ana.post("/runs/", {"q": f"{uuid4()} {uuid4()}"})
    page = ana.get(response["Location"])
    found, told = page.context["found"], one_line(page.content.decode())
    assert (len(found["missing"]), len(found["waiting"])) == (1, 1)
    assert "2 run IDs found" in told and "1 still loading" in told
    assert "No run matches" not in told


def test_a_viewers_paste_of_one_opens_it_and_of_several_tracks_nothing_and_loses_nothing(
    ana: Client, upstream: Simulator
) -> None:
    vera = Client()
    vera.force_login(person("vera", "viewer"))
    one = uuid4()
    upstream.script(one, [body(answer(one))])
    opened = vera.post("/runs/", {"q": str(one)})["Location"]
    assert "Done" in vera.get(opened).content.decode()
    known, new = store(answer()), [uuid4(), uuid4()]
    response = vera.post("/runs/", {"q": " ".join(map(str, [known.uuid, *new]))})
    assert response.status_code == 303
    page = vera.get(response["Location"]).content.decode()
    assert "Only members can track" in page
    assert set(ids_on(page)) == {str(run_id) for run_id in (known.uuid, *new)}
    assert Run.objects.count() == 2
    assert "Track all" not in page

    shown = ana.get(response["Location"])
    assert "Track all" in shown.content.decode()
    ana.post("/runs/", {"q": " ".join(map(str, shown.context["found"]["untracked"]))})
    assert Run.objects.filter(uuid__in=new).count() == 2


def test_the_list_is_sorted_by_its_heads_and_its_menu(ana: Client) -> None:
    for seconds in (44.9, 90.0, 60.0):
        ended = stamp(NOON + timedelta(seconds=seconds))
        store(answer(created=NOON, ended_at=ended, duration=seconds))
    page = ana.get("/?sort=-total&gpu!=none").content.decode()
    assert Run.objects.order_by("-total").values_list("uuid", flat=True)[0] == UUID(ids_on(page)[0])
    text = one_line(page)
    assert (
        'aria-sort="descending"><a class="sorts" href="/?gpu%21=none&amp;sort=total">Total' in text
    )
    assert 'class="day"' not in text and "Longest total" in text
    assert 'href="/runs.csv?gpu%21=none&amp;sort=-total"' in text
    assert 'href="/runs.jsonl?gpu%21=none&amp;sort=-total"' in text
    assert "sort “costs” (not an order)" in one_line(ana.get("/?sort=costs").content.decode())


def test_a_slow_run_is_marked(ana: Client) -> None:
    run = store(answer(created=NOON))
    store(answer(created=NOON))
    Run.objects.filter(pk=run.pk).update(slow=True)
    page = one_line(ana.get("/?slow=1").content.decode())
    assert ids_on(page) == [str(run.uuid)] and page.count(">slow</span>") == 1
    assert one_line(ana.get("/").content.decode()).count(">slow</span>") == 1


SEARCHES = {
    # the list that stands there, what is typed, and where that leads
    ("", "dunes"): "/?q=dunes",
    ("", "status:failed dunes"): "/?q=dunes&status=failed",
    ("status=failed&sort=-total", "dunes"): "/?q=dunes&status=failed&sort=-total",
    ("q=cats&status=failed", "dunes"): "/?q=dunes&status=failed",
    ("q=cats&status=failed", " "): "/?status=failed",
    ("q=cats", ""): "/",
    ("status=failed,timeout&tag=a", "status:success"): "/?status=success&tag=a",
    ("status=failed&tag=a", "-status:success"): "/?status!=success&tag=a",
    ("tag=a&view=gallery&stack=0", "dunes"): "/?q=dunes&tag=a&view=gallery&stack=0",
    ("view=gallery&group=prompt", "dunes"): "/?q=dunes&view=gallery&group=prompt",
    ("created=today&zone=Asia/Tokyo", "dunes"): "/?q=dunes&created=today&zone=Asia%2FTokyo",
    ("created=today", "dunes"): "/?q=dunes&created=today&zone=UTC",
    ("workflow={id}&version=v14", "version:v15"): "/?workflow={id}&version=v15",
    ("workflow={id}&version=v14", "version:v15 dunes"): "/?q=dunes&workflow={id}&version=v15",
    ("status=failed&saved=7", "dunes"): "/?q=dunes&status=failed&saved=7",
    ("status=failed&after=1_2", "dunes"): "/?q=dunes&status=failed",
    ("status=failed", "total:banana"): "/?q=total%3Abanana&status=failed",
    ("total=>60", "total:banana dunes"): "/?q=total%3Abanana+dunes&total=%3E60",
    ("?tag=a", "dunes"): "/?q=dunes&tag=a",
    ("", "machine:{id}"): "/?machine={id}",
}


@pytest.mark.parametrize(("beside", "typed"), SEARCHES)
def test_a_search_stays_under_the_filter_of_its_list(ana: Client, beside: str, typed: str) -> None:
    own = "11111111-2222-4333-8444-555555555555"
    sent = {"q": typed.format(id=own), "beside": beside.format(id=own)}
    to = ana.post("/runs/", sent)["Location"]
    assert to.replace("%21=", "!=") == SEARCHES[beside, typed].format(id=own)


def test_what_the_box_cannot_read_is_named_by_the_list(ana: Client) -> None:
    store(answer())
    to = ana.post("/runs/", {"q": "total:banana"})["Location"]
    page = ana.get(to).content.decode()
    assert "total “banana” (not a range such as &gt;60 or 10..30)" in one_line(page)
    assert len(ids_on(page)) == 1


@pytest.mark.parametrize(
    "query", ["x" * 10_000, "%00=%ff", "q=%ed%a0%bd", "a[]=1&zone=Mars", "ids=!"]
)
def test_nonsense_beside_a_search_is_no_error(ana: Client, query: str) -> None:
    assert ana.post("/runs/", {"q": "dunes", "beside": query})["Location"].startswith("/?q=dunes")


def test_the_box_sends_the_filter_of_its_list_as_it_is_by_now(ana: Client) -> None:
    store(answer())
    page = one_line(ana.get("/?status=success&sort=total").content.decode())
    listed = page[page.index('id="listed"') :]
    sent = 'name="beside" form="box" value="?status=success&amp;sort=total"'
    assert sent in listed and 'id="box"' in page
