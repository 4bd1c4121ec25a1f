"""Text that stands bare in an element, around pictures, boxes and lists."""

import pytest

from labels.ingest.read.page import extract_page
from labels.pipeline.schema import Reject
from tests.labels.ingest.read.page.samples import ARTICLES, LANGS, lines, page, title

SHORT = {
    "en": "The ferry stays.",
    "ru": "Паром останется.",
    "id": "Feri tetap ada.",
    "ar": "العبارة باقية.",
}
ALSO = {"en": "Read also", "ru": "Читайте также", "id": "Baca juga", "ar": "اقرأ أيضا"}
OTHER = {
    "en": "Bakers count their sacks",
    "ru": "Пекари считают мешки",
    "id": "Tukang roti menghitung karung",
    "ar": "الخبازون يعدون الأكياس",
}
BOXES = {
    "links": "<div class='x'>{also}: <a href='/b'>{other}</a></div>",
    "table": "<table><tr><td><b>{also}:</b> <a href='/b'>{other}</a></td></tr></table>",
    "list": "<ul><li><a href='/b'>{other}</a></li></ul>",
    "picture": "<div><img src='/b.jpg'></div>",
    "script": "<div><script>var a = 1;</script></div>",
}
SHAPES = {
    "breaks": "<div>{0}<br><br>{box}{1}<br><br>{short}<br><br>{2}</div>",
    "behind": "<div>{box}{0}<br>{1}<br>{box}{short}<br>{2}</div>",
    "between": "<div>{0}{box}{1}{box}{short}{box}{2}</div>",
    "paragraphs": "<div><p>{0}</p><p>{box}{1}</p><p>{short}</p><p>{2}</p></div>",
    "mixed": "<div>{0}<p>{1}</p>{box}{short}<p>{2}</p></div>",
    "cut": "<div><p>{0}{box}<br>{1}<br>{short}<br>{2}</p></div>",
    "cell": "<table><tr><td>&nbsp;</td><td>{0}<br>{1}{box}<p>{short}<p>{2}</td></tr></table>",
    "unseen": "<section><div>{0}<br>{1}<br>{box}{short}<br>{2}</div></section>",
}


def fill(shape, box, lang):
    box = box.format(also=ALSO[lang], other=OTHER[lang])
    return f"<h1>{title(lang)}</h1>" + shape.format(*lines(lang), box=box, short=SHORT[lang])


def text_of(lang, body):
    found = extract_page(page(lang, body), "p")
    assert not isinstance(found, Reject), found
    return found.text.split("\n")


def expected(lang):
    first, second, third = lines(lang)
    return [first, second, SHORT[lang], third]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_bare_sentence_stays_and_no_box(shape, box, lang):
    assert text_of(lang, fill(shape, box, lang)) == expected(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_a_list_of_sentences_between_bare_texts_stays(lang):
    first, second, third = lines(lang)
    body = f"<div>{first}<ul><li>{second}</li><li>{SHORT[lang]}</li></ul>{third}</div>"
    assert text_of(lang, f"<h1>{title(lang)}</h1>{body}") == expected(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_a_caption_between_bare_texts_stays_in_its_place(lang):
    first, second, third = lines(lang)
    picture = f"<div><img src='/b.jpg'><div class='caption'>{SHORT[lang]}</div></div>"
    body = f"<h1>{title(lang)}</h1><div>{first}<br>{second}<br>{picture}{third}</div>"
    found = extract_page(page(lang, body), "p")
    assert found.text.split("\n") == expected(lang)
    assert found.captions == {SHORT[lang]}


@pytest.mark.parametrize("lang", LANGS)
def test_bare_comments_in_elements_of_their_own_are_left_out(lang):
    remark = " ".join(lines("en" if lang != "en" else "id")[:2])
    comments = "".join(
        f"<div><b>Nora</b> 0{n}.03.2024 10:1{n}<br>{remark}</div>" for n in range(1, 6)
    )
    body = fill(SHAPES["between"], BOXES["links"], lang) + f"<div>{comments}</div>"
    assert text_of(lang, body) == expected(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_an_article_beside_many_headlines_is_no_list(lang):
    side = "".join(
        f"<a href='/{n}'>{OTHER[lang]} {n} {ARTICLES[lang][0]}</a><br>" for n in range(9)
    )
    box = f"<div>{ALSO[lang]}: <a href='/b'>{OTHER[lang]} {title(lang)}</a></div>"
    body = f"<table><tr><td>{fill(SHAPES['breaks'], box, lang)}</td><td>{side}</td></tr></table>"
    assert text_of(lang, body) == expected(lang)
