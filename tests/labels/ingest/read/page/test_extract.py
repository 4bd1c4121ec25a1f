import time

from labels.ingest.read.page import decode_page, extract_page

SENTENCE = (
    "Министр заявил в понедельник, что переговоры о новом мосте через реку продолжатся ещё неделю."
)
MENU = "".join(f'<li><a href="/{n}">Раздел номер {n} нашего сайта</a></li>' for n in range(30))
COMMENTS = "".join(
    f"<div>Гость{n} 7 января 2012 01:4{n}:26</div><p>{'Спорная мысль, не согласен. ' * 4}</p>"
    for n in range(6)
)
PAGE = f"""<html lang="ru"><head><title>Мост откроют через неделю - Пример</title>
<meta property="og:site_name" content="Пример"></head><body>
<table><tr><td><ul>{MENU}</ul></td><td>
<h1>Мост откроют через неделю</h1><div>Строители просят ещё немного терпения</div>
<figure><figcaption>Новый мост ночью. <small>Фото: архив</small></figcaption></figure>
{SENTENCE} Рабочие ждут.<br><br>{SENTENCE[:-1]} точно.<script>var a = "нет";</script>
<div class="related">Читайте также: <a href="/x">другое</a></div>
</td></tr></table>{COMMENTS}<footer>Все права защищены.</footer></body></html>"""


def test_the_article_is_found_between_menu_and_comments():
    page = extract_page(PAGE.encode(), "p")
    assert page.title == "Мост откроют через неделю"
    assert page.lang == "ru"
    assert page.text.split("\n") == [
        "Строители просят ещё немного терпения",
        "Новый мост ночью.",
        f"{SENTENCE} Рабочие ждут.",
        f"{SENTENCE[:-1]} точно.",
    ]
    assert page.captions == {"Новый мост ночью."}


def test_the_declared_charset_is_used_where_utf8_fails():
    page = PAGE.replace("<head>", '<head><meta charset="windows-1251">')
    assert decode_page(page.encode("cp1251")) == page


def test_pages_without_text_or_nested_without_end_give_none():
    assert extract_page(b"<html><head><title>T</title></head></html>", "p").reason == "no_text"
    assert extract_page(b"<div>" * 50_000, "p").reason == "no_text"
    assert extract_page(b"<!-- only a comment -->", "p").reason == "no_text"


FIRST = "Parlemen kota pada Selasa menyetujui anggaran baru untuk jalan di tiga kecamatan itu."
SECOND = "Wali kota mengatakan pekerjaan dimulai bulan depan dan selesai sebelum musim hujan."
HEAD = "<html lang='id'><head><title>Anggaran Jalan Disetujui | Kabar</title></head><body>"
TITLE = "<h1>Anggaran Jalan Disetujui</h1>"


def lines_of(body):
    page = extract_page(f"{HEAD}{body}</body></html>".encode(), "p")
    return page.text.split("\n")


def test_text_after_a_picture_in_the_same_element_and_short_last_sentences_stay():
    body = (
        f"{TITLE}<div class='isi'><div class='foto'><img src='a.jpg'><div>Jalan rusak.</div></div>"
        f"{FIRST}<br><br>{SECOND}<br><br>{FIRST[:-1]} dan lain.<br><br>Warga senang.</div>"
    )
    assert lines_of(body) == [
        "Jalan rusak.",
        FIRST,
        SECOND,
        f"{FIRST[:-1]} dan lain.",
        "Warga senang.",
    ]


def test_a_page_of_short_paragraphs_keeps_them_all():
    short = ["Dewan setuju.", "Warga menyambut baik keputusan itu.", "Audit diminta."]
    links = "<ul><li><a href='x'>Berita lain yang tidak terkait</a></li></ul>"
    assert lines_of(TITLE + "".join(f"<p>{paragraph}</p>" for paragraph in short) + links) == short


def test_comments_are_left_out_though_only_their_heading_names_them():
    comments = "".join(f"<div><b>Nama{n}</b><p>{SECOND}</p></div>" for n in range(2))
    body = (
        f"<div>{TITLE}<p>{FIRST}</p><p>{FIRST} Ya.</p></div><div><h3>Komentar</h3>{comments}</div>"
    )
    assert lines_of(body) == [FIRST, f"{FIRST} Ya."]


def test_a_byline_with_a_date_is_no_lead():
    body = f"<section>{TITLE}<div>Rina Dewi, Solo Terbit 2025-10-16 baca 3 menit</div><p>{FIRST}</p><p>{SECOND}</p></section>"  # noqa: E501 - a page
    assert lines_of(body) == [FIRST, SECOND]


def test_elements_nested_five_thousand_deep_still_give_their_text():
    assert lines_of("<div>" * 5_000 + f"<p>{FIRST}</p><p>{SECOND}</p>" + "</div>" * 5_000) == [
        FIRST,
        SECOND,
    ]


def test_a_class_name_without_end_is_read_in_linear_time():
    start = time.perf_counter()
    assert lines_of(f'{TITLE}<p class="{"a_" * 100_000}">{FIRST}</p><p>{SECOND}</p>') == [
        FIRST,
        SECOND,
    ]
    assert (
        time.perf_counter() - start < 5
    )  # a minute and more where every start is tried to the end
