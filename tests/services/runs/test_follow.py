"""What members do about what is followed, and what a new run that is heard of changes."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from dashboard.models import Follow
from dashboard.services.runs import follow
from tests.builders import NOON

pytestmark = pytest.mark.django_db
WORKFLOW = UUID("5b2f84a8-4daf-47da-b9ec-d7ef160e3103")
TARGET = WORKFLOW


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        (str(WORKFLOW), "workflow", ("workflow", WORKFLOW)),
        (f"  {WORKFLOW.hex.upper()} ", "deployment", ("deployment", WORKFLOW)),
        (f"https://app.x/workflows/{WORKFLOW}/requests", "deployment", ("workflow", WORKFLOW)),
        (f"https://app.x/deployments/{WORKFLOW}", "workflow", ("deployment", WORKFLOW)),
        (f"{WORKFLOW}", "nonsense", ("workflow", WORKFLOW)),
        ("nothing", "workflow", None),
    ],
)
def test_what_to_follow_is_read_from_an_id_or_a_link(
    text: str, kind: str, found: tuple[str, UUID] | None
) -> None:
    assert follow.read_target(text, kind) == found


def test_pausing_leaving_out_and_following_again() -> None:
    row, made = follow.add("workflow", TARGET, NOON)
    follow.add("deployment", uuid4(), NOON)
    follow.pause([row.pk], None, NOON)
    assert made and Follow.objects.active().count() == 1
    follow.resume([row.pk], NOON + timedelta(hours=1))
    row.refresh_from_db()
    assert (row.paused_at, row.next_at) == (None, NOON + timedelta(hours=1))
    follow.leave_out(row.pk, NOON)
    follow.pause([row.pk], None, NOON)
    row.refresh_from_db()
    assert (row.paused_at, Follow.objects.followed().count()) == (None, 1)
    assert follow.add("workflow", TARGET, NOON) == (row, True)
    assert Follow.objects.active().count() == 2


@pytest.mark.parametrize(("planned", "soon"), [(600, 15), (5, 5)])
def test_a_list_of_which_a_new_run_was_heard_is_asked_for_soon(planned: float, soon: float) -> None:
    row, _ = follow.add("workflow", WORKFLOW, NOON)
    other, _ = follow.add("workflow", uuid4(), NOON)
    Follow.objects.update(next_at=NOON + timedelta(seconds=planned))
    follow.heard_of([WORKFLOW], NOON)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.newest_at, row.next_at) == (NOON, NOON + timedelta(seconds=soon))
    assert (other.newest_at, other.next_at) == (None, NOON + timedelta(seconds=planned))
