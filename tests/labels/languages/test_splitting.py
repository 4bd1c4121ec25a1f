import random
import time

import pytest

from labels.languages import LANGUAGES
from labels.languages.splitting_rules import rules_of
from labels.segment import split_text

# In each case a bar stands for the space between two sentences, a double bar where it is missing.
INDONESIAN = [
    "Ir. H. Bambang Sutomo hadir.|Prof. Dr. Rini Lestari tidak.",
    "Drs. Joko dan Hj. Siti datang ke Jl. Jend. Sudirman No. 5.|Mereka pulang pukul 10.30 WIB.",
    "Laba PT Maju Jaya Tbk. naik 1.000 persen.|Namun sahamnya turun.",
    "Ia membeli beras, gula, dll. di pasar.|Lalu ia pulang.",
    "Mereka membawa beras, gula, dll.|Lalu mereka pulang ke desa.",
    "“Kami siap berunding.|Tidak ada yang kami sembunyikan,” kata Menteri.",
    '"Mengapa baru sekarang?" tanya Hakim Rudi.|Saksi diam.',
    "“Hentikan!” seru warga.|Polisi datang.",
    "Bab itu ada di hlm. 12.|Bacalah.",
    "Suhu naik 2 C.|Petani cemas.",
    "Hotel itu milik Tn. Wijaya.|Ny. Wijaya mengelolanya.",
    "Acara digelar 12. 3. 2022 di Solo.|Semua hadir.",
    "1. Harga beras naik.|2. Harga gula turun.",
    "Pasal 3 UU No. 5 Tahun 1999 berlaku.|Begitu bunyinya.",
    "Kombes. Pol. Andi memimpin.|Ia tegas.",
    "Buka detik.com, lalu pilih menu.|Selesai.",
    "Warga Surabaya senang.‖Mereka berterima kasih.",
    "Ia tinggal di Washington D.C.|Dia bekerja di sana.",
    "Jadi begini...|Kami tunda.",
    "Ia bilang ya... tapi tidak yakin.",
    "Plt. Bupati M. Hasan menolak.|Ia heran.",
    "Siapa yang menang?!|Belum jelas.",
]
ARABIC = [
    "قال د. محمد الحسن إن الاجتماع تأجل.|وأضاف أ.د. علي أن السبب تقني.",
    "ورد ذلك في ص. 45 من التقرير.|والتقرير منشور.",
    "أعلنت ج.م.ع موقفها.|ثم صمتت.",
    "هل وصلت القافلة؟|لا أحد يعرف.",
    '"متى ينتهي هذا؟" قال المزارع.|ثم جلس.',
    "وقالت: «نحن هنا.|وسنبقى هنا».|ثم غادرت.",
    "كان الطقس جيداً؛ فخرج الناس إلى الشاطئ.",
    "حرب طويلة.. وسلام بعيد",
    "جاء الوفد متأخراً... لكنه وقّع.|ثم غادر.",
    "باعت شركة Acme Inc. حصتها.|وارتفع السهم.",
    "بُني السور عام 500 ق.م. تقريباً.|وما زال قائماً.",
    "الرئيس قال كلمته.‖وغادر القاعة مسرعاً.",
    "اشترى تفاحاً وبرتقالاً... إلخ.|ثم عاد.",
    "هل هذا كل شيء؟!|نعم.",
    "إلى متى الصمت؟ يتساءل الكاتب.|ثم يجيب.",
    "أعلنت كتائب القـ.ـسام بيانها.|ثم صمتت.",
    "الموقع هو العربية.نت كما قيل.",
]
RUSSIAN = [
    "А. С. Иванов приехал в г. Тверь.|Он выступил на ул. Садовой, д. 5.",
    "Выступил Петров А. С.|Он был краток.",
    "Доход вырос до 5 млн руб. в месяц.|Налоги тоже выросли.",
    "Завод построен в 1956 г.|Рабочие жили рядом.",
    "Одновременно в начале 1970-х гг. Сидоров открыл школу.|Она жива.",
    "В 2013 г. Дания вышла из проекта.|Швеция осталась.",
    "На обед он молча взял хлеб, сыр и т. д.|Потом ушёл домой.",
    "Это т.н. «серая зона», т.е. ничья земля.|Так её зовут.",
    "Школа им. Гагарина закрыта.|Дети дома.",
    "«Когда это кончится?» — спросил фермер.|Никто не ответил.",
    "«Хватит!» — Сидоров о ценах",
    "«Мы готовы.|Ждём ответа», — сказала она.|Ответа нет.",
    "По ст. 5 закона он невиновен.|Суд согласился.",
    "См. рис. 3 на стр. 12.|Там всё показано.",
    "Крепость основана в VI в. до н. э. греками.|Потом её забыли.",
    "Ура! 🎉|Мы победили.",
    "🔴 Пожар в порту.|🔴 Жертв нет.",
    "**Пожар потушен.**|Причины выясняют.",
    "Он сказал.‖Она ответила.",
    "Сайт Газета.Ру обновился.|Дизайн новый.",
    "Победа!!!|Город ликует.",
    "Он думал... и молчал.",
    "Так пишут в книге.[12]|Книга старая.",
    "Проф. Смирнов не пришёл.|Акад. Орлов тоже.",
]
ENGLISH = [
    "Mr. Smith met Gen. Jones in Washington, D.C. on Monday.|They talked.",
    "The U.S. President spoke.|He left at 5 p.m. EST.",
    "She works for the U.N.|It pays well.",
    "Gen. (ret.) Lee visited.|A photo (XYZ/D. Lee) shows it.",
    "What a game!|🔴 The show starts.",
    "Acme Inc. bought Widget Corp. for $5.2 million.|The deal closed on Jan. 5.",
    '"Is it over?" President Miller asked.|No one spoke.',
    '"Stop!" he shouted.|They stopped.',
    "“We will not leave.|We belong here,” she said.",
    "He cited Art. 5 of the treaty, i.e. the pact.|Nobody objected.",
    "J. K. Rowan wrote it.|George W. Stone read it.",
    "Yahoo! News reported it.|Others followed.",
    "See No. 7 on p. 12.|It is clear.",
    "He lives in St. Louis.|She does not.",
    "The firm (est. 1990) grew fast.|Then it fell.",
    "They left (nobody knows why).|We stayed.",
    "Was it cheap (!) or not?|Ask him.",
    "He has a Ph.D. in physics.|She has none.",
    "They sell iron, coal, etc. to China.|China pays.",
    "Costs rose 3.5 percent.|2024 was worse.",
    "Fans love the phone.|iPhone sales doubled.",
    "Go to https://example.org/a.b?c=d.|It works.",
    "Great news!!|#Peace talks resume.",
    "Talks resume today. #Peace #Hope",
    "Aims: 1. Peace 2. Bread",
    "• One point|• Another point",
    "Smith v. Jones was heard.|Mr. Jones lost.",
    "The sample, e.g. John's, was lost.|Too bad.",
]
CASES = [
    (lang, case)
    for lang, cases in {"id": INDONESIAN, "ar": ARABIC, "ru": RUSSIAN, "en": ENGLISH}.items()
    for case in cases
]


def pieces(text: str, lang: str) -> list[str]:
    return [text[start:end] for start, end in split_text(text, lang)]


@pytest.mark.parametrize(("lang", "case"), CASES)
def test_splits_where_the_bars_stand(lang, case):
    text = case.replace("|", " ").replace("‖", "")
    assert pieces(text, lang) == case.replace("‖", "|").split("|")


def test_a_blank_line_ends_a_sentence_and_a_line_break_does_not():
    assert pieces("one line\nand its end\n\nA new one", "en") == [
        "one line\nand its end",
        "A new one",
    ]


def test_arabic_pause_ends_a_sentence_that_has_grown_long():
    long = "كلمة " * 50 + "أخيرة.."
    assert pieces(f"{long} ثم بداية جديدة", "ar") == [long, "ثم بداية جديدة"]


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200f", "...", "؟ ؟", "🔴", "\x00", '"', "«»"])
def test_text_without_words_is_at_most_one_sentence(text):
    assert pieces(text, "ar") == ([text] if text.strip() else [])


def test_unknown_language_is_split_by_the_rules_of_english():
    assert pieces("Herr A. Stein kommt. Er bleibt.", "xx") == ["Herr A. Stein kommt.", "Er bleibt."]


def test_every_language_has_rules_without_conflict_of_case():
    for lang in LANGUAGES:
        assert "Dr" in rules_of(lang).titles
        assert "DR" in rules_of(lang).titles


@pytest.mark.parametrize("lang", LANGUAGES)
def test_spans_are_ordered_disjoint_trimmed_and_cover_all_but_white_space(lang):
    rng = random.Random(7)
    alphabet = list("aB1 .!?…\"'«»“”()[]*_-–—•\n\u2029\u200f\u202e\x00\u0301дЖعم؟،ـ🔴😀🎉#@/:") + [
        " No. ",
        " т. е. ",
        " د. ",
        "https://x.y ",
        "...",
        ". ",
        "? ",
    ]
    for _ in range(3000):
        text = "".join(rng.choices(alphabet, k=rng.randrange(40)))
        spans = split_text(text, lang)
        last = 0
        for start, end in spans:
            assert last <= start < end
            assert not text[last:start].strip()
            assert text[start:end] == text[start:end].strip()
            last = end
        assert not text[last:].strip()


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "A. ",
        ".",
        "? ",
        '."',
        '(". B ',
        "#a. ",
        "1. ",
        "«А. ",
        "\n ",
        "د. ",
        "** ",
        "](",
        "[1]",
    ],
)
@pytest.mark.parametrize("lang", ["ar", "ru"])
def test_time_grows_with_the_length_of_a_line_and_not_faster(unit, lang):
    line = unit * (200_000 // len(unit))
    started = time.perf_counter()
    split_text(line, lang)
    assert time.perf_counter() - started < 10


def test_a_line_of_initials_is_split_in_seconds():
    started = time.perf_counter()
    assert len(split_text("A. " * 1_000_000, "en")) == 1
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", ["Ｔｈｅ ｍａｙｏｒ ｌｅｆｔ．", "The band stayed！", "𝐑𝐚𝐢𝐧 fell."]),
        ("en", ["𝗠𝗿. 𝗕𝗿𝗼𝘄𝗻 sang.", "𝘛𝘩𝘦 𝘩𝘢𝘭𝘭 was full."]),
        ("id", ["Wali kota pergi．", "Ｂａｎｄ itu tinggal？"]),
        ("ru", ["Мэр ушёл．", "Музыканты остались。"]),
        ("ar", ["غادر العمدة．", "وبقي الحضور。"]),
    ],
)
def test_full_width_marks_end_sentences_and_styled_letters_begin_them(lang, expected):
    text = " ".join(expected)
    assert [text[start:end] for start, end in split_text(text, lang)] == expected


def test_an_ideographic_stop_needs_no_space():
    text = "The mayor left。The band stayed。"
    assert [text[start:end] for start, end in split_text(text, "en")] == [
        "The mayor left。",
        "The band stayed。",
    ]
