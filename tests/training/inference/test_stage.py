import io
import json
import sys
from types import SimpleNamespace

import pandas as pd
import pytest

from labels.ingest.clean.boilerplate import Boilerplate, Piece
from labels.pipeline.errors import ConfigError
from labels.pipeline.files import sha256_of
from labels.pipeline.schema import STANCES
from training.contract.records import Counts, Record, RemovedText, Summary

RUSSIAN = "Министр поддержал перемирие в Газе. Оппозиция выступила против. Дождь шёл до вечера."


def counted(**counts):
    return dict.fromkeys(Counts.__annotations__, 0) | counts


def sentence(key, text, **fields):
    return {"id": key, "text": text, "lang": "en"} | fields


def test_a_record_has_the_fields_of_the_contract(predict):
    row = sentence(7, "Moscow hailed it.", source="Daily", url="http://x.test/1", title="Heading")
    (record,) = predict([row | {"date": "2024-05-01", "other": 1}], "sentence")
    assert list(record) == [
        *("id", "sentence_id", "kind", "field", "start", "end", "text", "lang"),
        *("title", "source", "url", "published", "stance", "sentiment"),
    ]
    assert (record["kind"], record["field"], record["lang"]) == ("body", "text", "en")
    assert (record["source"], record["url"]) == ("Daily", "http://x.test/1")
    assert (record["title"], record["published"]) == ("Heading", "2024-05-01")
    assert list(record["stance"]) == ["russia", "oic", "gaza_ceasefire"]
    for found in [*record["stance"].values(), record["sentiment"]]:
        by_class = found["probabilities"]
        assert found["label"] == max(by_class, key=by_class.get)


def test_the_types_name_what_is_written(predict, sidecars):
    row = sentence(7, "Moscow hailed it.", source="Daily", url="http://x.test/1", title="Heading")
    (record,) = predict([row | {"date": "2024-05-01"}], "sentence")
    assert set(record) == Record.__annotations__.keys() - {"posted", "parts"}
    (summary,) = sidecars().meta
    assert set(summary) == Summary.__annotations__.keys()
    assert set(summary["counts"]) == Counts.__annotations__.keys()


def test_what_the_input_does_not_carry_is_not_in_the_record(predict):
    (record,) = predict([sentence("a", "Rain fell all day long.")], "sentence")
    assert not {"title", "source", "url", "published"} & set(record)


def test_ids_keep_their_type_and_their_duplicates(predict):
    ids = [7, "7", 0, "x", "x", "٣"]
    found = predict([sentence(key, "Rain fell all day long.") for key in ids], "sentence")
    assert [record["id"] for record in found] == ids


def test_a_line_without_an_id_is_named_by_file_and_line(predict, tmp_path):
    rows = [{"text": "Rain fell all day.", "lang": "en"}, "", sentence("b", "Snow fell too.")]
    assert [record["id"] for record in predict(rows, "sentence")] == ["in.jsonl:1", "b"]
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "b.txt").write_text("Hujan turun.\nAngin reda.\n", encoding="utf-8")
    found = predict(folder, "sentence")
    assert [record["id"] for record in found] == ["sub/b.txt:1", "sub/b.txt:2"]


def test_a_text_file_is_named_by_its_path_in_the_folder(predict, tmp_path):
    folder = tmp_path / "خبر, [1]=x"
    (folder / "2024").mkdir(parents=True)
    (folder / "2024" / "новость.txt").write_text(RUSSIAN, encoding="utf-8")
    assert {record["id"] for record in predict(folder)} == {"2024/новость.txt"}


def test_a_sentence_stays_byte_for_byte_and_whole(predict):
    texts = [
        "  Two sentences. And spaces around.  ",
        "RT @name: https://t.co/x  #tag 🙂\u200d",
        "tab\tnewline\nreturn\r\nend",
        "e\u0301 is not é, \u200fnor is this",
        "Baca juga: Hujan turun di kota",
        "سطر\u2028آخر \ufeff",
    ]
    rows = [sentence(i, text) | {"lang": None} for i, text in enumerate(texts)]
    for row in rows[:4]:
        row["lang"] = "en"
    found = predict(rows, "sentence")
    assert [record["text"] for record in found] == texts
    assert {record["start"] for record in found} == {0}
    assert [record["end"] for record in found] == [len(text) for text in texts]


def test_equal_sentences_are_not_merged_and_the_order_is_the_input_s(predict):
    texts = ["Rain fell all day long.", "x" * 300 + " y", "Rain fell all day long."] * 3
    found = predict([sentence(str(i), text) for i, text in enumerate(texts)], "sentence")
    assert [record["id"] for record in found] == [str(i) for i in range(9)]
    assert found[0]["stance"] == found[2]["stance"]


def test_a_sentence_that_comes_again_is_counted_and_has_the_same_record(predict, sidecars):
    rows = [
        sentence(key, text) for key, text in enumerate(["It rained.", "It hailed.", "It rained."])
    ]
    first, _, again = predict(rows, "sentence")
    assert first | {"id": 2} == again | {"sentence_id": first["sentence_id"]}
    assert sidecars().meta[0]["counts"]["repeated"] == 1
    predict(rows, "sentence", remember=0)
    assert sidecars().meta[0]["counts"]["repeated"] == 0


def test_the_declared_language_is_taken_and_else_it_is_detected(predict):
    latin = "Ini kalimat pendek dan hujan turun sejak pagi."
    rows = [
        sentence("a", latin, lang="en"),
        {"id": "b", "text": latin},
        {"id": "c", "text": RUSSIAN},
    ]
    assert [record["lang"] for record in predict(rows, "sentence")] == ["en", "id", "ru"]


def test_offsets_are_into_the_input_s_own_title_and_text(predict):
    text = (
        "\u200fقال الوزير إن بلاده ترحب بالهدنة.  ورفض النائب ذلك 🙂!\n\n\n"
        "اقرأ أيضا: خبر آخر\nانتهى المطر."
    )
    rows = [
        {"id": "ar", "title": " وزير يرحب بالهدنة ", "text": text, "lang": "ar"},
        {"id": "ru", "title": None, "text": f"\ufeff {RUSSIAN}\u00a0", "lang": "ru"},
        {"id": "title", "title": "Hujan turun di kota sejak pagi", "text": ""},
    ]
    found = predict(rows)
    own = {row["id"]: row for row in rows}
    for record in found:
        field = own[record["id"]][record["field"]]
        assert field[record["start"] : record["end"]] == record["text"]
        assert record["text"] == record["text"].strip()
    assert [r["text"] for r in found if r["id"] == "ru"] == [
        "Министр поддержал перемирие в Газе.",
        "Оппозиция выступила против.",
        "Дождь шёл до вечера.",
    ]
    assert [(r["kind"], r["field"]) for r in found if r["id"] == "title"] == [("title", "title")]
    assert [r["kind"] for r in found if r["id"] == "ar"][0] == "title"


def test_offsets_of_a_page_are_into_the_extracted_text_beside_the_output(
    predict, sidecars, tmp_path
):
    paragraph = "<p>The council of Port Ellis met on Monday and talked about the old bridge. {}</p>"
    body = "".join(
        paragraph.format(f"Speaker {i} wanted it painted green & white.") for i in range(8)
    )
    page = (
        f"<html lang='en'><head><title>Bridge</title></head><body><article>{body}</article></body>"
    )
    found = predict(page, name="page.html")
    (kept,) = map(json.loads, sidecars().texts.read_text(encoding="utf-8").splitlines())
    assert kept["id"] == "page.html"
    assert len(found) >= 8
    for record in found:
        assert kept[record["field"]][record["start"] : record["end"]] == record["text"]


def test_without_pages_no_extracted_text_is_written(predict, sidecars):
    predict([sentence("a", "Rain fell all day long.")])
    assert not sidecars().texts.exists()


def test_rejects_are_counted_with_reasons_and_the_rest_goes_on(predict, sidecars, tiny_export):
    rows = [
        sentence("good", "Rain fell all day long."),
        '{"id": "cut", "text": "half',
        {"id": "none"},
        sentence("blank", " \n\u200f"),
        sentence("wrong", 7),
        sentence("good", "Snow fell on the next day."),
    ]
    found = predict(rows, "sentence")
    side = sidecars()
    assert len(found) == 2
    assert [reject["reason"] for reject in side.rejects] == [
        "broken_json",
        "no_text",
        "no_text",
        "wrong_type",
    ]
    assert side.rejects[0]["source"].endswith("in.jsonl:2")
    (meta,) = side.meta
    assert meta["counts"] == counted(inputs=6, articles=2, rejects=4, sentences=2)
    assert meta["rejects_by_reason"] == {"broken_json": 1, "no_text": 2, "wrong_type": 1}
    assert meta["export_hash"] == sha256_of(tiny_export[1] / "export.json")
    assert meta["version"]
    assert len(meta["config_hash"]) == 64


def test_what_is_left_out_of_an_article_can_be_read(predict, sidecars, capsys):
    text = "Hujan turun sejak pagi di kota.\nBaca juga: Harga telur turun\nWarga tinggal di rumah."
    found = predict([sentence("a", text, lang="id")])
    side = sidecars()
    assert [record["text"] for record in found] == [
        "Hujan turun sejak pagi di kota.",
        "Warga tinggal di rumah.",
    ]
    (removed,) = side.removed
    assert set(removed) == RemovedText.__annotations__.keys()
    assert (removed["id"], removed["kind"]) == ("a", "read_also")
    assert text[removed["start"] : removed["end"]] == removed["text"]
    assert removed["text"].startswith("Baca juga")
    assert removed["rule"].startswith("id.")
    assert side.meta[0]["removed_by_kind"] == {"read_also": 1}
    assert "left out as clutter: read_also 1" in capsys.readouterr().err


def test_what_recurs_in_a_source_is_left_out_of_its_articles_alone(predict, sidecars, tmp_path):
    tail = "Kabar pagi dari dermaga untuk Anda."
    kept = {"text": tail, "articles": 9, "share": 0.9}
    known = Boilerplate({"Dermaga": [Piece(**kept)]})
    known.write(tmp_path / "boilerplate.json")
    rows = [
        sentence(source, f"Hujan turun sejak pagi di kota.\n{tail}", lang="id", source=source)
        for source in ("Dermaga", "Pesisir")
    ]
    found = predict(rows, boilerplate=tmp_path / "boilerplate.json")
    assert [record["id"] for record in found if record["text"] == tail] == ["Pesisir"]
    assert [removed["rule"] for removed in sidecars().removed] == ["recurrence"]


def test_the_outlet_may_be_given_for_the_whole_input(predict):
    rows = [sentence("a", "Rain fell all day long."), sentence("b", "Snow fell.", source="Daily")]
    found = predict(rows, "article", source="Port Ellis News")
    assert [record["source"] for record in found] == ["Port Ellis News", "Daily"]


def test_a_field_of_an_unusual_name_is_read_by_setting(predict, sidecars):
    (record,) = predict([{"zzz": "Rain fell all day long."}], fields="{text: zzz}")
    assert record["text"] == "Rain fell all day long."
    with pytest.raises(ConfigError, match="fields: expected a mapping"):
        predict([{"zzz": "Rain fell all day long."}], fields="zzz")


def test_a_very_long_sentence_is_counted(predict, sidecars):
    rows = [sentence("short", "Rain fell."), sentence("long", "Rain fell and " * 400)]
    short, long = predict(rows, "sentence")
    assert "parts" not in short
    assert long["parts"] > 1
    assert sidecars().meta[0]["counts"]["long_sentences"] == 1


def test_an_output_that_is_a_folder_is_told_before_the_work(predict, tmp_path):
    (tmp_path / "out.jsonl").mkdir()
    with pytest.raises(ConfigError, match="output: expected a file, got the folder"):
        predict([sentence("a", "Rain fell all day long.")])


def test_half_of_a_surrogate_pair_is_a_record_or_a_reject(predict, sidecars):
    predict(['{"id": "a", "text": "Rain \\ud83d fell all day.", "lang": "en"}'], "sentence")
    counts = sidecars().meta[0]["counts"]
    assert counts["inputs"] == 1 == counts["articles"] + counts["rejects"]


def test_an_empty_input_is_a_reject_and_an_empty_output(predict, sidecars):
    assert predict("", name="in.txt") == []
    assert sidecars().meta[0]["counts"] == counted(inputs=1, rejects=1)


def test_the_config_hash_changes_with_the_unit(predict, sidecars):
    hashes = set()
    for unit in ("article", "sentence", "sentence"):
        predict([sentence("a", "Rain fell all day long.")], unit)
        hashes.add(sidecars().meta[0]["config_hash"])
    assert len(hashes) == 2


def test_standard_input_is_read(predict, monkeypatch):
    data = json.dumps(sentence(3, "Rain fell all day long.")).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    (record,) = predict(None, "sentence", input="-")
    assert (record["id"], record["text"]) == (3, "Rain fell all day long.")


def test_inputs_of_a_folder_are_counted_and_then_read(predict, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(RUSSIAN, encoding="utf-8")
    assert {record["id"] for record in predict(folder)} == {"a.txt", "b.txt"}


@pytest.mark.parametrize("processes", [1, 2])
def test_several_processes_read_the_same(predict, tmp_path, processes):
    rows = [{"id": i, "text": RUSSIAN} for i in range(100)]
    found = predict(rows, processes=processes)
    assert [record["id"] for record in found] == [i for i in range(100) for _ in range(3)]


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_table_has_the_fields_of_the_records(predict, tmp_path, name):
    rows = [sentence(7, 'Moscow, "hailed" it.'), {"id": "ar", "text": "رحبت المنظمة بالهدنة اليوم"}]
    records = predict(rows)
    predict(rows, output=tmp_path / name)
    path = tmp_path / name
    read = pd.read_csv if path.suffix == ".csv" else pd.read_parquet
    table = read(path)
    assert list(table["id"].astype(str)) == [str(record["id"]) for record in records]
    for row, record in zip(table.to_dict("records"), records, strict=True):
        assert row["text"] == record["text"]
        for target, answer in record["stance"].items():
            assert row[f"stance.{target}.label"] == answer["label"]
            chance = row[f"stance.{target}.probabilities.favor"]
            assert chance == pytest.approx(answer["probabilities"]["favor"])
    assert (tmp_path / f"{name}.meta.json").is_file()


def test_an_output_of_another_form_is_refused(predict, tmp_path):
    with pytest.raises(
        ConfigError, match=r"output: expected a name in \.jsonl, \.csv or \.parquet"
    ):
        predict([sentence("a", "Rain.")], output=tmp_path / "out.xlsx")


def test_beside_the_records_stands_a_summary_of_each_article(predict, tmp_path):
    records = predict([{"id": "a", "text": RUSSIAN, "title": "Мир"}, {"id": "b", "text": RUSSIAN}])
    written = (tmp_path / "out.jsonl.articles.jsonl").read_text(encoding="utf-8")
    found = [json.loads(line) for line in written.splitlines()]
    assert [summary["id"] for summary in found] == ["a", "b"]
    assert sum(summary["sentences"] for summary in found) == len(records)
    assert found[0]["title"] == "Мир"
    assert "title" not in found[1]
    for target, summary in found[0]["stance"].items():
        own = [r["stance"][target]["label"] for r in records if r["id"] == "a"]
        assert summary["labels"] == {name: own.count(name) for name in STANCES}
