import pytest

from labels.languages import LANGUAGES
from labels.languages.detect import detect, is_transliterated, judge, main_script, normalize


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Menteri luar negeri tiba di Moskow pada hari Senin.", "id"),
        ("Menteri luar akan bertemu dengan rakan sejawatannya esok kerana perjanjian itu.", "id"),
        ("قال الوزير إن المحادثات كانت مفيدة.", "ar"),
        ("Министр заявил, что переговоры были полезными.", "ru"),
        ("The minister said that the talks had been useful.", "en"),
        ("Президент заявив, що її країна хоче миру і спокою.", "uk"),
        ("وزیر خارجه گفت که گفتگوها مفید بوده است و پیش می‌رود.", "fa"),
        ("Der Minister sagte am Montag, dass die Gespräche nützlich gewesen seien.", "de"),
        ("12 345", None),
        ("", None),
    ],
)
def test_detect(text, lang):
    assert detect(text) == lang


@pytest.mark.parametrize(
    "headline",
    [
        "Moscou et Ankara relancent les discussions sur Gaza",
        "Ankara und Moskau beraten über eine Feuerpause",
        "Moscú y Ankara retoman las conversaciones sobre Gaza",
        "Moscou e Ancara retomam conversas sobre trégua",
        "Mosca e Ankara riprendono i colloqui sulla tregua",
        "Moskou en Ankara praten weer over een bestand",
        "Moskova ve Ankara ateşkes görüşmelerine yeniden başladı",
        "Moskva iyo Ankara oo dib u bilaabay wada-hadalladii",
        "Moskva va Anqara sulh boʻyicha muzokaralarni davom ettirdi",
        "IMoscow ne-Ankara ziphinde zaqala izingxoxo zokuthula",
        "Moscow na Ankara zaanza tena mazungumzo ya kusitisha vita",
        "Muling nag-usap ang Moscow at Ankara hinggil sa tigil-putukan",
        "Moscow da Ankara sun koma tattaunawa kan tsagaita wuta",
        "Moskow lan Ankara miwiti maneh rembugan bab gencatan senjata",
        "Moscow và Ankara nối lại đàm phán về ngừng bắn",
        "Москва и Анкара отново преговарят за примирие в ивицата",
        "Москва й Анкара знову обговорюють перемир'я в Газі",
        "Москва и Анкара поново преговарају о примирју",
        "Мәскеу мен Анкара бітім туралы келіссөздерді жалғастырды",
        "Маскав ва Анқара гуфтушунидро аз нав оғоз карданд",
        "مسکو و آنکارا گفت‌وگوهای آتش‌بس را از سر گرفتند",
        "ماسکو اور انقرہ نے جنگ بندی پر بات چیت دوبارہ شروع کر دی",
        "مسکو او انقرې د اوربند خبرې بیا پیل کړې",
        "مۆسکۆ و ئەنقەرە دانوستانی ئاگربەستیان دەست پێکردەوە",
    ],
)
def test_a_headline_of_another_language_is_none_of_ours(headline):
    assert detect(headline) not in LANGUAGES


@pytest.mark.parametrize(
    ("headline", "lang"),
    [
        ("Kremlin rejects truce proposal", "en"),
        ("TRUCE TALKS RESUME IN DOHA", "en"),
        ("Erdoğan, Guimarães meet after the raid", "en"),
        ("OIC Summit Opens With Call For Ceasefire", "en"),
        ("Kremlin Tolak Usulan Gencatan Senjata", "id"),
        ("PUTIN TIBA DI JAKARTA", "id"),
        ("Sidang darurat OIC gesa Israel henti serangan", "id"),
        ("Startup Fintech Ini Raih Pendanaan dari Investor Global", "id"),
        ("Кремль отверг предложение о перемирии", "ru"),
        ("ПУТИН ПРИЛЕТЕЛ В ДОХУ", "ru"),
        ("The Times: Кремль готов к переговорам", "ru"),
        ("الكرملين يرفض مقترح الهدنة", "ar"),
        ("عاجل: قصف على رفح", "ar"),
        ("شركة OpenAI تعلن نموذجا جديدا GPT", "ar"),
    ],
)
def test_a_short_headline_of_ours_passes(headline, lang):
    assert detect(headline) == lang


@pytest.mark.parametrize("names", ["Putin–Trump: Anchorage", "Lavrov, Fidan", "Путин, Си"])
def test_names_alone_count_as_ours(names):
    assert detect(names) in LANGUAGES


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("نرفض هذا العدوان علی المدنیین وندعو إلی وقف إطلاق النار", "ar"),
        ("وزیر الخارجیة الترکی یصل إلی بیروت", "ar"),
        ("مسکو: آماده گفتگو با آنکارا هستیم", "fa"),
        ("ترک وزیر خارجہ بیروت پہنچ گئے", "ur"),
    ],
)
def test_words_not_letters_tell_persian_and_urdu_from_arabic_of_their_keyboards(text, lang):
    assert detect(text) == lang


@pytest.mark.parametrize(
    "text",
    [
        "Ｍｏｓｃｏｗ ｓａｉｄ ｔｈｅ ｔａｌｋｓ ｗｏｕｌｄ ｒｅｓｕｍｅ",
        "𝐌𝐨𝐬𝐜𝐨𝐰 𝐬𝐚𝐢𝐝 𝐭𝐡𝐞 𝐭𝐚𝐥𝐤𝐬 𝐰𝐨𝐮𝐥𝐝 𝐫𝐞𝐬𝐮𝐦𝐞",
    ],
)
def test_styled_letters_count_as_their_letters(text):
    assert detect(text) == "en"


def test_a_verdict_on_a_long_text_is_clear_and_one_on_a_few_words_is_not():
    french = "Le ministre a déclaré mardi que son pays soutiendrait la trêve proposée par l'Égypte."
    assert judge(french).lang == "fr"
    assert judge(french).is_clear
    assert not judge("Le ministre à Doha").is_clear


def test_only_the_beginning_of_a_long_text_is_looked_at():
    assert detect("The ministers said that they would meet again. " * 100_000) == "en"


@pytest.mark.parametrize(
    ("declared", "lang"),
    [("ID", "id"), ("id-ID", "id"), ("ms", "id"), ("Indonesian", "id"), ("en_US", "en")]
    + [("ara", "ar"), ("fr", "fr"), ("", None), (None, None), ("und", None), ("unknown", None)]
    + [("Bahasa Inggris", "en"), ("bahasa melayu", "id"), ("English (US)", "en")]
    + [("en-GB,en;q=0.9", "en"), ("rus_Cyrl", "ru"), ("العربية", "ar")],
)
def test_normalize(declared, lang):
    assert normalize(declared) == lang


def test_links_do_not_decide_the_script():
    assert main_script("خبر https://example.org/a/very/long/address") == "arabic"


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("Moskva zayavila o gotovnosti k peregovoram o peremirii v Gaze", "ru", True),
        ("Le ministre a déclaré que son pays soutiendrait la trêve", "ru", False),
        ("The minister said that his country would back the truce", "ru", False),
        ("The minister said that his country would back the truce", "en", False),
        ("Москва заявила о готовности к переговорам", "ru", False),
    ],
)
def test_a_declared_language_in_latin_letters(text, declared, expected):
    assert is_transliterated(text, declared) is expected
