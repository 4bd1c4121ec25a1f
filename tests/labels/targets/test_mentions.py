import pytest

from labels.languages import morphology
from labels.languages.morphology import tokens
from labels.pipeline.command import CONFIGS
from labels.targets import Matcher, forms_of
from labels.targets.read import load_targets

FOLDER = CONFIGS / "target"


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_targets(FOLDER, ["russia", "oic", "gaza_ceasefire"]))


def named(matcher, text, **options):
    words = tokens(text)
    found = matcher.find(words, **options)
    return {key: [text[slice(*hit.span(words))] for hit in hits] for key, hits in found.items()}


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Moscow’s envoy spoke first.", ["Moscow"]),
        ("id", "Menurut Kremlin, Rusialah tuan rumahnya.", ["Kremlin", "Rusialah"]),
        ("ru", "С Россией говорили российские послы.", ["Россией", "российские"]),
        ("ar", "وبروسيا التقى الوزير نظيره للكرملين", ["وبروسيا", "للكرملين"]),
    ],
)
def test_inflected_names_are_found_at_their_places(matcher, lang, text, expected):
    assert named(matcher, text)["russia"] == expected


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Borussia won again, Russia Today reported."),
        ("ru", "Телеканал «Россия 1» показал кино."),
        ("ar", "وفق قناة روسيا اليوم"),
    ],
)
def test_other_names_are_no_mention_of_the_state(matcher, lang, text):
    assert "russia" not in named(matcher, text)


def test_a_dateline_can_be_left_out(matcher):
    text = "MOSKOW - Hujan turun sejak pagi."
    assert "russia" not in named(matcher, text, start=9)
    assert named(matcher, text)["russia"] == ["MOSKOW"]


def test_oki_the_body_is_found_and_oki_the_regency_is_not(matcher):
    assert named(matcher, "KTT OKI dibuka di Jeddah.")["oic"] == ["KTT OKI"]
    assert "oic" not in named(matcher, "Bupati OKI meninjau jalan rusak.")
    assert "oic" not in named(matcher, "Banjir di OKI meluas ke Palembang.")
    assert "oic" not in named(matcher, "Mas Oki pulang kampung.")


def test_a_regency_named_earlier_settles_a_bare_oki(matcher):
    around = ["Hujan deras mengguyur Sumatera Selatan."]
    assert "oic" not in named(matcher, "Warga di OKI mengungsi.", around=around)
    assert "oic" in named(matcher, "Sidang di OKI ditunda.", around=["Sidang di Jeddah."])


def test_an_abbreviation_inside_a_word_is_none(matcher):
    assert "oic" not in named(matcher, "ПОИСК продолжается")
    assert named(matcher, "Генсек ОИС прилетел")["oic"] == ["ОИС"]


def test_russian_long_names_in_every_case(matcher):
    text = "Он выступил перед Организацией исламского сотрудничества."
    assert named(matcher, text)["oic"] == ["Организацией исламского сотрудничества"]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Mediators want a cease-fire in Gaza.", ["cease-fire"]),
        ("id", "Gencatan senjata di Gaza berlaku pagi ini.", ["Gencatan senjata"]),
        ("ru", "О прекращении огня в Газе говорили долго.", ["прекращении огня"]),
        ("ar", "مفاوضات وقف فوري لإطلاق النار في غزة", ["وقف فوري لإطلاق النار"]),
    ],
)
def test_a_truce_in_gaza_is_the_target(matcher, lang, text, expected):
    assert named(matcher, text)["gaza_ceasefire"] == expected


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "A truce in Lebanon was signed by Israel."),
        ("ru", "Перемирие на Украине обсудили в Женеве."),
        ("ar", "اتفاق هدنة جديد في اليمن"),
        ("id", "Gencatan senjata di Sudan gagal."),
        ("en", "They agreed on a truce."),
    ],
)
def test_a_truce_elsewhere_or_nowhere_is_not(matcher, lang, text):
    assert "gaza_ceasefire" not in named(matcher, text)


def test_the_article_settles_a_truce_without_a_place(matcher):
    text = "They agreed on a truce."
    assert "gaza_ceasefire" in named(matcher, text, around=["Rain fell.", "Hamas waited."])
    assert "gaza_ceasefire" not in named(matcher, text, around=["Sudan waited.", "Gaza."])


def test_five_megabytes_in_one_line_end(matcher):
    assert named(matcher, "а" * 5_000_000) == {}


def test_two_ambiguous_names_of_a_sentence_are_settled_by_the_same_neighbours(matcher):
    around = ["Bupati meninjau kebakaran lahan di Kayuagung, Sumatera Selatan."]
    text = "Warga meminta OKI dan Dinas OKI turun tangan."
    assert "oic" not in named(matcher, text, around=around)
    around = ["Hamas and Israel traded fire in Gaza."]
    text = "One truce failed, the next truce held."
    assert named(matcher, text, around=around)["gaza_ceasefire"] == ["truce", "truce"]


@pytest.mark.parametrize(
    "text",
    [
        "The Oceanic Institute of Cartography (OIC) mapped the reef.",
        "An officer-in-charge (OIC) was named on Friday.",
        "Ontario Insurance Council, or OIC, raised its fees.",
        "The OIC (Office of Internal Compliance) filed its report.",
        "In this manual OIC stands for officer in charge.",
        "Отдел информационных систем (ОИС) закупил серверы.",
        "Общество изучения Сибири, сокращённо ОИС, издало карту.",
        "ОИС — отдел инженерных сетей — расформирован.",
        "Olimpiade Komputer Indonesia (OKI) digelar di Bandung.",
        "OKI adalah singkatan dari Orkes Keroncong Irama.",
        "Petugas piket malam itu (OIC) menolak bicara.",
        "افتتح معهد عمان للتأمين (OIC) فرعا جديدا.",
        "وصل الضابط المسؤول (OIC) إلى الموقع.",
    ],
)
def test_an_abbreviation_that_the_text_explains_otherwise_is_not_the_body(matcher, text):
    assert "oic" not in named(matcher, text)


@pytest.mark.parametrize(
    "text",
    [
        "The Organisation of Islamic Cooperation (OIC) met in Banjul.",
        "Leaders of the Organization of Islamic Countries (OIC) met.",
        "The largest Muslim body (OIC) met.",
        "Regional blocs (OIC, the Arab League) met.",
        "OIC: relief must reach the camp",
        "Организация исламского сотрудничества (ОИС) собралась.",
        "ОИС (Организация исламского сотрудничества) осудила удары.",
        "Organisasi Kerja Sama Islam (OKI) mengecam aksi itu.",
        "Oleh karena itu, OKI menunda sidang.",
        "دعت منظمة التعاون الإسلامي (OIC) إلى الهدوء",
    ],
)
def test_an_abbreviation_that_the_text_explains_as_the_body_is_the_body(matcher, text):
    assert "oic" in named(matcher, text)


def test_what_an_abbreviation_stands_for_holds_for_the_article(matcher):
    around = ["The officer in charge (OIC) arrived.", "Rain fell."]
    assert "oic" not in named(matcher, "The OIC signed the log.", around=around)
    around = ["The Organisation of Islamic Cooperation (OIC) met.", "Rain fell."]
    assert "oic" in named(matcher, "The OIC signed the log.", around=around)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Envoys of the O.I.C. flew to Doha.", ["O.I.C."]),
        ("The O. I. C. rejected the plan.", ["O. I. C."]),
        ("Oic ministers met on Monday.", ["Oic"]),
        ("the oic met muslim leaders", ["oic"]),
        ("Utusan O.K.I. tiba di Jakarta.", ["O.K.I."]),
        ("negara anggota oki mengecam serangan", ["oki"]),
        ("Оис осудила удары по лагерю.", ["Оис"]),
        ("посол оис прибыл в джидду", ["оис"]),
        ("𝐎𝐈𝐂 and ＯＩＣ", ["𝐎𝐈𝐂", "ＯＩＣ"]),
    ],
)
def test_an_abbreviation_may_be_spelled_otherwise(matcher, text, expected):
    assert named(matcher, text)["oic"] == expected


@pytest.mark.parametrize(
    "text", ["oki sudah makan siang", "Oki Rengga tampil malam ini.", "oic, now i get it"]
)
def test_in_small_letters_it_needs_a_context(matcher, text):
    assert "oic" not in named(matcher, text)


@pytest.mark.parametrize(
    "text",
    [
        "Dilansir The Moscow Times, dua orang tewas.",
        "Об этом пишет «Москоу таймс».",
        "نقلت صحيفة موسكو تايمز عن شهود",
        "Four students were killed in Moscow, Idaho.",
        "Студентов убили в городе Москва, штат Айдахо.",
        "قتل أربعة طلاب في موسكو بولاية أيداهو",
        "Teen dies playing Russian roulette.",
        "Remaja tewas saat main rolet Rusia.",
        "مقتل مراهق أثناء لعب الروليت الروسي",
        "Serve it with Russian dressing and a Moscow mule.",
        "Он заказал салат «Московский».",
        "Medvedev beat Zverev in five sets.",
        "Petenis Medvedev juara di Shanghai.",
        "Медведев проиграл Алькарасу на турнире.",
        "خسر ميدفيديف في نصف نهائي ويمبلدون",
        "Даниил Медведев дал интервью.",
    ],
)
def test_what_only_sounds_like_the_state_is_not(matcher, text):
    assert "russia" not in named(matcher, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Medvedev threatened the West again.", ["Medvedev"]),
        ("Медведев пригрозил Западу.", ["Медведев"]),
        ("ميدفيديف يهدد الغرب", ["ميدفيديف"]),
        ("Medvedev mengancam Barat.", ["Medvedev"]),
        ("Dmitry Medvedev watched a tennis match.", ["Dmitry Medvedev"]),
        ("Moscow fined The Moscow Times.", ["Moscow"]),
        ("أعلن الکرملین موعد الزیارة", ["الکرملین"]),
        ("Росси́я и Рос\u00adсия", ["Росси́я", "Рос\u00adсия"]),
        ("رُوسِيَا وروســـيا وﺭﻭﺳﻴﺎ", ["رُوسِيَا", "وروســـيا", "وﺭﻭﺳﻴﺎ"]),
        ("ᴘᴜᴛɪɴ, 𝓜𝓸𝓼𝓬𝓸𝔀, Ⓚⓡⓔⓜⓛⓘⓝ", ["ᴘᴜᴛɪɴ", "𝓜𝓸𝓼𝓬𝓸𝔀", "Ⓚⓡⓔⓜⓛⓘⓝ"]),
    ],
)
def test_the_state_is_found_beside_them_and_in_any_letters(matcher, text, expected):
    assert named(matcher, text)["russia"] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The RSF rejected the humanitarian truce.",
        "M23 and Kinshasa signed a truce in Doha.",
        "Gencatan senjata Thailand dan Kamboja dilanggar.",
        "Jeda kemanusiaan di Sudan ditolak tentara.",
        "Перемирие в Мьянме сорвано.",
        "Торговое перемирие продлено, пока в Газе тихо.",
        "رفض الجيش السوداني الهدنة الإنسانية",
        "وقع متمردو الكونغو هدنة في الدوحة",
        "The trade truce was extended; Gaza waits.",
    ],
)
def test_other_truces_are_not_that_of_gaza(matcher, text):
    assert "gaza_ceasefire" not in named(matcher, text)


def test_with_the_forms_at_hand_all_is_found_that_the_analyser_would_find(matcher, monkeypatch):
    russian = forms_of(matcher.targets)
    assert {"российскими", "российская"} < set(russian["российский"])
    assert russian == dict(sorted(russian.items()))

    def refuse():
        raise AssertionError("the analyser was asked")

    monkeypatch.setattr(morphology, "_morph", refuse)
    other = Matcher(matcher.targets, russian)
    texts = [f"{form} Газа" for forms in russian.values() for form in forms]
    texts += [f"В Газе объявлено {form}." for form in russian["перемирие"]]
    texts += ["После прекращения огня в Газе ОИС и Путин о войне молчат."]
    found = [named(other, text) for text in texts]
    assert found == [named(matcher, text) for text in texts]
    assert found[-1].keys() == {"russia", "oic", "gaza_ceasefire"}


def test_a_word_without_forms_is_no_word_that_stays_as_it_is(matcher):
    with pytest.raises(KeyError, match="россия"):
        Matcher(matcher.targets, {})


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("russia", "Роскомнадзор замедлил работу мессенджера."),
        ("russia", "Об этом рассказал Ушаков после переговоров."),
        ("russia", "Брифинг Захаровой перенесли на пятницу."),
        ("russia", "«Газпром» возобновил прокачку по второй нитке."),
        ("russia", "По данным Росстата, цены выросли."),
        ("russia", "Глава Ростеха посетил завод в Казани."),
        ("russia", "Российско-китайские учения начались у побережья."),
        ("russia", "С русскими они торгуют сорок лет."),
        ("russia", "Совет Федерации одобрил закон о бюджете."),
        ("russia", "Володин ответил на критику в соцсетях."),
        ("russia", "Россия 24 февраля 2022 года начала вторжение."),
        ("russia", "Россия сегодня объявила о новых поставках."),
        ("russia", "أعلنت روسيا، اليوم الثلاثاء، خفض إنتاجها."),
        ("russia", "قالت روسيا اليوم إنها لن تتراجع."),
        ("russia", "غازبروم ترفع صادراتها إلى المجر."),
        ("russia", "أقر مجلس الدوما القانون في القراءة الثالثة."),
        ("russia", "التقى رودينكو نظيره في هانوي."),
        ("russia", "وصل ميشوستين إلى بكين مساء أمس."),
        ("russia", "صرحت نابيولينا بأن الفائدة ستبقى كما هي."),
        ("russia", "أبرمت روساتوم عقدا مع القاهرة."),
        ("russia", "Russia today denied any role in the incident."),
        ("russia", "Rosatom will build two reactors in Hungary."),
        ("russia", "Gazprom cut flows to Austria."),
        ("russia", "Matviyenko met the speaker of Vietnam's assembly."),
        ("russia", "The Russo-Ukrainian war entered its fourth year."),
        ("russia", "The State Duma passed the bill."),
        ("russia", "Rosneft menunda pembangunan kilang."),
        ("russia", "Gazprom menaikkan harga untuk pembeli Asia."),
        ("russia", "Duta Besar Tolchenov mengunjungi pesantren."),
        ("russia", "Ekspor ke Negeri Beruang Merah naik."),
        ("oic", "Hissein Brahim Taha arrived in Islamabad."),
        ("oic", "The 57-member bloc met behind closed doors."),
        ("oic", "The 57-nation body asked for more time."),
        ("oic", "Blok beranggotakan 57 negara itu bersidang lagi."),
        ("oic", "Sidang Dewan Menteri Luar Negeri OKI dibuka."),
        ("oic", "التقى حسين إبراهيم طه وزير الخارجية الماليزي."),
        ("oic", "أدانت المنظمة الإسلامية حرق المصحف."),
        ("oic", "Хиссейн Брахим Таха посетил Ташкент."),
        ("oic", "Исламский блок из 57 стран осудил удар."),
        ("oic", "القمة الإسلامية تختتم أعمالها في بانجول."),
        ("gaza_ceasefire", "Hamas accepted the Gaza deal."),
        ("gaza_ceasefire", "Qatar works to extend the pause in Gaza."),
        ("gaza_ceasefire", "Israel agreed to daily pauses near Rafah."),
        ("gaza_ceasefire", "The war in Gaza must end, the bishop said."),
        ("gaza_ceasefire", "Silence the guns, the envoy told Israel and Hamas."),
        ("gaza_ceasefire", "طالبت باريس بوقف النار في غزة."),
        ("gaza_ceasefire", "المرحلة الثانية من اتفاق غزة تبدأ قريبا."),
        ("gaza_ceasefire", "أيدت الدول وقفا فوريا لإطلاق النار في القطاع."),
        ("gaza_ceasefire", "استؤنفت مفاوضات غزة في القاهرة."),
        ("gaza_ceasefire", "О гуманитарной паузе в Газе договорились ночью."),
        ("gaza_ceasefire", "Бои в секторе прекратились, прекращения боев требовали заложники."),
        ("gaza_ceasefire", "Каир добивается тишины в Газе."),
        ("gaza_ceasefire", "Соглашение по Газе подписали в Шарм-эш-Шейхе."),
        ("gaza_ceasefire", "В Рафахе ждут перемирия."),
        ("gaza_ceasefire", "Jeda tempur 10 jam di Gaza dimulai pagi ini."),
        ("gaza_ceasefire", "Kesepakatan Gaza diteken di Mesir."),
        ("gaza_ceasefire", "Mereka menuntut perang di Gaza segera dihentikan."),
    ],
)
def test_state_bodies_people_and_turns_of_phrase_are_found(matcher, target, text):
    assert target in named(matcher, text)


@pytest.mark.parametrize(
    "text",
    [
        "На Кремлевской набережной столкнулись два автобуса.",
        "Курс русского языка открыли в Дакаре.",
        "Она любит русскую литературу и чай.",
        "Минобороны Турции опровергло сообщения о потерях.",
        "Самарский зоопарк принял тигренка.",
        "Жители Москвы жалуются на шум по ночам.",
        "Пробки на юге Москвы достигли девяти баллов.",
        "На Московской бирже подорожали облигации.",
        "Капитан круизной «России» отменил стоянку.",
        "Купил билеты в кинотеатр «Россия».",
        "Ведущий телеканала «Россия 24» ушел в отпуск.",
        "Гендиректор МИА «Россия сегодня» дал интервью.",
        'بثت قناة "روسيا اليوم" مقابلة مع لاعب مغربي.',
        "ونقل موقع روسيا اليوم الخبر عن شهود.",
        "قصف الطيران بلدة دوما شرق دمشق.",
        "فاز نوفاك ديوكوفيتش بالمباراة الأولى.",
        "She worked for Russia Today for two years.",
        "Novak Djokovic beat Medvedev in straight sets at Wimbledon.",
        "Duma is a village on the lake.",
        "A cup of white Russian, please.",
        "Kejaksaan Negeri OKI menahan dua orang.",
        "Tol OKI macet karena truk terguling.",
        "القمة العربية الإسلامية المشتركة تنعقد في الرياض.",
        "The Arab-Islamic summit condemned the strike.",
        "An armed Islamic organisation claimed the attack.",
        "Iran and Israel agreed on a ceasefire.",
        "Иран и Израиль объявили о прекращении огня.",
        "Oil fell as the Israel-Iran truce held.",
        "Let me pause there and take your questions on Gaza.",
        "Jeda iklan terlalu lama.",
        "خطوط الهدنة لعام 1949 بين مصر وإسرائيل.",
        "The tariff pause lasts 90 days.",
    ],
)
def test_what_sounds_like_them_names_no_target(matcher, text):
    assert named(matcher, text) == {}
