from labels.ingest.html import decode_page, extract_page

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
    page = extract_page(PAGE.encode())
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
    assert extract_page(b"<html><head><title>T</title></head></html>") is None
    assert extract_page(b"<div>" * 50_000) is None
    assert extract_page(b"<!-- only a comment -->") is None
