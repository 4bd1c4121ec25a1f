from labels.ingest import RawRecord, prepare
from labels.pipeline.schema import Reject


def test_prepare_keeps_title_and_text_of_the_input():
    text = "\ufeff  Menteri Tiba di Kota\n\nMenteri itu tiba di ibu kota pada hari Selasa.\x00\n"
    record = RawRecord(article_id="x", where="x", title=None, text=text, is_file=True)
    article = prepare(record).article
    assert (article.title, article.text, article.lang) == (None, text, "id")
    assert [(block.kind.value, text[block.start : block.end]) for block in article.blocks] == [
        ("title", "Menteri Tiba di Kota"),
        ("body", "Menteri itu tiba di ibu kota pada hari Selasa."),
    ]


def test_the_declared_language_holds_unless_the_script_is_another():
    def lang(declared, text):
        result = prepare(RawRecord(article_id="x", where="x", title=None, text=text, lang=declared))
        return result.reason if isinstance(result, Reject) else result.article.lang

    assert lang("id", "OK, Presiden!") == "id"
    assert lang("ms", "Perdana Menteri tiba semalam.") == "id"
    assert lang("id", "قال الوزير إن المحادثات كانت مفيدة.") == "ar"
    assert lang("tlh", "Der Minister sagte am Montag nichts.") == "unknown_language"
    assert lang(None, "12 345") == "unknown_language"


def test_a_declared_language_in_latin_letters_is_believed():
    def lang(declared, text):
        result = prepare(RawRecord(article_id="x", where="x", title=None, text=text, lang=declared))
        return result.reason if isinstance(result, Reject) else result.article.lang

    latin = "Pishu vam s chuzhogo telefona, poetomu russkikh bukv net, no vy i tak vse poimete."
    assert lang("ru", latin) == "ru"
    german = (
        "Der Minister sagte am Montag, dass die Gespräche über die Brücke nützlich gewesen seien."
    )
    assert lang("ru", german) == "unknown_language"
