"""One's own account: tries, sessions, password; and the first admin."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from dashboard.domain.sign_in_delay import FREE, FREE_OF_ACCOUNT
from dashboard.models import AuditEntry, Session, SharedState, SignInTry
from dashboard.services.accounts import first_admin, sign_in_links, throttle
from tests.builders import person

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"
RIGHT = {"username": "ana", "password": PASSWORD}
WRONG = {"username": "ana", "password": "wrong"}
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def sign_in(agent: str = CHROME, form: dict[str, str] = RIGHT, **more: str) -> tuple[Client, int]:
    client = Client(headers={"User-Agent": agent})
    return client, client.post("/sign-in/", form, **more).status_code


def test_after_five_wrong_tries_even_the_right_password_waits() -> None:
    person("ana", password=PASSWORD)
    assert [sign_in(form=WRONG)[1] for _ in range(FREE + 1)] == [200] * FREE + [429]
    response = Client().post("/sign-in/", RIGHT)
    page = response.content.decode()
    assert response.status_code == 429 and int(response["Retry-After"]) <= 30
    assert "Wait 30 seconds, then try again." in page
    SignInTry.objects.update(wait_until=timezone.now())
    assert sign_in()[1] == 302
    assert [sign_in(form=WRONG)[1] for _ in range(FREE)] == [200] * FREE, "the count began anew"


def test_a_name_that_does_not_exist_is_told_and_slowed_alike() -> None:
    person("ana", password=PASSWORD)
    for name in ("ana", "nobody"):
        form = {"username": name, "password": "wrong"}
        pages = [Client().post("/sign-in/", form) for _ in range(FREE + 1)]
        assert [page.status_code for page in pages] == [200] * FREE + [429]
        assert "Wrong name or password." in pages[0].content.decode()


def test_one_who_guesses_elsewhere_does_not_lock_the_owner_out() -> None:
    person("ana", password=PASSWORD)
    for _ in range(FREE + 1):
        sign_in(form=WRONG, REMOTE_ADDR="203.0.113.9")
    assert sign_in(REMOTE_ADDR="203.0.113.9")[1] == 429
    assert sign_in(REMOTE_ADDR="198.51.100.2")[1] == 302


def test_an_address_that_tries_many_names_waits_for_all_of_them() -> None:
    codes = [
        sign_in(form={"username": f"n{n}", "password": "x"}, REMOTE_ADDR="203.0.113.9")[1]
        for n in range(21)
    ]
    assert codes == [200] * 20 + [429]


def test_guesses_from_everywhere_end_no_session() -> None:
    person("ana", password=PASSWORD)
    here, _ = sign_in()
    for n in range(FREE_OF_ACCOUNT):
        throttle.begin("sign in ana", f"203.0.113.{n}", timezone.now())
    assert sign_in(REMOTE_ADDR="198.51.100.2")[1] == 429
    assert here.get("/").status_code == 200


def test_guessing_the_old_password_is_slowed_down_and_a_right_one_is_no_guess() -> None:
    person("ana", password=PASSWORD)
    here, _ = sign_in()
    new = {"new_password1": "another long one", "new_password2": "another long one"}

    def ask(**given: str) -> int:
        return here.post("/account/password/", {**new, **given}).status_code

    for _ in range(FREE + 3):
        assert ask(old_password=PASSWORD, new_password2="a slip") == 200
    assert [ask(old_password="a guess") for _ in range(FREE + 1)] == [200] * FREE + [429]
    assert ask(old_password=PASSWORD) == 429
    assert here.get("/").status_code == 200
    SignInTry.objects.update(wait_until=timezone.now())
    assert ask(old_password=PASSWORD) == 302


@pytest.mark.parametrize("target", ["/?q=灯台", "/?tag=évening&q=a b", "/runs/?q=%00🦊"])
def test_any_letters_in_the_address_meant_survive_the_sign_in(target: str) -> None:
    person("ana", password=PASSWORD)
    client = Client()
    answered = client.get("/sign-in/", {"next": target})
    assert answered.cookies["runboard-next"].value.isascii()
    link = sign_in_links.issue("ana")[0].partition("/sign-in/")[2]
    assert client.post(f"/sign-in/{link}")["Location"] == iri_to_uri(target)


def test_behind_a_trusted_proxy_the_asker_is_whom_the_proxy_names(settings) -> None:
    def guess(forwarded: str) -> int:
        return sign_in(form=WRONG, HTTP_X_FORWARDED_FOR=forwarded)[1]

    person("ana", password=PASSWORD)
    settings.TRUST_PROXY = True
    for n in range(FREE):
        guess(f"10.0.0.{n}, 203.0.113.9")  # what comes before the last was written by the asker
    assert guess("10.0.0.99, 203.0.113.9") == 429
    assert guess("203.0.113.10") == 200


def test_a_refusal_is_noted_but_never_what_may_be_a_password_in_the_wrong_field() -> None:
    person("ana")
    sign_in(form=WRONG)
    sign_in(form={"username": "my secret password", "password": "x"})
    known, unknown = AuditEntry.objects.filter(action="sign-in.refused").order_by("pk")
    assert known.name == "ana"
    assert "secret" not in repr(vars(unknown))


def test_sessions_are_listed_by_device_and_ended_one_by_one() -> None:
    person("ana", password=PASSWORD)
    desk, _ = sign_in(CHROME)
    phone, _ = sign_in(IPHONE)
    page = desk.get("/account/").content.decode()
    assert "Chrome on Windows" in page and "Safari on iPhone" in page
    assert page.index("This device") < page.index("Safari on iPhone")
    other = Session.objects.get(agent=IPHONE)
    assert desk.post("/account/sessions/end/", {"session": other.pk}).status_code == 302
    assert phone.get("/").status_code == 302
    assert desk.get("/").status_code == 200


def test_signing_out_everywhere_else_keeps_this_one() -> None:
    person("ana", password=PASSWORD)
    here, others = sign_in()[0], [sign_in()[0] for _ in range(3)]
    here.post("/account/sessions/end/", {"session": "others"})
    assert [client.get("/").status_code for client in (here, *others)] == [200, 302, 302, 302]


@pytest.mark.parametrize("given", ["", "x", "-1", "9" * 18, "9" * 40, "²"])
def test_a_session_that_is_not_ones_own_is_not_found(ana: Client, given: str) -> None:
    assert ana.post("/account/sessions/end/", {"session": given}).status_code == 404


def test_nobody_ends_the_session_of_another(ana: Client) -> None:
    person("ben", password=PASSWORD)
    ben = Client()
    ben.post("/sign-in/", {"username": "ben", "password": PASSWORD})
    row = Session.objects.get(user__username="ben")
    assert ana.post("/account/sessions/end/", {"session": row.pk}).status_code == 404
    assert ben.get("/").status_code == 200


def test_a_new_password_ends_the_other_sessions() -> None:
    person("ana", password=PASSWORD)
    here, other = sign_in()[0], sign_in()[0]
    new = {"new_password1": "another long one", "new_password2": "another long one"}
    for wrong in ({}, {"old_password": "a guess"}):
        assert here.post("/account/password/", {**new, **wrong}).status_code == 200
    assert other.get("/").status_code == 200
    told = {**new, "old_password": PASSWORD}
    assert here.post("/account/password/", told)["Location"] == "/account/"
    assert here.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert Session.objects.filter(user__username="ana").count() == 1
    assert sign_in()[1] == 200 and sign_in(form={**RIGHT, "password": "another long one"})[1] == 302


def test_a_session_that_was_ended_meanwhile_does_not_come_back(ana: Client) -> None:
    session = ana.session
    session["late"] = 1  # a request that has read it
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.exists()


def test_when_a_session_was_last_seen_is_written_once_a_minute(ana: Client) -> None:
    hour_ago = timezone.now() - timedelta(hours=1)
    Session.objects.update(seen_at=hour_ago)
    ana.get("/")
    seen = Session.objects.get().seen_at
    assert seen > hour_ago
    ana.get("/")
    assert Session.objects.get().seen_at == seen


def welcome_form(code: str, **given: str) -> dict[str, str]:
    return {"code": code, "username": "ana", "password": PASSWORD, **given}


def test_the_printed_code_makes_the_first_admin_once() -> None:
    older, code = first_admin.new_code(), first_admin.new_code()
    assert code.replace("-", "") not in repr(list(SharedState.objects.values()))
    client = Client()
    assert "the code the server printed" in client.get("/welcome/").content.decode()
    assert client.post("/welcome/", welcome_form(older)).status_code == 422
    assert client.post("/welcome/", welcome_form(code, password="x")).status_code == 422
    assert client.post("/welcome/", welcome_form(code.lower()))["Location"] == "/"
    assert client.get("/people/").status_code == 200
    late = Client()
    assert late.get("/welcome/")["Location"] == "/sign-in/"
    late.post("/welcome/", welcome_form(code, username="ben"))
    assert User.objects.get().username == "ana"
    assert first_admin.new_code() == ""


def test_guessing_the_code_is_slowed_down() -> None:
    code = first_admin.new_code()
    codes = [Client().post("/welcome/", welcome_form("WRONG")).status_code for _ in range(FREE + 1)]
    assert codes == [422] * FREE + [429]
    assert Client().post("/welcome/", welcome_form(code)).status_code == 429
    assert not User.objects.exists()
