from dashboard.presentation.run.fields import PUBLISHED_FIELDS, field_rows


def test_every_published_field_has_a_row_in_order() -> None:
    rows = field_rows({})
    assert [row.name for row in rows] == list(PUBLISHED_FIELDS)
    assert len(rows) == 33
    assert {row.shown for row in rows} == {"not sent"}


def test_values_are_json_text() -> None:
    rows = {row.name: row for row in field_rows({"gpu": None, "status": "é", "number": 2**60})}
    assert (rows["gpu"].shown, rows["gpu"].sent) == ("null", True)
    assert rows["status"].shown == '"é"'
    assert rows["number"].shown == "1152921504606846976"


def test_further_fields_stand_last_and_are_told_apart() -> None:
    last = field_rows({"id": "x", "surprise": [1]})[-1]
    assert (last.name, last.shown, last.published) == ("surprise", "[1]", False)


def test_what_names_people_is_personal() -> None:
    state = {"user_id": "user_1", "org_id": None, "webhook": "https://x/user_1", "gpu": "H100"}
    assert {row.name for row in field_rows(state) if row.personal} == {
        "user_id",
        "org_id",
        "webhook",
    }


def test_many_further_fields_are_counted() -> None:
    rows = field_rows({f"extra {n}": n for n in range(5_000)})
    assert len(rows) < 150 and rows[-1].shown == "4,900 more, in the raw response"


def test_long_values_are_cut_and_their_length_told() -> None:
    row = field_rows({"workflow_api": {"a": "x" * 5000}})[4]
    assert len(row.shown) < 320
    assert row.fold and (row.fold.amount, row.fold.opens) == ("5.0 kB", True)
