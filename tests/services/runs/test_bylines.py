"""Who put which labels on a run."""

import pytest
from django.contrib.auth.models import User

from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.runs import labels
from dashboard.services.runs.bylines import bylines
from tests.builders import answer, store

pytestmark = pytest.mark.django_db


def test_each_person_who_tagged_is_named_once() -> None:
    run, ana, ben = store(answer()), User(username="ana"), User(username="ben")
    ana.save()
    ben.save()
    assert bylines(labels.of_run(run)) == []
    labels.set_title(run, "Coast", ana)
    labels.set_star(run, True, ben)
    for text, by in (("hero", ana), ("sea", ana), ("dusk", ben)):
        labels.add_tag(run, text, by)
    found = [(one.act, one.author) for one in bylines(labels.of_run(run))]
    assert found == [("titled", "ana"), ("starred", "ben"), ("tagged", "ana"), ("tagged", "ben")]


def test_the_user_of_open_access_has_no_name() -> None:
    run, local = store(answer()), User.objects.create(username=LOCAL)
    labels.set_title(run, "Coast", local)
    assert [(one.act, one.author) for one in bylines(labels.of_run(run))] == [("titled", "")]
