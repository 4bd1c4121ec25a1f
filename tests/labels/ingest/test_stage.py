import json

import pytest

from labels.config import IngestConfig, NearDuplicateConfig
from labels.errors import ConfigError
from labels.ingest import RawRecord, ingest_articles, prepare
from labels.ingest.duplicates import group_near_duplicates
from labels.schema import Reject, Unit
from labels.tables import read_table

NEAR = NearDuplicateConfig(shingle_words=3, permutations=64, threshold=0.5, seed=1)
WIRE = (
    "The harbour of the small town was closed on Monday after a crane fell into the water,"
    " and the mayor said that divers would need at least three days to lift it again."
)


def ingest(tmp_path, rows, unit=Unit.article):
    (tmp_path / "in").mkdir()
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (tmp_path / "in" / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    ingest_articles(
        IngestConfig(
            input=[str(tmp_path / "in")],
            output=str(tmp_path / "out"),
            unit=unit,
            max_megabytes=10.0,
            near_duplicates=NEAR,
        )
    )
    out = tmp_path / "out"
    articles = read_table(out / "articles.parquet", "articles")
    rejects = read_table(out / "rejects.parquet", "rejects")
    return articles, rejects, json.loads((out / "ingest.json").read_text(encoding="utf-8"))


def test_every_input_is_an_article_or_a_counted_reject(tmp_path):
    rows = [
        {"id": "b", "title": "Crane falls", "text": f"Crane falls\n{WIRE}\nAdvertisement"},
        {"id": "a", "text": f"{WIRE} Nobody was hurt."},
        {"id": "t", "title": "Only a headline about the harbour", "date": "3/4/2025"},
        {"id": "d", "text": "The talks in the capital ended late.", "date": "12/31/2024"},
        {"id": "b", "text": "The same id once more, with another text."},
        {"id": "n", "title": " "},
        {
            "id": "f",
            "text": "Le ministre a déclaré lundi que les discussions avaient été très utiles.",
        },
        "{",
    ]
    articles, rejects, report = ingest(tmp_path, rows)
    by_id = {row["article_id"]: row for row in articles}
    assert list(by_id) == ["b", "a", "t", "d"]
    assert by_id["b"]["text"] == WIRE
    assert by_id["b"]["group_id"] == by_id["a"]["group_id"] == "a"
    assert by_id["d"]["group_id"] == "d"
    assert by_id["t"]["published"] == "2025-03-04"
    assert by_id["t"]["blocks"] == []
    assert [row["reason"] for row in rejects] == [
        "duplicate_id",
        "no_text",
        "unknown_language",
        "broken_json",
    ]
    assert (report["inputs"], report["articles"], report["rejects"]) == (8, 4, 4)
    assert report["removed_by_language_and_kind"]["en"] == {"advertisement": 1, "doubled_title": 1}


def test_stored_blocks_cover_the_stored_text(tmp_path):
    articles, _, _ = ingest(tmp_path, [{"id": "x", "text": f"\u202b{WIRE}\x00\n\n \nSecond part."}])
    text, blocks = articles[0]["text"], articles[0]["blocks"]
    assert [text[one["start"] : one["end"]] for one in blocks] == [WIRE, "Second part."]


def test_mojibake_is_mended_in_the_store_and_counted(tmp_path):
    broken = "Министр заявил, что переговоры были полезными.".encode().decode("latin-1")
    articles, _, report = ingest(tmp_path, [{"id": "x", "lang": "ru", "text": broken}])
    assert articles[0]["text"] == "Министр заявил, что переговоры были полезными."
    assert report["repaired_mojibake"] == 1


def test_sentences_stay_as_they_are_and_keep_their_article_as_group(tmp_path):
    text = " Baca juga: \u200fdua  spasi (abc/def)"
    rows = [{"id": "s1", "text": text, "lang": "id", "article_id": "k"}]
    articles, _, _ = ingest(tmp_path, rows, Unit.sentence)
    assert articles[0]["text"] == text
    assert articles[0]["blocks"] == [{"start": 0, "end": len(text), "kind": "body"}]
    assert articles[0]["group_id"] == "article:k"


def test_prepare_keeps_title_and_text_of_the_input():
    text = "\ufeff  Menteri Tiba di Kota\n\nMenteri itu tiba di ibu kota pada hari Selasa.\x00\n"
    article = prepare(RawRecord(article_id="x", where="x", title=None, text=text, is_file=True))
    assert (article.title, article.text, article.lang) == (None, text, "id")
    assert [(one.kind.value, text[one.start : one.end]) for one in article.blocks] == [
        ("title", "Menteri Tiba di Kota"),
        ("body", "Menteri itu tiba di ibu kota pada hari Selasa."),
    ]


def test_the_declared_language_holds_unless_the_script_is_another():
    def lang(declared, text):
        result = prepare(RawRecord(article_id="x", where="x", title=None, text=text, lang=declared))
        return result.reason if isinstance(result, Reject) else result.lang

    assert lang("id", "OK, Presiden!") == "id"
    assert lang("ms", "Perdana Menteri tiba semalam.") == "id"
    assert lang("id", "قال الوزير إن المحادثات كانت مفيدة.") == "ar"
    assert lang("tlh", "Der Minister sagte am Montag nichts.") == "unknown_language"
    assert lang(None, "12 345") == "unknown_language"


def test_a_declared_language_in_latin_letters_is_believed():
    def lang(declared, text):
        result = prepare(RawRecord(article_id="x", where="x", title=None, text=text, lang=declared))
        return result.reason if isinstance(result, Reject) else result.lang

    latin = "Pishu vam s chuzhogo telefona, poetomu russkikh bukv net, no vy i tak vse poimete."
    assert lang("ru", latin) == "ru"
    german = (
        "Der Minister sagte am Montag, dass die Gespräche über die Brücke nützlich gewesen seien."
    )
    assert lang("ru", german) == "unknown_language"


def test_a_post_in_the_title_field_is_cleaned_as_a_text(tmp_path):
    title = "---\n**Мост открыт сегодня утром**\n\nРабочие ушли домой.\n\nПодписаться"
    articles, _, _ = ingest(tmp_path, [{"id": "x", "lang": "ru", "title": title, "text": ""}])
    assert articles[0]["title"] is None
    assert articles[0]["text"] == "Мост открыт сегодня утром\nРабочие ушли домой."


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"max_megabytes": 0.0}, r"max_megabytes: expected \(0, 1,000,000\], got 0.0"),
        ({"max_megabytes": float("nan")}, "max_megabytes: expected"),
        ({"input": []}, "input: expected at least one file or folder"),
        ({"input": [" "]}, "input: expected a path, got ' '"),
        ({"output": ""}, "output: expected a folder, got ''"),
    ],
)
def test_settings_that_cannot_work_are_named(changes, message):
    values = {"input": ["a"], "output": "b", "unit": Unit.article, "max_megabytes": 1.0}
    with pytest.raises(ConfigError, match=message):
        IngestConfig(near_duplicates=NEAR, **{**values, **changes})


def test_near_duplicates_chain_into_one_group_named_by_the_smallest_id():
    words = [f"w{n}" for n in range(60)]
    texts = {
        "c": " ".join(words[:40]),
        "b": " ".join(words[8:48]),
        "a": " ".join(words[16:56]),
        "z": "quite another text about the harbour of a small town by the sea",
    }
    assert group_near_duplicates(texts, NEAR) == {"a": "a", "b": "a", "c": "a", "z": "z"}
