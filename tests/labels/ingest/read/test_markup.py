import pytest

from labels.ingest.read.markup import is_page, strip_markup


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>Satu &amp; dua.</p><p>Tiga.</p>", "Satu & dua.\nTiga."),
        ("Satu<br>dua<br/>tiga", "Satu\ndua\ntiga"),
        ("Корабль &laquo;Заря&raquo; ушёл.", "Корабль «Заря» ушёл."),
        ("رست&nbsp;السفينة&#46;", "رست السفينة."),
        ("peace&shy;maker", "peacemaker"),
        ("<div>Satu</div><script>let a = '<p>';</script><style>p {}</style>", "Satu"),
        ("<ul><li>Satu</li><li>Dua</li></ul>", "Satu\nDua"),
        ("<table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>", "A 1\nB 2"),
        ("<b>Satu</b> dua\nTiga", "Satu dua\nTiga"),
        ("<p>Satu\n   dua</p>", "Satu dua"),
        ("<p>Satu</p>\n\nDua\n\nTiga", "Satu\nDua\nTiga"),
        ("&lt;p&gt;Satu &amp;amp; dua&lt;/p&gt;", "Satu & dua"),
        ("<![CDATA[<p>Satu</p>]]>", "Satu"),
        ("<p>3 < 4 and 5 > 4</p>", "3 < 4 and 5 > 4"),
        ("Satu<!-- iklan --> dua", "Satu dua"),
        ('<img src="a.jpg" alt="x">Satu', "Satu"),
        ("<P CLASS='x'>Satu</P>", "Satu"),
        ("<div>" * 600 + "Satu" + "</div>" * 600, "Satu"),
        ("<p>", ""),
    ],
)
def test_markup_goes_and_the_text_stays(text, plain):
    assert strip_markup(text).text == plain


@pytest.mark.parametrize(
    "text",
    ["3 < 4", "a <3 b", "<Media omitted>", "AT&T & co", "use the <b> tag", "x <y> z", "R&D; done"],
)
def test_what_only_looks_like_markup_is_left_alone(text):
    found = strip_markup(text)
    assert found is None or found.text == text


def test_captions_are_told_apart():
    found = strip_markup("<figure><img src='a'><figcaption>Foto A</figcaption></figure><p>Isi.</p>")
    assert (found.text, found.captions) == ("Foto A\nIsi.", {"Foto A"})


def test_a_linked_paragraph_is_text():
    text = "<p><a href='u'>Kapal itu berlabuh. Awak kapal turun ke dermaga pada Senin.</a></p>"
    assert not strip_markup(text).is_link


def test_a_page_is_told_by_its_beginning():
    assert is_page("  <!doctype html><html>")
    assert is_page('<?xml version="1.0"?>\n<html xmlns="x">')
    assert not is_page("<p>Satu</p>")
