"""Pages of long values are small, and the whole values are what the page may show."""

import base64
import html
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from dashboard.domain.sharing import ALL_SCOPES
from dashboard.models import Run, RunLog
from dashboard.presentation.folding import HEAD_LINES
from dashboard.presentation.run.inputs import inputs_context
from dashboard.services.sharing import share_links
from dashboard.styleguide.drawing import drawn
from tests.builders import answer, element, person, store

pytestmark = pytest.mark.django_db
LARGEST_PAGE = 500_000  # bytes
SECRET = "sk-" + "a1B2" * 10


def picture(side: int = 300) -> str:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def nested(depth: int) -> Any:
    value: Any = "x" * 50_000
    for _ in range(depth):
        value = {"inside": value}
    return value


LONG = {
    "data": {"image": "data:image/webp;base64," + "UklGR" * 600_000},
    "text": {"prompt": "a cat & a hat " * 220_000},
    "lines": {"prompt": "a\n" * 1_000_000},
    "keys": {f"key {n}": n for n in range(10_000)},
    "long keys": {"k" * 20_000 + str(n): "<" * 5_000 for n in range(150)},
    "numbers": {"seeds": list(range(100_000))},
    "nested": nested(60),
    "bare": ["<&>" * 1000] * 900,
    "url": {"image": "https://files.example/a.png?" + "x" * 900_000},
}


@pytest.mark.parametrize("name", LONG)
def test_a_page_is_small_whatever_the_inputs(ana: Client, name: str) -> None:
    run = store(answer(workflow_inputs=LONG[name]))
    page = ana.get(f"/runs/{run.uuid}/").content
    assert len(page) < LARGEST_PAGE
    assert len(ana.get(f"/s/{token(run, ALL_SCOPES)}/").content) < LARGEST_PAGE
    whole = ana.get(f"/runs/{run.uuid}/values/inputs/all/")
    assert json.loads(whole.content) == run.inputs
    assert whole["Content-Disposition"] == 'attachment; filename="inputs.json"'


JSON = st.recursive(
    st.none() | st.integers() | st.text() | st.sampled_from(["<" * 9_000, "a\n" * 9_000]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=400,
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(JSON)
def test_the_part_of_any_inputs_is_small(inputs: Any) -> None:
    html = drawn(inputs_context(inputs, "/values/"), "runs/detail/_inputs.html")
    assert len(html) < LARGEST_PAGE


def token(run: Run, scopes: Any) -> str:
    ben = User.objects.filter(username="ben").first() or person("ben")
    made = share_links.make(run, ben, scopes=scopes, title="", life="7", now=timezone.now())
    return made[1]


def test_a_data_image_is_a_thumbnail_with_a_download(ana: Client) -> None:
    run = store(answer(workflow_inputs={"prompt": "a cat", "image": picture()}))
    page = ana.get(f"/runs/{run.uuid}/").content.decode()
    at = f"/runs/{run.uuid}/values/inputs/1/"
    assert f'src="{at}?picture"' in page and len(page) < 60_000
    shown = ana.get(f"{at}?picture")
    assert shown["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(shown.content)).size == (300, 300)
    assert ana.get(at).content.decode() == picture()


@pytest.mark.parametrize(
    "text",
    [
        "a cat",
        "data:image/png;base64,???",
        "data:image/png;base64,AAAA",
        "data:image/svg+xml,<svg/>",
    ],
)
def test_what_is_no_picture_has_no_thumbnail(ana: Client, text: str) -> None:
    run = store(answer(workflow_inputs={"image": text}))
    assert ana.get(f"/runs/{run.uuid}/values/inputs/0/?picture").status_code == 404


NOWHERE = (
    *("inputs/1/", "inputs/-1/", "inputs/x/", "inputs/²/", "fields/2000/"),
    *("texts/none/", "log/all/", "nothing/0/"),
)


@pytest.mark.parametrize("place", NOWHERE)
def test_what_is_not_there_is_not_found(ana: Client, place: str) -> None:
    run = store(answer(workflow_inputs={"a": 1}))
    assert ana.get(f"/runs/{run.uuid}/values/{place}").status_code == 404


def test_a_moderate_value_opens_in_the_page_and_a_huge_one_does_not(ana: Client) -> None:
    run = store(answer(workflow_inputs={"a": "<b> " * 2_000, "b": "<b> " * 200_000}))
    page = ana.get(f"/runs/{run.uuid}/").content.decode()
    at = f"/runs/{run.uuid}/values/inputs"
    assert f'hx-get="{at}/0/?part"' in page and f'hx-get="{at}/1/?part"' not in page
    assert "&lt;b&gt; &lt;b&gt;" in ana.get(f"{at}/0/?part").content.decode()
    assert ana.get(f"{at}/1/?part").status_code == 404


def test_a_download_is_masked_as_the_page_is(ana: Client) -> None:
    inputs = {"note": f"use {SECRET} " + "words " * 2_000, "api_key": SECRET}
    run = store(answer(workflow_inputs=inputs, outputs=[]))
    for place in ("inputs/0/", "inputs/1/", "inputs/all/", "fields/2/", "raw/all/"):
        whole = ana.get(f"/runs/{run.uuid}/values/{place}")
        assert whole.status_code == 200
        assert SECRET not in whole.content.decode(), place


def test_a_share_link_gives_no_more_than_its_page(client: Client) -> None:
    text = element(data={"text": ["words " * 2_000]})
    run = store(answer(workflow_inputs={"prompt": "a cat"}, outputs=[text]))
    identity = run.outputs.get().identity
    places = {"inputs": "inputs/0/", "outputs": f"texts/{identity}/"}
    for scope in (*places, "times"):
        at = f"/s/{token(run, frozenset({scope}))}/values/"
        for needed, place in places.items():
            expected = 200 if scope == needed else 404
            assert client.get(f"{at}{place}").status_code == expected
        for place in ("fields/2/", "raw/all/", "log/all/"):
            assert client.get(f"{at}{place}").status_code == 404


def test_a_long_text_output_is_its_head(ana: Client) -> None:
    run = store(answer(outputs=[element(data={"text": ["words " * 5_000]})]))
    page = ana.get(f"/runs/{run.uuid}/outputs/").content.decode()
    assert page.count("words") < 400 and "30.0 kB text" in page
    found = re.search(r'hx-get="([^"]*/texts/[^"]*)\?part"', page)
    assert found
    assert ana.get(f"{found[1]}?part").content.decode().count("words") >= 5_000
    assert ana.get(found[1]).content.decode() == "words " * 5_000


def test_a_long_log_shows_its_end_and_is_a_download(ana: Client) -> None:
    run = store(answer(status="failed"))
    body = "\n".join([*("y" * 90 for _ in range(5_300)), "x" * 20_000, "The error"])
    now = timezone.now()
    RunLog.objects.create(run=run, body=body, lines=5_302, fetched_at=now - timedelta(hours=1))
    page = ana.get(f"/runs/{run.uuid}/log/").content.decode()
    assert len(page) < LARGEST_PAGE
    assert "The error</pre>" in page and "… (20,000 characters)" in page
    assert ana.get(f"/runs/{run.uuid}/values/log/all/").content.decode() == body


def test_no_delivery_that_an_earlier_release_stored_leaves_with_a_log(ana: Client) -> None:
    run = store(answer(status="failed"))
    delivery = json.dumps({"type": "webhook", "status": 200, "url": f"https://h.example/{SECRET}"})
    body, now = f"got prompt\n{delivery}\nThe error", timezone.now()
    RunLog.objects.create(run=run, body=body, lines=3, fetched_at=now - timedelta(hours=1))
    for address in ("log/", "values/log/all/"):
        told = ana.get(f"/runs/{run.uuid}/{address}").content.decode()
        assert "The error" in told
        assert "h.example" not in told and SECRET not in told


def test_many_pictures_come_first_as_forty(ana: Client) -> None:
    made = [element(f"{n}.png") for n in range(60)]
    run = store(answer(outputs=made))
    page = ana.get(f"/runs/{run.uuid}/").content.decode()
    assert page.count('class="tile ') == 40 and "Show all 60" in page and "is-sheet" in page
    for address in (f"/runs/{run.uuid}/?outputs=all", f"/runs/{run.uuid}/outputs/?outputs=all"):
        page = ana.get(address).content.decode()
        assert page.count('class="tile ') == 60 and "Show all 60" not in page


@pytest.mark.parametrize("name", ["message", "traceback"])
def test_a_long_error_is_folded_and_its_whole_may_be_had(ana: Client, name: str) -> None:
    error = {"message": "m", "traceback": "t", name: "line <1>\n" * 900}
    run = store(answer(status="failed"))
    Run.objects.filter(pk=run.pk).update(log_error=error)
    page = html.unescape(ana.get(f"/runs/{run.uuid}/").content.decode())
    shown, copied = page.count("line <1>"), page.count("line <1>", *span_of_markdown(page))
    assert copied == 900 and shown - copied == HEAD_LINES
    where = f"/runs/{run.uuid}/values/error/{name}/"
    assert f'hx-get="{where}?part"' in page and f'href="{where}"' in page
    assert ana.get(where).content.decode() == error[name]
    assert ana.get(f"{where}?part").content.decode().count("line &lt;1&gt;") == 900


def span_of_markdown(page: str) -> tuple[int, int]:
    start = page.index('<pre id="error-markdown"')
    return start, page.index("</pre>", start)


@pytest.mark.parametrize("name", ["message", "traceback", "cause"])
def test_an_error_that_is_not_there_is_no_value(ana: Client, name: str) -> None:
    run = store(answer(status="failed"))
    assert ana.get(f"/runs/{run.uuid}/values/error/{name}/").status_code == 404
