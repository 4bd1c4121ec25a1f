import json

import pytest

from labels.ingest.read.page import extract_page
from labels.ingest.read.page.live import is_time
from tests.labels.ingest.read.page.samples import LANGS, lines, page, paragraphs, title

CLOCKS = ["18:20", "17:05", "16:40"]
DATES = ["03.06.2025 18:20", "03.06.2025 17:05", "03.06.2025 16:40"]


def posts(lang, times, shape):
    pairs = zip(times, lines(lang), strict=True)
    return "<div>" + "".join(shape.format(time=time, text=text) for time, text in pairs) + "</div>"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("times", [CLOCKS, DATES])
@pytest.mark.parametrize(
    "shape",
    [
        "<div><time>{time}</time><p>{text}</p></div>",
        "<section><p>{time}</p><p>{text}</p><a href='#'>Link</a></section>",
        "<p><b>{time}</b></p><p>{text}</p>",
        "<div><span>{time}</span><br>{text}</div>",
    ],
)
def test_all_posts_of_a_live_blog_stay_and_their_times_are_told_apart(lang, times, shape):
    body = f"<main><article><h1>{title(lang)}</h1>{posts(lang, times, shape)}</article></main>"
    found = extract_page(page(lang, body), "p")
    expected = [line for pair in zip(times, lines(lang), strict=True) for line in pair]
    assert found.text.split("\n") == expected
    assert found.times == frozenset(times)


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_that_calls_itself_a_live_blog_keeps_its_summary_and_headings(lang):
    stated = json.dumps({"@type": "LiveBlogPosting", "headline": title(lang)})
    shape = "<div><time>{time}</time><h2>Post {time}</h2><p>{text}</p></div>"
    summary = lines(lang)[0].replace(".", ",") + " " + lines(lang)[1]
    body = f"<article><h1>{title(lang)}</h1><p>{summary}</p>{posts(lang, CLOCKS, shape)}</article>"
    head = f"<script type='application/ld+json'>{stated}</script>"
    found = extract_page(page(lang, body, head), "p").text.split("\n")
    assert found[:3] == [summary, "18:20", "Post 18:20"]
    assert [line for line in found if line in lines(lang)] == lines(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_dated_comments_below_an_article_are_no_posts(lang):
    comments = posts(lang, DATES, "<div><b>Nina</b><time>{time}</time><p>? {text}</p></div>")
    body = f"<main><article><h1>{title(lang)}</h1>{paragraphs(lang)}</article>{comments}</main>"
    found = extract_page(page(lang, body), "p")
    assert found.text.split("\n") == lines(lang)
    assert found.times == frozenset()


@pytest.mark.parametrize(
    "line",
    [
        "07:45",
        "7.45 WIB",
        "7:45 a.m.",
        "9 pm",
        "03/06/2025, 07:45",
        "3 Juni 2025 07:45 WITA",
        "3 июня, 07:45",
        "07:45 мск",
        "5 min ago",
        "12 menit yang lalu",
        "40 минут назад",
        "قبل 20 دقيقة",
        "الساعة 07:45"[6:].strip(),
        "June 3, 07:45 GMT",
    ],
)
def test_a_time_alone_is_a_time(line):
    assert is_time(line)


@pytest.mark.parametrize(
    "line",
    ["At 07:45 the shelling began.", "3:2", "2025", "Team 10:30 wins", "قبل الهدنة", "3 июня"],
)
def test_a_line_that_says_more_or_less_is_no_time(line):
    assert not is_time(line)
