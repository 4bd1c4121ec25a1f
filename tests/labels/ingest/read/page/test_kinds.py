import pytest

from labels.ingest.read.page import extract_page
from labels.pipeline.schema import Reject
from tests.labels.ingest.read.page.samples import LANGS, article, lines, page, title


def text_of(data):
    found = extract_page(data, "p")
    assert not isinstance(found, Reject), found
    return found.text.split("\n")


MESSAGES = [
    ("en", "not_found", "404", "That story does not exist, or it was moved to another address."),
    ("en", "not_found", "Nothing here", "We cannot find the page that you typed in."),
    ("ru", "not_found", "Страница удалена", "Попробуйте найти новость через поиск."),
    ("ru", "not_found", "Ой", "Запрашиваемая вами страница не найдена."),
    ("id", "not_found", "Laman tidak tersedia", "Silakan kembali ke halaman depan."),
    ("id", "not_found", "Maaf", "Berita yang Anda cari telah dihapus."),
    ("ar", "not_found", "الصفحة غير متوفرة", "يمكنك العودة إلى الصفحة الرئيسية."),
    ("ar", "not_found", "عفوا", "لم يتم العثور على المقال المطلوب."),
    ("en", "browser_check", "Please wait", "We are verifying that you are human."),
    ("en", "browser_check", "Daily", "JavaScript is disabled in your browser."),
    ("ru", "browser_check", "Один момент", "Проверяем ваш браузер."),
    ("ru", "browser_check", "Вход", "Подтвердите, что вы не робот."),
    ("id", "browser_check", "Harap tunggu", "Memverifikasi koneksi Anda."),
    ("id", "browser_check", "Kabar", "Nyalakan JavaScript untuk membuka situs ini."),
    ("ar", "browser_check", "لحظة واحدة", "نتحقق من متصفحك الآن."),
    ("ar", "browser_check", "الأخبار", "الرجاء تمكين جافاسكربت لعرض هذه الصفحة."),
]


@pytest.mark.parametrize(("lang", "reason", "name", "message"), MESSAGES)
def test_a_message_in_place_of_an_article_is_a_reject_of_its_own_reason(
    lang, reason, name, message
):
    data = page(lang, f"<h1>{name}</h1><p>{message}</p>", name=f"<title>{name}</title>")
    found = extract_page(data, "p")
    assert isinstance(found, Reject)
    assert found.reason == reason
    assert "expected an article" in found.message


@pytest.mark.parametrize("lang", LANGS)
def test_an_article_on_missing_pages_is_an_article(lang):
    name = {
        "en": "Page not found: how archives lose the web",
        "ru": "Страница не найдена: как архивы теряют сеть",
        "id": "Halaman tidak ditemukan: arsip kehilangan web",
        "ar": "الصفحة غير موجودة: كيف تضيع المحفوظات",
    }[lang]
    body = "".join(f"<p>{line} {line} {line} {line}</p>" for line in lines(lang) * 2)
    assert len(text_of(page(lang, f"<h1>{name}</h1>{body}", name=f"<title>{name}</title>"))) == 6


CONSENT = {
    "en": "Our site and its partners use cookies to measure visits. Refuse all or accept all.",
    "ru": "Наш сайт использует файлы cookie. Продолжая чтение, вы соглашаетесь с их обработкой.",
    "id": "Situs ini memakai kuki. Dengan menggunakan situs, Anda setuju.",
    "ar": "نستخدم ملفات تعريف الارتباط. باستخدامك الموقع فإنك توافق على ذلك.",
}


@pytest.mark.parametrize("lang", LANGS)
def test_a_request_for_consent_is_no_text_wherever_it_stands(lang):
    notice = f"<div class='box'><p>{CONSENT[lang]}</p></div>"
    for body in (
        notice + article(lang),
        article(lang, before=notice),
        article(lang, after=notice),
        f"<div id='cookie-notice'><p>{CONSENT[lang]}</p></div><h1>{title(lang)}</h1>"
        + "".join(f"<p>{line}</p>" for line in lines(lang)),
    ):
        assert text_of(page(lang, body)) == lines(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_that_only_asks_for_consent_is_a_reject(lang):
    found = extract_page(page(lang, f"<div><p>{CONSENT[lang]}</p><a href='/'>OK</a></div>"), "p")
    assert isinstance(found, Reject)
    assert found.reason == "consent_only"


TERMS = {
    "en": "Not a subscriber yet? Sign up to read the full story. Cancel at any time.",
    "ru": "Материал доступен только по подписке. Чтобы продолжить чтение, войдите.",
    "id": "Konten ini khusus pelanggan. Masuk untuk membaca selengkapnya, batalkan kapan saja.",
    "ar": "هذا المحتوى متاح للمشتركين فقط. سجل الدخول لمتابعة القراءة.",
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "element", ["<div class='paywall'>{}</div>", "<div>{}</div>", "<aside>{}</aside>"]
)
def test_the_terms_of_a_subscription_are_no_text(lang, element):
    terms = element.format(f"<h3>+</h3><p>{TERMS[lang]}</p>")
    assert text_of(page(lang, article(lang, after=terms))) == lines(lang)


def test_a_sentence_on_subscriptions_inside_the_article_stays():
    sentence = "Readers who register to unlock the full archive may cancel at any time, it said."
    body = f"<h1>{title('en')}</h1><p>{lines('en')[0]}</p><p>{sentence}</p><p>{lines('en')[1]}</p>"
    assert text_of(page("en", body)) == [lines("en")[0], sentence, lines("en")[1]]


def headlines(lang, teaser):
    return "".join(
        f"<li><h3><a href='/{n}'>{lines(lang)[n % 3][:50]} {n}</a></h3>"
        + (f"<p>{lines(lang)[n % 3]}</p>" if teaser else "")
        + "</li>"
        for n in range(12)
    )


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("teaser", [False, True])
def test_a_list_of_articles_is_a_reject(lang, teaser):
    found = extract_page(page(lang, f"<main><ul>{headlines(lang, teaser)}</ul></main>"), "p")
    assert isinstance(found, Reject)
    assert found.reason == "index_page"


@pytest.mark.parametrize("lang", LANGS)
def test_a_list_of_other_articles_below_one_is_left_out(lang):
    body = article(lang) + f"<section><ul>{headlines(lang, True)}</ul></section>"
    assert text_of(page(lang, body)) == lines(lang)
