"""What cleaning cuts and keeps by sentence; ⟦ ⟧ mark the clutter in a text."""

import re

import pytest

from labels.ingest.clean.boilerplate import Boilerplate, Piece
from labels.ingest.clean.clean import clean

TITLE = {
    "en": "Ferry talks",
    "id": "Pembicaraan feri",
    "ru": "Переговоры о пароме",
    "ar": "محادثات العبّارة",
}
BEFORE = {
    "en": "Ferry owners from nine ports met on the island on Tuesday.",
    "id": "Para pemilik feri dari sembilan pelabuhan bertemu di pulau itu pada Selasa.",
    "ru": "Владельцы паромов из девяти портов собрались на острове во вторник.",
    "ar": "اجتمع أصحاب العبّارات من تسعة موانئ في الجزيرة يوم الثلاثاء.",
}
AFTER = {
    "en": "A second round is planned for autumn, the port office said.",
    "id": "Putaran kedua direncanakan pada musim gugur, kata kantor pelabuhan.",
    "ru": "Второй раунд намечен на осень, сообщили в администрации порта.",
    "ar": "ومن المقرر عقد جولة ثانية في الخريف بحسب مكتب الميناء.",
}

# Sentences of an article that share words with clutter.
OWN = {
    "en": [
        "The opinions expressed by the Iranian envoy were not shared by the OIC chair.",
        "Readers of the treaty may also like its second article, Lavrov joked.",
        "Moscow asked members to follow its proposal on the ceasefire for more details.",
        "The newsletter of the OIC was banned in three states, he added.",
        "Copyright on the Gaza film belongs to a Russian studio, the court ruled.",
        "Join the conversation, the Turkish minister urged Russia.",
        "All rights are reserved for the states of the OIC under the charter.",
        "He promised to share this article of the accord with the Gaza mediators.",
        "The photo by the Russian agency shows the hall empty.",
        "Read more widely and you will see Moscow's aim, the scholar told the OIC.",
    ],
    "id": [
        "Baca juga pasal kedua perjanjian itu, kata Lavrov kepada wartawan.",
        "Hak cipta film tentang Gaza itu dipegang studio Rusia, kata hakim.",
        "OKI mengikuti saluran diplomatik untuk mengakhiri perang di Gaza.",
        "Menlu meminta warga melihat video serangan di Gaza sebagai bukti.",
        "Isi pernyataan itu menjadi tanggung jawab Rusia, bukan OKI.",
        "Donasi warga untuk Gaza dikirim lewat rekening kedutaan.",
        "Komentar Lavrov soal Gaza menuai kecaman dari anggota OKI.",
        "Editor koran itu menuduh Moskow membungkam pers.",
        "Pandangan pribadi menteri itu berbeda dengan sikap OKI.",
        "Rusia mengunduh laporan OKI dari situs resmi lembaga itu.",
    ],
    "ru": [
        "Читайте также вторую статью договора, посоветовал Лавров журналистам.",
        "Мнение ОИС не совпадает с позицией Москвы по Газе.",
        "Подписка России под документом ОИС вызвала споры.",
        "Источник в ОИС сообщил о разногласиях с Москвой.",
        "Смотрите на карту Газы, призвал посол России.",
        "Комментарии Лаврова о Газе редакция газеты назвала резкими.",
        "Присоединяйтесь к резолюции ОИС, обратилась Москва к соседям.",
        "Ссылка России на устав ОИС удивила делегатов.",
        "Фото из Газы российский дипломат показал залу.",
    ],
    "ar": [
        "تابع الوفد الروسي عبر القناة الدبلوماسية مفاوضات الهدنة في غزة.",
        "شاهد الوزير الروسي آثار الدمار في غزة وأدان القصف.",
        "اقرأوا المادة الثانية من الاتفاق، قال لافروف للصحفيين.",
        "لا تعبر تصريحات السفير الروسي عن موقف منظمة التعاون الإسلامي.",
        "شارك الوفد الفلسطيني برأيه في اجتماع منظمة التعاون الإسلامي.",
        "المصدر الروسي أكد أن الهدنة في غزة قريبة.",
        "اشترك وزراء من روسيا عبر تطبيق مرئي في الجلسة.",
        "حقوق النشر لفيلم غزة تعود إلى استوديو روسي.",
        "المزيد من المساعدات وصل إلى غزة بعد الهدنة.",
        "انضمت روسيا إلى قناة الوساطة بشأن غزة.",
    ],
}

# Articles in one line.
ONE_LINE = {
    "en": [
        "The OIC backed the truce in Gaza. ⟦Subscribe to our newsletter.⟧",
        "⟦Advertisement.⟧ Moscow rejected the draft on Friday. The vote is next week.",
        "The OIC backed the truce. Moscow abstained. ⟦© 2025 Island Post. All rights reserved.⟧",
        "⟦READ ALSO: Ferry prices climb again.⟧ The OIC backed the truce in Gaza.",
        "The OIC backed the truce. ⟦Follow us on Instagram.⟧ Moscow abstained from the vote.",
        "The OIC backed the truce. ⟦Click here to read the full report.⟧ Moscow abstained.",
        "⟦We use cookies to improve your visit.⟧ The OIC backed the truce. Moscow abstained.",
    ],
    "id": [
        "⟦Baca juga: Tarif Feri Naik Lagi.⟧ Moskow menolak rancangan itu pada Jumat.",
        "OKI mendukung gencatan senjata. Moskow abstain. ⟦Hak cipta © 2025 Warta Pulau.⟧",
        "OKI mendukung gencatan senjata. ⟦Simak video selengkapnya di sini.⟧ Moskow abstain.",
        "OKI mendukung gencatan senjata. Moskow abstain. ⟦Editor: Sari Dewi⟧",
        "OKI mendukung gencatan senjata. ⟦Klik di sini untuk berita lainnya.⟧ Moskow abstain.",
        "⟦Iklan.⟧ Moskow abstain. OKI mendukung gencatan senjata.",
    ],
    "ru": [
        "ОИС поддержала перемирие в Газе. ⟦Подписывайтесь на наш канал в Telegram.⟧",
        "⟦Читайте также: Цены на паром снова выросли.⟧ Москва отклонила проект в пятницу.",
        "ОИС поддержала перемирие. ⟦Подробнее читайте на нашем сайте.⟧ Москва воздержалась.",
        "ОИС поддержала перемирие. Москва воздержалась. ⟦Поделиться: ВКонтакте, Telegram⟧",
        "ОИС поддержала перемирие. Москва воздержалась. ⟦Новость дополняется.⟧",
        "⟦Реклама.⟧ Москва воздержалась. ОИС поддержала перемирие.",
    ],
    "ar": [
        "أيدت منظمة التعاون الإسلامي الهدنة في غزة. ⟦تابعونا على تلغرام.⟧",
        "⟦اقرأ أيضا: أسعار العبّارات ترتفع مجددا.⟧ رفضت موسكو المشروع يوم الجمعة.",
        "أيدت المنظمة الهدنة. وامتنعت موسكو عن التصويت. ⟦جميع الحقوق محفوظة.⟧",
        "أيدت المنظمة الهدنة. ⟦اضغط هنا لقراءة التقرير كاملا.⟧ وامتنعت موسكو عن التصويت.",
        "أيدت المنظمة الهدنة. وامتنعت موسكو. ⟦الآراء الواردة في المقال لا تعبر عن رأي الصحيفة.⟧",
        "أيدت المنظمة الهدنة. وامتنعت موسكو. ⟦المصدر: وكالات⟧",
        "أيدت المنظمة الهدنة. ⟦اشتركوا في قناتنا على يوتيوب.⟧ وامتنعت موسكو عن التصويت.",
        "أيدت المنظمة الهدنة. وامتنعت موسكو. ⟦شارك الخبر عبر: فيسبوك تويتر⟧",
        "أيدت المنظمة الهدنة. وامتنعت موسكو. ⟦للاشتراك في النشرة البريدية اضغط هنا.⟧",
        "⟦إعلان.⟧ وامتنعت موسكو عن التصويت. أيدت المنظمة الهدنة.",
    ],
}

# Clutter inside a paragraph, or behind it.
IN_LINE = {
    "en": [
        "Moscow abstained, he said. ⟦Read more: Ferry fares to rise in May⟧",
        "Moscow abstained, he said. ⟦[ADVERTISEMENT]⟧ The OIC backed the truce.",
        "Moscow abstained, he said. ⟦(VIDEO)⟧ The OIC backed the truce.",
        "Moscow abstained, he said. ⟦(See also: Ferry fares to rise)⟧ The OIC backed the truce.",
        "Moscow abstained. ⟦ALSO READ | Who runs the ferries?⟧ The OIC backed the truce.",
        "Moscow abstained. ⟦The post Moscow abstains first appeared on Island Post.⟧",
        "Moscow abstained. ⟦ADVERTISEMENT⟧ The OIC backed the truce.",
        "Moscow abstained, he said. ⟦(Photo: Island Agency)⟧",
        "Moscow abstained. ⟦Watch: Ferry hits pier⟧ The OIC said it would meet again.",
    ],
    "id": [
        "Moskow abstain, kata dia. ⟦Baca juga: Tarif Feri Naik Mulai Mei⟧",
        "Moskow abstain, kata dia. ⟦[Gambas:Instagram]⟧ OKI mendukung gencatan senjata.",
        "Moskow abstain, kata dia. ⟦(VIDEO)⟧ OKI mendukung gencatan senjata.",
        "Moskow abstain. ⟦Baca juga: Siapa Pemilik Feri?⟧ OKI mendukung gencatan senjata.",
        "Moskow abstain, kata dia. ⟦[Gambas:Video CNN]⟧",
    ],
    "ru": [
        "Москва воздержалась, сказал он. ⟦Читайте также: Цены на паром вырастут в мае⟧",
        "Москва воздержалась, сказал он. ⟦(ВИДЕО)⟧ ОИС поддержала перемирие.",
        "Москва воздержалась, сказал он. ⟦[Реклама]⟧ ОИС поддержала перемирие.",
        "Москва воздержалась. ⟦Читайте также: Кто владеет паромами?⟧ ОИС поддержала перемирие.",
        "Москва воздержалась. ⟦По теме: Паром врезался в причал⟧",
        "Москва воздержалась. ⟦Подписаться на канал: t.me/ostrov⟧",
        "Москва воздержалась, сказал он. ⟦Фото: Иван Паромов / Островное агентство⟧",
    ],
    "ar": [
        "وامتنعت موسكو عن التصويت. ⟦اقرأ أيضا: أسعار العبّارات ترتفع في مايو⟧",
        "وامتنعت موسكو عن التصويت. ⟦(فيديو)⟧ وأيدت المنظمة الهدنة.",
        "وامتنعت موسكو عن التصويت. ⟦[إعلان]⟧ وأيدت المنظمة الهدنة.",
        "وامتنعت موسكو عن التصويت. ⟦(اقرأ أيضا: عبّارة تصطدم بالرصيف)⟧ وأيدت المنظمة الهدنة.",
        "وامتنعت موسكو. ⟦شاهد أيضا: عبّارة تصطدم بالرصيف.⟧ وأيدت المنظمة الهدنة.",
        "وامتنعت موسكو. ⟦طالع أيضا | من يملك العبّارات؟⟧ وأيدت المنظمة الهدنة.",
        "وامتنعت موسكو. ⟦شاهد بالفيديو.. عبّارة تصطدم بالرصيف⟧",
        "وامتنعت موسكو. ⟦للمزيد: أسعار العبّارات ترتفع⟧",
        "وامتنعت موسكو. ⟦اقرأ المزيد: أسعار العبّارات ترتفع⟧ وأضاف أن المنظمة أيدت الهدنة.",
        "وامتنعت موسكو. ⟦تابعوا قناتنا على واتساب⟧",
    ],
}

# Lines above an article.
TOP = {
    "en": [
        "By Ann Harbour",
        "Words: Ann Harbour / Pictures: Tom Quay",
        "Published: 4 May 2025, 09:30",
        "Rep: Ann Harbour / Ed: Tom Quay",
        "3 min read",
        "Updated 2 hours ago",
        "Share this article",
        "Reporting: Ann Harbour, Editing: Tom Quay",
        "Home > World > Ferries",
        "Photo: Tom Quay/Island Agency",
    ],
    "id": [
        "Rep: Sari Dewi / Red: Budi Laut",
        "Oleh: Sari Dewi",
        "Penulis: Sari Dewi | Editor: Budi Laut",
        "Selasa, 6 Mei 2025 09:30 WIB",
        "Reporter Sari Dewi",
        "Sari Dewi - Warta Pulau",
        "Foto: Budi Laut/Warta",
        "Bagikan ke Facebook",
        "Jurnalis: Sari Dewi / Penyunting: Budi Laut",
        "Beranda / Dunia / Feri",
    ],
    "ru": [
        "Автор: Анна Пристань",
        "Текст: Анна Пристань / Фото: Иван Паромов",
        "6 мая 2025, 09:30",
        "Опубликовано: 6 мая 2025 в 09:30",
        "Корр.: Анна Пристань / Ред.: Иван Паромов",
        "Анна Пристань, корреспондент",
        "Обновлено 6 мая 2025, 10:00",
        "Поделиться",
        "Главная / В мире / Паромы",
        "Фото: Иван Паромов",
    ],
    "ar": [
        "كتب: أحمد الميناء",
        "آخر تحديث: 6 مايو 2025",
        "تحرير: أحمد الميناء / تصوير: سامي البحر",
        "بقلم: أحمد الميناء",
        "تاريخ النشر: 6/5/2025",
        "إعداد: أحمد الميناء",
        "القاهرة - الجزيرة",
        "مشاركة عبر: فيسبوك",
        "تقرير: أحمد الميناء | تدقيق: سامي البحر",
        "نشر في: 6 مايو 2025 09:30",
    ],
}

# Lines below an article.
END = {
    "en": [
        "Photo: Tom Quay / Island Agency",
        "Source: Island Agency",
        "Editing by Tom Quay",
        "Ann Harbour",
        "— Agencies",
        "Words: Ann Harbour / Pictures: Tom Quay",
        "Reporting by Ann Harbour; Writing by Tom Quay",
        "Tags: ferries, ports",
        "The writer is a professor of law at Port University.",
        "© Island Post",
    ],
    "id": [
        "Foto: Budi Laut / Warta Pulau",
        "Sumber: Warta Pulau",
        "(abc/xyz)",
        "Editor: Budi Laut",
        "Pewarta: Sari Dewi | Editor: Budi Laut",
        "Rep: Sari Dewi / Red: Budi Laut",
        "Penulis adalah dosen hukum Universitas Pelabuhan.",
        "Tag: feri, pelabuhan",
        "(Antara)",
        "Hak cipta © Warta Pulau 2025",
    ],
    "ru": [
        "Фото: Иван Паромов / Островное агентство",
        "Источник: Островное агентство",
        "Автор: Анна Пристань",
        "Анна Пристань",
        "Теги: паромы, порты",
        "Текст: Анна Пристань / Фото: Иван Паромов",
        "Подготовила Анна Пристань",
        "© Вести острова",
        "Корр.: Анна Пристань / Ред.: Иван Паромов",
    ],
    "ar": [
        "الصورة: سامي البحر / وكالة الجزيرة",
        "المصدر: وكالة الجزيرة",
        "تحرير: أحمد الميناء",
        "(وكالات)",
        "المصدر: الجزيرة + وكالات",
        "تصوير: سامي البحر / تحرير: أحمد الميناء",
        "كلمات مفتاحية: عبّارات، موانئ",
        "إعداد وتحرير: أحمد الميناء",
        "مصدر الصورة: غيتي",
    ],
}


def rows(table):
    return [pytest.param(lang, row, id=f"{lang}-{row}") for lang in table for row in table[lang]]


def letters(text):
    return re.sub(r"[\W_]+", "", text)


def kept_and_wanted(lang, marked, **options):
    text = marked.replace("⟦", "").replace("⟧", "")
    cleaned = clean(TITLE[lang], text, lang, **options)
    kept = "".join(text[block.start : block.end] for block in cleaned.blocks)
    return letters(kept), letters(re.sub("⟦[^⟧]*⟧", "", marked))


@pytest.mark.parametrize(("lang", "sentence"), rows(OWN))
def test_an_own_sentence_with_words_of_clutter_is_kept(lang, sentence):
    kept, wanted = kept_and_wanted(lang, f"{BEFORE[lang]}\n{sentence}\n{AFTER[lang]}")
    assert kept == wanted


@pytest.mark.parametrize(("lang", "marked"), rows(ONE_LINE))
def test_clutter_in_an_article_of_one_line_leaves_the_article(lang, marked):
    kept, wanted = kept_and_wanted(lang, marked)
    assert kept == wanted


@pytest.mark.parametrize(("lang", "marked"), rows(IN_LINE))
def test_clutter_in_the_line_of_a_paragraph_goes(lang, marked):
    kept, wanted = kept_and_wanted(lang, f"{BEFORE[lang]} {marked}\n{AFTER[lang]}")
    assert kept == wanted


@pytest.mark.parametrize(("lang", "line"), rows(TOP))
def test_lines_above_an_article_go(lang, line):
    kept, wanted = kept_and_wanted(lang, f"⟦{line}⟧\n{BEFORE[lang]}\n{AFTER[lang]}")
    assert kept == wanted


@pytest.mark.parametrize(("lang", "line"), rows(END))
def test_credits_below_an_article_go(lang, line):
    kept, wanted = kept_and_wanted(lang, f"{BEFORE[lang]}\n{AFTER[lang]}\n⟦{line}⟧")
    assert kept == wanted


@pytest.mark.parametrize(
    ("lang", "marked"),
    [
        ("en", "Moscow abstained. ⟦Read also: Ferry fares to rise⟧ The OIC said it would wait."),
        ("en", "Moscow abstained. ⟦Read also: Ferry Fares To Rise⟧ Ministers condemned it again."),
        ("id", "Moskow abstain. ⟦Baca juga: Tarif Feri Naik Mulai Mei⟧ Ia menambahkan OKI setuju."),
        ("ru", "Москва молчит. ⟦Читайте также: Паром сел на мель⟧ В ОИС сказали, что ждут ответа."),
        ("ar", "وامتنعت موسكو. ⟦اقرأ أيضا: أسعار العبّارات ترتفع⟧ وأضاف أن المنظمة أيدت الهدنة."),
    ],
)
def test_a_headline_that_nothing_closes_ends_where_the_article_goes_on(lang, marked):
    kept, wanted = kept_and_wanted(lang, f"{BEFORE[lang]} {marked}\n{AFTER[lang]}")
    assert kept == wanted


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Ferry talks open on the island", "Ferry talks open on the island (Photo: Ann Lee)"),
        ("Ferry talks open on the island", "Ferry talks open on the island. Ann Lee / Example"),
        ("محادثات العبّارة في الجزيرة اليوم", "محادثات العبّارة في الجزيرة اليوم (تصوير: أحمد)"),
    ],
)
def test_a_caption_that_repeats_the_title_with_a_credit_is_a_double(title, line):
    text = f"{line}\n{BEFORE['en']}\n{AFTER['en']}"
    cleaned = clean(title, text, "en")
    assert [span.rule for span in cleaned.removed] == ["title_with_credit"]


def test_a_removal_names_its_rule():
    text = f"{BEFORE['en']}\nRead also: Fares to rise\n{AFTER['en']}\n© Example"
    rules = [span.rule for span in clean("Ferry talks", text, "en").removed]
    assert rules == ["en.teasers.read_also.1", "en.lines.copyright.1"]


def test_what_recurs_in_a_source_goes_without_a_rule():
    known = Boilerplate({"isle.example": [Piece(text="Fares 12.", articles=9, share=0.5)]})
    marked = f"{BEFORE['en']} ⟦Fares 30.⟧\n⟦Fares 7.⟧\n{AFTER['en']}"
    kept, wanted = kept_and_wanted("en", marked, boilerplate=known, source="isle.example")
    assert kept == wanted
    kept, _ = kept_and_wanted("en", marked, boilerplate=known, source="other.example")
    assert "Fares30" in kept


def test_times_of_posts_are_known_by_the_page():
    text = f"10:20\n{BEFORE['en']}\n10:35\n{AFTER['en']}"
    removed = clean("Ferry talks", text, "en", times=frozenset({"10:20", "10:35"})).removed
    assert [(span.kind, text[span.start : span.end]) for span in removed] == [
        ("post_time", "10:20"),
        ("post_time", "10:35"),
    ]
