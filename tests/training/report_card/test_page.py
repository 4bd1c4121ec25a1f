import json
import re
import subprocess
from html import escape

import pytest
from lxml import etree, html

from tests.chromium import CHROMIUM, NEEDS_CHROMIUM
from tests.training.report_card.conftest import SCRIPT
from training.report_card.page import LONGEST_TITLE, render

PHONE = 390  # pixels


@pytest.fixture(scope="module")
def document(written):
    return html.fromstring(written[1])


def test_all_text_from_outside_is_escaped(written, document):
    assert document.xpath("//script") == []
    assert "<b>bold</b>" not in written[1]
    assert "<Gazette>" not in written[1]
    titles = [one.text_content() for one in document.xpath("//p[@class='title']")]
    assert SCRIPT in titles  # shown as it is written
    sources = {one.text_content() for one in document.xpath("//p[@class='origin']/bdi")}
    assert sources == {"<Gazette>"}
    texts = [one.text_content() for one in document.xpath("//blockquote")]
    assert any("<i>it said</i>" in text for text in texts)


def test_no_handler_and_no_address_of_elsewhere_stands_in_the_page(written, document):
    assert not [
        name for node in document.iter(etree.Element) for name in node.attrib if name[:2] == "on"
    ]
    links = document.xpath("//@href | //@src")
    assert links
    assert all(link.startswith(("#", "data:image/")) for link in links)
    assert set(re.findall(r"https?://[^\s\"'<>]+", written[1])) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")


def test_arabic_runs_from_right_to_left_and_says_that_it_is_arabic(document):
    quotes = document.xpath("//blockquote[@lang='ar']")
    assert quotes
    assert {one.get("dir") for one in quotes} == {"rtl"}
    assert {one.get("dir") for one in document.xpath("//blockquote[@lang='en']")} == {"auto"}
    assert {one.get("dir") for one in document.xpath("//p[@class='title']")} == {"auto"}


def test_a_title_of_any_length_or_none_is_shown(document):
    titles = [one.text_content() for one in document.xpath("//p[@class='title']")]
    assert "no title" in titles
    assert max(map(len, titles)) == LONGEST_TITLE + 1  # of ten thousand, and an ellipsis


def test_every_section_can_be_reached_and_every_table_is_named(document):
    ids = set(document.xpath("//@id"))
    links = [link[1:] for link in document.xpath("//nav//@href")]
    assert len(links) > 8
    assert set(links) <= ids
    for region in document.xpath("//div[@role='region']"):
        assert region.get("tabindex") == "0"
        assert region.get("aria-label")
    for row in document.xpath("//tbody/tr"):
        assert len(row) == len(row.xpath("ancestor::table/thead/tr/th"))
    assert all(label for label in document.xpath("//svg[@role='img']/@aria-label"))


def test_what_is_missing_in_the_content_is_an_error():
    with pytest.raises(Exception, match="is undefined"):
        render({"name": "x"})


PROBE = """<!doctype html><meta charset=utf-8><title>waiting</title>
<iframe id=page style="width:{width}px;height:844px;border:0" srcdoc="{page}"></iframe>
<script>
addEventListener("load", () => {{
  const view = document.getElementById("page").contentWindow;
  const page = view.document;
  const style = (query) => view.getComputedStyle(page.querySelector(query));
  const wide = [...page.querySelectorAll("body *")].filter((node) =>
    !node.closest(".scroll, .contents, svg, .skip, thead") &&
    node.getBoundingClientRect().right > {width} + 1);
  const found = {{
    title: page.title,
    scripts: page.scripts.length,
    width: page.documentElement.scrollWidth,
    wide: wide.map((node) => node.className || node.tagName),
    loaded: view.performance.getEntriesByType("resource").map((one) => one.name),
    paper: style("body").backgroundColor,
    ink: style("body").color,
    rtl: style("blockquote[lang=ar]").direction,
    start: page.querySelector("blockquote[lang=ar]").getBoundingClientRect().right,
    rows: style("tbody tr").display,
    bar: style("[fill='var(--favor)'], [fill='var(--accent)']").fill,
    stops: [...page.querySelectorAll("a[href], summary, [tabindex='0']")].length,
  }};
  document.body.replaceChildren(JSON.stringify(found));
}});
</script>"""


@pytest.fixture(scope="module")
def opened(written, tmp_path_factory):
    """Open the page in Chromium, in a frame as wide as a screen; return what is measured there."""

    def run(width, *flags):
        folder = tmp_path_factory.mktemp("browser")
        probe = folder / "probe.html"
        probe.write_text(PROBE.format(width=width, page=escape(written[1])), encoding="utf-8")
        done = subprocess.run(
            [
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--user-data-dir={folder / 'profile'}",
                "--window-size=1400,900",
                "--virtual-time-budget=5000",
                *flags,
                "--dump-dom",
                probe.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        return json.loads(html.fromstring(done.stdout).find("body").text_content())

    return run


@NEEDS_CHROMIUM
@pytest.mark.slow
@pytest.mark.browser
def test_in_a_browser_nothing_runs_nothing_is_loaded_and_nothing_is_too_wide(opened):
    found = opened(PHONE)
    assert found["title"] == "sikap: report card of default"  # not what the planted title says
    assert found["scripts"] == 0
    assert found["loaded"] == []
    assert found["width"] == PHONE
    assert found["wide"] == []
    assert found["rows"] == "grid"  # a row is a card of its own
    assert found["rtl"] == "rtl"
    assert found["stops"] > 20


@NEEDS_CHROMIUM
@pytest.mark.slow
@pytest.mark.browser
def test_in_a_browser_the_page_is_dark_where_that_is_preferred(opened):
    light, dark = opened(1200), opened(1200, "--blink-settings=preferredColorScheme=0")
    assert (light["paper"], light["ink"]) == ("rgb(246, 244, 239)", "rgb(29, 36, 41)")
    assert (dark["paper"], dark["ink"]) == ("rgb(20, 24, 27)", "rgb(230, 228, 222)")
    assert light["bar"] != dark["bar"]  # charts follow
    assert light["rows"] == "table-row"
