"""The page of the service, in a browser that a person could have."""

import json
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from tests.chromium import CHROMIUM, NEEDS_CHROMIUM
from training.serve.app import build_app
from training.serve.server import address_of, listen
from training.serve.service import Service

sync_api = pytest.importorskip("playwright.sync_api", reason="make test-pages installs Playwright")
expect = sync_api.expect

pytestmark = [NEEDS_CHROMIUM, pytest.mark.slow, pytest.mark.browser]

# Long enough for a word to be hidden from it, with both scripts, a holder and a name to abuse.
ENGLISH = "Moscow hailed the truce in Gaza. The OIC condemned Russia.\n\nRain fell all day."
ARABIC = "رحبت منظمة التعاون الإسلامي بوقف إطلاق النار في غزة. وانتقد الوزير موقف موسكو."
HOSTILE = "<img src=x onerror=alert(1)> The OIC said “<script>alert(2)</script>” & left 😀 Gaza."
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def chromium():
    """Start Chromium."""
    with sync_api.sync_playwright() as playwright:
        # It asks its makers' hosts for things at every start, unless told not to.
        quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*quiet, "--no-first-run"],
            chromium_sandbox=False,
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(serve_settings, tiny_model):
    """Serve the tiny export on a port; give the address of the page."""

    @contextmanager
    def run(*overrides, secret=None):
        app = build_app(Service(serve_settings(*overrides), tiny_model), secret)
        with listen("127.0.0.1", 0) as listener:
            server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                yield address_of(listener)
            finally:
                server.should_exit = True
                thread.join()

    return run


@pytest.fixture(scope="module")
def address(served):
    with served("max_characters=5000") as found:
        yield found


class Opened:
    """The page as it was opened, with all that it asked for and complained of."""

    def __init__(self, page, address):
        self.page = page
        self.requests, self.complaints = [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        page.goto(address)

    def analyse(self, text, change=None):
        """Paste a text, send it, and give the answer that the page got, changed if so wanted."""

        def answer(route):
            response = route.fetch()
            found = response.json()
            change(found)
            route.fulfill(response=response, json=found)

        if change:
            self.page.route("**/v1/predict", answer)
        self.page.get_by_label("Article").fill(text)
        with self.page.expect_response("**/v1/predict") as answered:
            self.page.get_by_role("button", name="Analyse").click()
        expect(self.page.locator("#results")).to_be_visible()
        return answered.value.json()

    def choose(self, name):
        self.page.get_by_role("radio", name=name).click()

    def wider_than_screen(self):
        return self.page.evaluate(
            "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        )


@pytest.fixture
def opened(chromium, address):
    """Open the page; at the end nothing was asked elsewhere and nothing was complained of."""
    found = []

    def open_page(expected=(), at=address, **context):
        page = chromium.new_page(**context)
        page.set_default_timeout(20_000)
        found.append((Opened(page, at), tuple(expected), at))
        return found[-1][0]

    yield open_page
    for one, expected, at in found:
        one.page.close()
        assert [url for url in one.requests if not url.startswith((at, "blob:"))] == []
        left = [text for text in one.complaints if not any(part in text for part in expected)]
        assert left == []


def names_of(page):
    return page.locator("#views button").all_inner_texts()


def with_every_label(answer):
    """Give each target and sentence another answer, as the tiny model gives few."""
    kinds = [
        {"label": "favor", "voice": "reported", "holder": {"start": 2, "end": 8, "text": "Moscow"}},
        {"label": "against", "voice": "author", "holder": {"author": True}},
        {"label": "neutral"},
        {"label": "unrelated", "abstained": True},
    ]
    for number, record in enumerate(answer["records"]):
        for place, stance in enumerate(record["stance"].values()):
            for name in ("label", "voice", "holder", "abstained"):
                stance.pop(name, None)
            stance |= kinds[(number + place) % len(kinds)]


def test_every_sentence_is_shown_as_the_service_labelled_it(opened):
    one = opened()
    text = "😀 Moscow fell. Rain fell. Snow fell. 😀 Moscow rose."
    answer = one.analyse(text, change=with_every_label)
    assert len(answer["records"]) == 4
    assert one.page.locator("#found").inner_text() == "4 sentences in 1 article"
    targets = list(answer["records"][0]["stance"])
    names = names_of(one.page)
    assert (len(names), names[-1]) == (len(targets) + 1, "Sentiment")
    for key, name in zip(targets, names, strict=False):
        one.choose(name)
        nodes = one.page.locator(".sentence").all()
        for record, node in zip(answer["records"], nodes, strict=True):
            stance = record["stance"][key]
            classes = node.get_attribute("class").split()
            assert stance["label"] in classes
            assert ("is-unsure" in classes) == ("abstained" in stance)
            assert node.locator("[dir=auto]").inner_text() == record["text"]
            has_span = "text" in stance.get("holder", {})
            part = record["text"][2:8]  # by code points, of which the page's language counts two
            assert node.locator(".holder").all_inner_texts() == ([part] if has_span else [])
        legend = one.page.locator("#legend li b").all_inner_texts()
        assert legend == ["1", "1", "1", "1"]
        assert one.page.locator("#step").inner_text() == "2 positions"
    rows = one.page.locator("#table tbody tr").all()
    assert [row.locator("td b").all_inner_texts() for row in rows[:-1]] == [["1"] * 4] * len(
        targets
    )


def test_pointing_at_a_sentence_shows_how_sure_each_answer_is(opened):
    one = opened()
    answer = one.analyse(ENGLISH)
    node = one.page.locator(".sentence").nth(1)
    node.hover()
    first = next(iter(answer["records"][1]["stance"].values()))
    shown = one.page.locator("#detail section").first.locator(".meter .number").all_inner_texts()
    assert [int(text.rstrip("%")) for text in shown] == [
        pytest.approx(100 * share, abs=0.51) for share in first["probabilities"].values()
    ]
    one.page.mouse.move(0, 0)
    expect(one.page.locator("#detail .meter")).to_have_count(0)
    node.click()  # is kept until Escape
    one.page.mouse.move(0, 0)
    expect(one.page.locator("#detail .meter").first).to_be_visible()
    one.page.keyboard.press("Escape")
    expect(one.page.locator("#detail .meter")).to_have_count(0)


def test_the_keys_alone_do_what_a_mouse_does(opened):
    one = opened()
    one.analyse(ENGLISH)
    names = names_of(one.page)
    one.page.get_by_role("radio", name=names[0]).focus()
    one.page.keyboard.press("ArrowRight")
    expect(one.page.get_by_role("radio", name=names[1])).to_have_attribute("aria-checked", "true")
    one.page.locator(".sentence").first.focus()
    one.page.keyboard.press("End")
    expect(one.page.locator(".sentence").last).to_be_focused()
    expect(one.page.locator("#detail .meter").first).to_be_visible()


def test_arabic_is_read_from_the_right(opened):
    one = opened()
    answer = one.analyse(f"{ENGLISH}\n\n{ARABIC}")
    of_each = one.page.evaluate(
        """[...document.querySelectorAll("#reading p")].map(
             (node) => [getComputedStyle(node).direction, node.querySelectorAll(".sentence").length]
           )"""
    )
    assert of_each[:2] == [["ltr", 2], ["ltr", 1]]
    assert {direction for direction, _ in of_each[2:]} == {"rtl"}
    assert sum(n for _, n in of_each[2:]) == len(answer["records"]) - 3 > 0


def test_what_is_pasted_is_text_and_never_markup(opened):
    one = opened()
    answer = one.analyse(HOSTILE)
    assert one.page.locator("#reading img, #reading script").count() == 0
    texts = [node.inner_text() for node in one.page.locator(".sentence [dir=auto]").all()]
    assert texts == [record["text"] for record in answer["records"]]
    for node in one.page.locator(".sentence").all():
        node.click()  # holders and words stand in the detail too
    assert one.page.locator("#detail img, #detail script").count() == 0


@pytest.mark.parametrize("language", ["العربية", "Русский", "Indonesia", "English"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_screen(opened, language, scheme):
    one = opened(viewport=PHONE, color_scheme=scheme, has_touch=True, is_mobile=True)
    assert one.wider_than_screen() <= 0
    one.page.get_by_role("button", name=language, exact=True).click()
    expect(one.page.locator(".sentence").first).to_be_visible()
    assert one.wider_than_screen() <= 0
    one.page.locator(".sentence").first.tap()
    expect(one.page.locator("#detail .meter").first).to_be_in_viewport()
    assert one.wider_than_screen() <= 0
    ground = one.page.evaluate("getComputedStyle(document.body).backgroundColor")
    dark = sum(int(part) for part in ground[4:-1].split(",")[:3]) < 3 * 100
    assert dark == (scheme == "dark")


def test_files_are_read_and_what_is_no_article_is_told(opened, tmp_path):
    one = opened(expected=["status of 4"])
    lines = [{"text": ENGLISH, "source": "Daily"}, {"title": "Gaza truce hailed", "text": ARABIC}]
    (tmp_path / "two.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "one.txt").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "broken.jsonl").write_text("{", encoding="utf-8")
    (tmp_path / "odd.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "latin.txt").write_bytes("Né à Gaza".encode("latin-1"))
    give = one.page.locator("#file").set_input_files
    give(tmp_path / "two.jsonl")
    expect(one.page.locator("#found")).to_contain_text("in 2 articles")
    assert "Daily" in one.page.locator("#reading .origin").first.inner_text()
    give(tmp_path / "one.txt")
    expect(one.page.locator("#found")).to_have_text("3 sentences in 1 article")
    assert one.page.locator("#text").input_value() == ENGLISH
    for name, said in (
        ("broken.jsonl", "broken.jsonl, entry 1: expected a line of JSON."),
        ("odd.pdf", "odd.pdf: expected a .txt, .html or .jsonl file."),
        ("latin.txt", "latin.txt: expected text in UTF-8, or a page that names its encoding."),
    ):
        give(tmp_path / name)
        expect(one.page.locator("#status")).to_have_text(said)
    (tmp_path / "long.txt").write_text("x" * 6000, encoding="utf-8")
    give(tmp_path / "long.txt")
    expect(one.page.locator("#status")).to_contain_text("expected at most 5,000 characters")


def test_a_file_that_is_dropped_is_read(opened):
    one = opened()
    dropped = one.page.evaluate_handle(
        """(text) => { const data = new DataTransfer();
           data.items.add(new File([text], "dropped.txt", {type: "text/plain"})); return data; }""",
        ENGLISH,
    )
    one.page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    expect(one.page.locator("#found")).to_have_text("3 sentences in 1 article")


def test_the_words_that_carry_a_stance_are_told_when_asked(opened):
    one = opened()
    answer = one.analyse(ENGLISH)
    stances = answer["records"][0]["stance"]
    key = next(key for key, stance in stances.items() if "voice" in stance)
    one.page.locator(".sentence").first.click()
    one.page.locator(f"button.why[data-target={key}]").click()
    expect(one.page.locator(".explanation")).to_be_visible()
    assert one.page.locator(".explanation .words").inner_text() == answer["records"][0]["text"]


def test_the_records_are_saved_as_they_came(opened):
    one = opened()
    answer = one.analyse(ENGLISH)
    with one.page.expect_download() as saved:
        one.page.get_by_role("button", name="Save the records").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert [json.loads(line) for line in text.splitlines()] == answer["records"]


def test_a_secret_is_asked_for_and_taken(opened, served):
    with served(secret=b"sixteen letters!") as at:
        one = opened(expected=["status of 401"], at=at)
        expect(one.page.locator("#status")).to_contain_text("asks for a secret")
        one.page.locator("#secret").fill("sixteen letters!")
        assert len(one.analyse(ENGLISH)["records"]) == 3


def test_a_service_that_has_gone_is_told(opened, served):
    with served() as at:
        one = opened(expected=["ERR_CONNECTION_REFUSED"], at=at)
        one.analyse(ENGLISH)
    one.page.get_by_role("button", name="Analyse").click()
    expect(one.page.locator("#status")).to_contain_text("cannot be reached")
