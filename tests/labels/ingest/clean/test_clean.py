import pytest

from labels.ingest.clean.clean import clean
from labels.ingest.clean.compact import compact
from labels.languages import LANGUAGES
from labels.pipeline.errors import ConfigError

BODY = "Menteri itu tiba di ibu kota pada Selasa pagi dan langsung bertemu tuan rumah."


def kept(text, lang, title=None, **options):
    cleaned = clean(title, text, lang, **options)
    return [(block.kind.value, text[block.start : block.end]) for block in cleaned.blocks]


def removed(text, lang, title=None, **options):
    cleaned = clean(title, text, lang, **options)
    return [(span.kind, text[span.start : span.end].strip()) for span in cleaned.removed]


def test_a_doubled_title_stands_once_and_as_title():
    text = f"Menteri Tiba\n\nMenteri Tiba\n\n{BODY}\n"
    assert kept(text, "id", find_title=True) == [("title", "Menteri Tiba"), ("body", BODY)]
    assert removed(text, "id", find_title=True) == [("doubled_title", "Menteri Tiba")]


def test_a_known_title_is_dropped_from_the_text():
    text = f"Menteri Tiba \n\n {BODY}"
    assert kept(text, "id", title="Menteri tiba!") == [("body", BODY)]


def test_a_first_line_that_is_a_sentence_is_no_title():
    text = f"{BODY}\nBaris kedua juga sebuah kalimat yang cukup panjang untuk berdiri sendiri."
    assert [kind for kind, _ in kept(text, "id", find_title=True)] == ["body", "body"]


def test_lines_before_the_title_are_no_title():
    text = (
        f"OPINION\nThe Long Road Home for Two Bakers\nAna Perdue\n3 May 2024 – 4 min read\n{BODY}"
    )
    assert kept(text, "en", find_title=True) == [
        ("title", "The Long Road Home for Two Bakers"),
        ("body", BODY),
    ]


@pytest.mark.parametrize(
    ("lang", "line", "kind"),
    [
        ("id", "SCROLL TO CONTINUE WITH CONTENT", "promotion"),
        ("id", "Baca Juga: Harga Telur Turun di Pasar Lama", "read_also"),
        ("id", "Simak Video 'Banjir di Kota Lama':", "video"),
        ("id", "ADVERTISEMENT", "advertisement"),
        ("ar", "اقرأ أيضاً: أسعار البيض تنخفض في السوق القديم", "read_also"),
        ("ar", "مشاركة عبر: فيسبوك واتساب", "share_bar"),
        ("ru", "Читайте также: цены на яйца снова упали", "read_also"),
        ("ru", "🔴 [Подписаться на наш канал](https://t.me/example)", "promotion"),
        ("ru", "Поделиться: ВКонтакте Telegram", "share_bar"),
        ("en", "Read more: egg prices fall again", "read_also"),
        ("en", "© 2024 The Example Post", "copyright"),
    ],
)
def test_clutter_between_paragraphs_goes_and_is_counted(lang, line, kind):
    text = f"{BODY}\n{line}\nBaris terakhir memuat isi berita yang sebenarnya dan tetap ada."
    assert removed(text, lang, title="Satu judul") == [(kind, line)]
    assert len(kept(text, lang, title="Satu judul")) == 2


@pytest.mark.parametrize(
    ("lang", "heading", "kind"),
    [
        ("id", "Komentar Terbanyak", "most_commented"),
        ("ar", "اخترنا لك", "editors_choice"),
        ("ru", "Самое читаемое", "most_commented"),
    ],
)
def test_what_follows_a_closing_heading_goes_to_the_end(lang, heading, kind):
    text = f"{BODY}\n{heading}\nJudul lain yang tak terkait\nSatu lagi"
    assert kept(text, lang, title="Satu judul") == [("body", BODY)]
    assert [found for found, _ in removed(text, lang, title="Satu judul")] == [kind] * 3


def test_a_closing_heading_in_the_middle_spares_the_article_after_it():
    rest = "\n".join(f"Paragraf {n} tetap dipertahankan. {BODY} {BODY}" for n in range(9))
    assert len(kept(f"{BODY}\nKomentar Terbanyak\n{rest}", "id", title="Satu judul")) == 10


def test_headlines_after_a_heading_go_but_the_next_sentence_stays():
    text = f"{BODY}\nBaca Juga\nHarga Telur Turun di Pasar Lama\n{BODY[:-1]} lagi."
    assert [text for _, text in kept(text, "id", title="Satu judul")] == [
        BODY,
        f"{BODY[:-1]} lagi.",
    ]


@pytest.mark.parametrize(
    ("lang", "tail"),
    [
        ("id", " [] Rep"),
        ("id", " (abc/def)"),
        ("ar", " (أ ف ب)"),
        ("ru", " Читайте нас в Telegram."),
    ],
)
def test_a_tail_is_cut_from_the_end_of_a_paragraph(lang, tail):
    text = f"Kalimat pertama tentang pertemuan itu.\n{BODY}{tail}"
    assert kept(text, lang, title="Satu judul")[-1] == ("body", BODY)


def test_a_section_name_alone_at_the_end_goes():
    assert removed(f"{BODY}\n\nInternasional", "id", title="Satu judul") == [
        ("section_name", "Internasional")
    ]


def test_captions_stay_and_are_tagged_without_their_bullet():
    caption = "الوزير يلتقي ضيفه في القصر (أ ف ب)."
    text = f"  • {caption}\n\nقال الوزير اليوم إن المحادثات كانت طويلة ومفيدة للجميع."
    assert kept(text, "ar", title="لقاء")[0] == ("caption", caption)


def test_an_agency_at_the_end_of_the_article_is_no_caption():
    text = "وصل الوفد أمس إلى العاصمة.\nقال الوزير إن المحادثات كانت مفيدة. (رويترز)"
    assert kept(text, "ar", title="لقاء")[-1] == ("body", "قال الوزير إن المحادثات كانت مفيدة.")


def test_a_post_that_begins_like_a_teaser_is_kept():
    text = "WATCH: The mayor opened the new bridge on Friday."
    assert kept(text, "en") == [("body", text)]


def test_a_photo_credit_in_a_line_splits_it():
    text = "Глава города открыл мост (Фото: Иван Примеров / РБК) Движение началось в полдень."
    assert [text for _, text in kept(text, "ru", title="Мост")] == [
        "Глава города открыл мост",
        "Движение началось в полдень.",
    ]


def test_a_line_of_five_megabytes_is_one_block():
    text = "(Foto: a/b) kata «кавычки» [x](y) baca juga: " * 110_000
    assert len(text) > 4_900_000
    for lang in LANGUAGES:
        assert len(clean(None, text, lang).blocks) == 1


def test_an_unknown_language_is_a_setting_to_mend():
    with pytest.raises(ConfigError, match="expected one of ar, en, id, ru, got 'fr'"):
        clean(None, "Bonjour.", "fr")


HEADLINE = "Menteri Tiba di Ibu Kota Saat Hujan"


@pytest.mark.parametrize(
    "above",
    [
        ["Kolom"],
        ["Utama → Politik"],
        ["The Example Gazette", "Home  World  Sport  Food  Weather"],
        ["12 Maret 2024, 10:20"],
    ],
)
def test_mastheads_and_dates_above_the_title_are_no_title(above):
    text = "\n".join([*above, HEADLINE, BODY])
    assert kept(text, "id", find_title=True) == [("title", HEADLINE), ("body", BODY)]


def test_a_name_of_an_outlet_alone_is_still_a_title_when_no_other_follows():
    text = f"The Example Gazette\n{BODY}"
    assert kept(text, "en", find_title=True)[0] == ("title", "The Example Gazette")


def test_a_short_line_goes_from_the_head_only_if_a_date_follows_it():
    head = f"{HEADLINE}\nDosen, tinggal di Medan\n"
    dated = f"{head}Jumat, 25 Agustus 2023 06.00 WIB\n{BODY}"
    assert kept(dated, "id", find_title=True)[1:] == [("body", BODY)]
    assert kept(f"{head}{BODY}", "id", find_title=True)[1][1] == "Dosen, tinggal di Medan"


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("ru", "Подпись к фото: |Очередь у моста.| Фото предоставлено фондом «Мост»"),
        ("ru", "Фото: |Сотрудники ждут у ворот завода.| Архив «МК»"),
        ("ru", "На снимке: |жители смотрят на новый мост|"),
        ("en", "|People wait at the new bridge.| (photo credit: Ann Lee)"),
        ("id", "|Warga menunggu di jembatan baru.| Foto: Dok. Warta"),
    ],
)
def test_the_label_and_the_credit_of_a_caption_are_cut_off(lang, line):
    _, caption, _ = line.split("|")
    line = line.replace("|", "")
    assert ("caption", caption) in kept(f"{BODY}\n{line}\n{BODY} Lagi.", lang, title="Satu judul")


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("ru", "Фото: Иван Примеров / Агентство"),
        ("ru", "Фото: пресс-служба завода в нашем городе"),
        ("id", "Foto: Dinas Kota"),
        ("en", "(XYZ Photo/Ann Lee)"),
        ("en", "[ Scroll down to continue reading ]"),
        ("ar", "<< إعلان >>"),
        ("ru", "<реклама> Мосты недорого"),
    ],
)
def test_credits_and_labels_in_brackets_go_as_whole_lines(lang, line):
    assert len(kept(f"{BODY}\n{line}\n{BODY} Lagi.", lang, title="Satu judul")) == 2


def test_an_emoji_opens_its_sentence_and_a_list_bullet_does_not():
    text = "---\n🔴 Мост открыт сегодня утром\n▪️ Рабочие довольны"
    assert kept(text, "ru") == [
        ("body", "🔴 Мост открыт сегодня утром"),
        ("body", "Рабочие довольны"),
    ]


def test_lines_broken_at_a_fixed_width_become_one_paragraph():
    wrapped = "\n".join(
        ["The minister said that the talks about the new", "bridge would go on,"] * 6
    )
    text = f"{wrapped}\nand ended there.\n\nA new paragraph follows."
    assert [len(block.split("\n")) for _, block in kept(text, "en", title="Talks")] == [13, 1]
    cleaned = clean("Talks", text, "en")
    _, stored, _ = compact("Talks", text, cleaned)
    assert stored.split("\n")[1] == "A new paragraph follows."


def test_lines_that_end_their_sentences_are_paragraphs_of_their_own():
    text = "\n".join(f"The minister said so on day {n}." for n in range(20))
    assert len(kept(text, "en", title="Talks")) == 20


QUESTION = "What did the ferry owners of the nine ports say to you about the fares for the spring?"
MEAL = (
    "Breakfast: oatmeal with blueberries and honey, two boiled eggs, a large glass of orange juice."
)
ITEM = "- Fares of the ferry that crosses from the old port to the island in summer and winter."
HEADING = "How the Owners of the Ferries in Nine Ports Will Divide the Money for the New Piers"
PROSE = "The owners of the ferries will divide the money for the new piers by summer, he said."
MORE = "Some of them would rather wait until the port office has read the second report."


@pytest.mark.parametrize("line", [QUESTION, MEAL, ITEM, HEADING])
def test_what_may_be_said_again_stays(line):
    text = "\n".join([BODY, MORE, "One.", "Two.", line, f"{BODY} Yes.", line, f"{MORE} No."])
    assert removed(text, "en", title="Ferries") == []


@pytest.mark.parametrize(
    "lines",
    [
        [BODY, PROSE, MORE, PROSE],
        [BODY, HEADING, HEADING, MORE],  # right after the first
        [HEADING, BODY, MORE, HEADING, "The end came."],  # above the article
    ],
)
def test_a_second_copy_of_a_paragraph_goes(lines):
    double = next(line for line in lines if lines.count(line) == 2)
    assert removed("\n".join(lines), "en", title="Ferries") == [("doubled_line", double)]


def test_a_text_that_stands_twice_stands_once():
    lines = [BODY, MORE, "One.", "Two.", QUESTION, PROSE, MEAL]
    again = [BODY, MORE, QUESTION, PROSE, MEAL]
    found = removed("\n".join([*lines, *again]), "en", title="Ferries")
    assert [text for _, text in found] == again


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("ru", "Торжественный пуск парома состоялся 12 июня 1961 года."),
        ("ru", "Он утонул 3 мая 1955 года."),
        ("id", "Dermaga itu dibuka untuk umum pada 12 Juni 1961."),
        ("en", "The pier was opened on 12 June 1961."),
        ("ar", "جرى تدشين الرصيف القديم في 12 نيسان 1961."),
    ],
)
def test_a_last_sentence_with_a_date_is_no_date_line(lang, sentence):
    assert kept(f"{BODY}\n{sentence}", lang, title="Satu judul")[-1] == ("body", sentence)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("ru", "Каир, 3 июня 2024 г."),
        ("ru", "3 июня 2024 года"),
        ("id", "Senin, 12 Mei 2025."),
        ("id", "12 Mei 2025, 10:15 WIB"),
        ("en", "THE OLD PORT, June 12, 1961."),
        ("ar", "12 نيسان 2024"),
    ],
)
def test_a_date_line_at_the_end_goes(lang, line):
    assert removed(f"{BODY}\n{line}", lang, title="Satu judul") == [("time", line)]


def test_capitalised_words_at_the_end_are_a_name_unless_the_text_has_them_small():
    text = f"{BODY} Para pedagang menunggu di pasar murah.\n{{}}"
    assert len(kept(text.format("Pasar Murah Dibuka"), "id", title="Satu judul")) == 2
    assert removed(text.format("Rina Contoh"), "id", title="Satu judul") == [
        ("reporter", "Rina Contoh")
    ]


@pytest.mark.parametrize(
    ("lang", "teaser", "sentence"),
    [
        (
            "id",
            "Baca Juga: Tarif Feri Naik Lagi di Pelabuhan Lama",
            "Rapat itu akan dilanjutkan pekan depan di Ankara.",
        ),
        (
            "id",
            "Baca juga: Tarif feri naik tajam di pelabuhan lama",
            "Rapat itu akan dilanjutkan pekan depan.",
        ),
        (
            "ru",
            "Читайте также: Цены на паром снова выросли",
            "Капитан порта откроет переправу на следующей неделе.",
        ),
        (
            "en",
            "Read More: Ferry Fares Rise in the Old Port",
            "Owners will meet on the island again next spring.",
        ),
    ],
)
def test_a_headline_without_a_stop_leaves_the_next_sentence(lang, teaser, sentence):
    text = f"{BODY} {teaser} {sentence}"
    assert removed(text, lang, title="Satu judul") == [("read_also", teaser)]
    assert kept(text, lang, title="Satu judul")[-1] == ("body", sentence)


def test_where_a_headline_may_end_in_two_places_only_its_label_goes():
    text = (
        f"{BODY} Читайте также: Цены на паром Капитан порта сказал, что Хозяин парома ждёт весну."
    )
    assert [text for _, text in removed(text, "ru", title="Satu judul")] == ["Читайте также:"]


def test_a_signature_ends_a_paragraph_in_the_middle():
    text = f"{BODY} (abc/xyz)\n{BODY[:-1]} lagi."
    assert removed(text, "id", title="Satu judul") == [("reporter", "(abc/xyz)")]
