"""Removing one run: by an admin, after a question."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from dashboard.models import Output, Payload, RemovedRun, Run, Snapshot
from dashboard.services.accounts import sign_in_links
from tests.builders import answer, element, running, store
from tests.views.test_access import OPEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_user("eva", is_superuser=True))
    return client


def test_an_admin_is_asked_and_then_the_run_is_gone_with_all_that_it_had(admin: Client) -> None:
    run, other = store(answer(outputs=[element()])), store(answer())
    path = f"/runs/{run.uuid}/delete/"
    assert f'href="{path}"' in admin.get(run.get_absolute_url()).content.decode()
    assert "ComfyDeploy still has the run." in admin.get(path).content.decode()
    assert Run.objects.count() == 2
    assert admin.post(path)["Location"] == "/"
    assert Run.objects.get() == other
    for table in (Payload, Snapshot):
        assert table.objects.get().run_id == other.pk
    assert not Output.objects.exists()
    assert RemovedRun.among([run.uuid])


def test_others_neither_see_the_button_nor_may_remove(ana: Client) -> None:
    run = store(answer())
    path = f"/runs/{run.uuid}/delete/"
    assert path not in ana.get(run.get_absolute_url()).content.decode()
    for response in (ana.get(path), ana.post(path)):
        assert response.status_code == 403
        assert "make user NAME=ana ADMIN=1" in response.content.decode()
    assert Run.objects.exists()


def test_a_page_kept_rendered_for_an_admin_shows_others_no_button(
    admin: Client, ana: Client
) -> None:
    run = store(answer())
    admin.get(run.get_absolute_url())
    assert "/delete/" not in ana.get(run.get_absolute_url()).content.decode()


def test_signed_out_readers_are_sent_to_the_sign_in(client: Client) -> None:
    run = store(answer())
    assert client.post(f"/runs/{run.uuid}/delete/").status_code == 302
    assert Run.objects.exists()


def test_a_form_of_another_site_removes_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("eva", is_superuser=True))
    run = store(answer())
    assert client.post(f"/runs/{run.uuid}/delete/").status_code == 403
    assert Run.objects.exists()


@override_settings(MIDDLEWARE=OPEN, ACCESS="open")
def test_the_local_user_may_remove(client: Client) -> None:
    run = store(answer())
    assert client.post(f"/runs/{run.uuid}/delete/").status_code == 302
    assert not Run.objects.exists()


def test_a_run_that_is_not_here_is_not_found(admin: Client) -> None:
    assert admin.get(f"/runs/{uuid4()}/delete/").status_code == 404
    assert admin.post(f"/runs/{uuid4()}/delete/").status_code == 404


def test_an_open_page_of_a_removed_run_is_told_so(admin: Client) -> None:
    run = store(running())
    admin.post(f"/runs/{run.uuid}/delete/")
    part = admin.get(f"/runs/{run.uuid}/live/", headers={"HX-Request": "true"})
    assert part.status_code == 404


def test_admins_are_made_and_unmade_by_the_command() -> None:
    for name in ("eva", "ida"):
        call_command("user", name, "--admin")
    assert User.objects.filter(is_superuser=True).count() == 2
    sign_in_links.issue("eva")
    assert User.objects.get(username="eva").is_superuser
    call_command("user", "eva", "--no-admin")
    assert not User.objects.get(username="eva").is_superuser
    with pytest.raises(CommandError, match="last admin"):
        call_command("user", "ida", "--no-admin")
    sign_in_links.issue("ana")
    assert not User.objects.get(username="ana").is_superuser


def test_the_first_account_is_an_admin_and_is_told_so(capsys) -> None:
    call_command("user", "ana")
    assert "an admin" in capsys.readouterr().out
    call_command("user", "ben")
    assert "an admin" not in capsys.readouterr().out
    assert list(User.objects.filter(is_superuser=True).values_list("username", flat=True)) == [
        "ana"
    ]
