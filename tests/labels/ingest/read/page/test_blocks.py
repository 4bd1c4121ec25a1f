import json

import pytest

from labels.ingest.read.page import extract_page
from labels.ingest.read.record import Note
from tests.labels.ingest.read.page.samples import (
    LANGS,
    article,
    lines,
    page,
    paragraphs,
    title,
)

UNSEEN = {
    "en": "Nobody sees this paragraph, which a template left behind in the page.",
    "ru": "Этого абзаца никто не видит, он остался на странице от старого шаблона.",
    "id": "Paragraf ini tidak terlihat oleh siapa pun dan tertinggal dari templat lama.",
    "ar": "هذه الفقرة لا يراها أحد وقد بقيت في الصفحة من قالب قديم.",
}


def text_of(data):
    return extract_page(data, "p").text.split("\n")


def stated(**fields):
    value = {"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", **fields}]}
    return f"<script type='application/ld+json'>{json.dumps(value)}</script>"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "element",
    [
        "<p hidden>{}</p>",
        "<div hidden=''><p>{}</p></div>",
        "<div aria-hidden='true'><p>{}</p></div>",
        "<p style='color: red; display : none'>{}</p>",
        "<section style='visibility:hidden;'><p>{}</p></section>",
        "<template><p>{}</p></template>",
        "<dialog><p>{}</p></dialog>",
        "<p class='visually-hidden'>{}</p>",
    ],
)
def test_what_no_reader_sees_is_no_text(lang, element):
    first, *rest = lines(lang)
    body = f"<h1>{title(lang)}</h1><p>{first}</p>{element.format(UNSEEN[lang])}"
    body += "".join(f"<p>{line}</p>" for line in rest)
    assert text_of(page(lang, f"<article>{body}</article>")) == lines(lang)


def test_a_page_that_a_script_shows_later_keeps_its_text():
    body = f"<div style='visibility:hidden'>{article('en')}</div>"
    assert text_of(page("en", body)) == lines("en")


def test_paragraphs_that_are_read_aloud_to_subscribers_only_are_text():
    first, second, third = lines("en")
    paid = f"<p class='paywall' aria-hidden='true'>{second} {third}</p>"
    body = f"<h1>{title('en')}</h1><p>{first}</p>{paid}<p>{third} {first}</p><p>{second}</p>"
    assert f"{second} {third}" in text_of(page("en", f"<article>{body}</article>"))


@pytest.mark.parametrize("lang", LANGS)
def test_a_row_of_a_table_is_a_line(lang):
    table = (
        "<table><tr><th>A</th><th>B</th></tr><tr><td>12</td><td>30</td></tr>"
        "<tr><td>14</td><td>x y</td></tr></table>"
    )
    body = f"<h1>{title(lang)}</h1><p>{lines(lang)[0]}</p><p>{lines(lang)[1]}</p>{table}"
    body += f"<p>{lines(lang)[2]}</p>"
    assert text_of(page(lang, f"<article>{body}</article>")) == [
        *lines(lang)[:2],
        "A | B",
        "12 | 30",
        "14 | x y",
        lines(lang)[2],
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_a_table_that_lays_out_the_page_gives_paragraphs(lang):
    menu = "".join(f"<a href='/{n}'>{n}</a><br>" for n in range(9))
    body = (
        f"<table><tr><td>{menu}</td><td><h1>{title(lang)}</h1>{paragraphs(lang)}</td></tr></table>"
    )
    assert text_of(page(lang, body)) == lines(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_only_the_caption_of_the_lead_picture_stays(lang):
    pictures = "".join(
        f"<figure><img src='{n}.jpg'><figcaption>{UNSEEN[lang]} {n}</figcaption></figure>"
        for n in range(3)
    )
    found = extract_page(page(lang, article(lang, before=pictures)), "p")
    assert found.text.split("\n") == [f"{UNSEEN[lang]} 0", *lines(lang)]
    assert found.captions == {f"{UNSEEN[lang]} 0"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("head", "heading"),
    [
        ("", True),
        ("<meta property='og:title' content='{}'>", False),
        ("<meta name='twitter:title' content='{}'>", False),
        (None, False),
    ],
)
def test_a_page_without_a_title_has_one_from_elsewhere(lang, head, heading):
    head = stated(headline=title(lang)) if head is None else head.format(title(lang))
    body = f"<h1>{title(lang)}</h1>" if heading else ""
    found = extract_page(page(lang, f"<div>{body}{paragraphs(lang)}</div>", head, name=""), "p")
    assert found.title == title(lang)
    assert found.text.split("\n") == lines(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_the_parts_of_an_amp_page_that_are_no_article_are_left_out(lang):
    body = (
        f"<amp-sidebar><ul><li><a href='/'>X</a></li></ul></amp-sidebar>{article(lang)}"
        f"<amp-user-notification><p>{UNSEEN[lang]}</p></amp-user-notification>"
    )
    assert text_of(page(lang, body)) == lines(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_that_a_script_writes_is_read_from_its_structured_data(lang):
    body = "".join(f"<p>{line}</p>" for line in lines(lang))
    for value in (body, "\n\n".join(lines(lang))):
        data = page(lang, "<div id='app'></div>", stated(headline=title(lang), articleBody=value))
        found = extract_page(data, "p")
        assert found.text.split("\n") == lines(lang)
        assert found.notes == (Note("structured_text"),)


@pytest.mark.parametrize("lang", LANGS)
def test_a_paragraph_that_the_library_misses_stays_where_structured_data_have_it(lang):
    first, second, third = lines(lang)
    body = f"<main><h1>{title(lang)}</h1><p>{first}</p><div class='share'><p>{second}</p></div>"
    body += f"<p>{third}</p></main>"
    head = stated(headline=title(lang), articleBody=" ".join(lines(lang)))
    assert text_of(page(lang, body, head)) == lines(lang)


def test_date_and_outlet_come_from_structured_data_before_meta_elements():
    head = stated(
        headline=title("en"),
        datePublished="2024-11-05T23:10:00-05:00",
        publisher={"@type": "Organization", "name": "Harbour Post"},
    )
    head += "<meta name='date' content='2019-01-01'><link rel='canonical' href='https://x.org/a'>"
    found = extract_page(page("en", article("en"), head), "p")
    assert (found.published, found.source, found.url) == (
        "2024-11-05",
        "Harbour Post",
        "https://x.org/a",
    )


def test_broken_structured_data_are_passed_over():
    head = "<script type='application/ld+json'>{\"headline\": [,}</script>"
    assert text_of(page("en", article("en"), head)) == lines("en")


@pytest.mark.parametrize(
    ("lang", "declared", "kept"),
    [
        ("en", "en-GB", "en-GB"),
        ("en", "zh", None),
        ("en", "ru", None),
        ("ru", "en-US", None),
        ("ru", "de", None),
        ("ar", "id", None),
        ("id", "in", "in"),
        ("id", "nl", None),
    ],
)
def test_a_declared_language_that_is_no_language_of_the_text_says_nothing(lang, declared, kept):
    assert extract_page(page(lang, article(lang), declared=declared), "p").lang == kept
