import json

import pytest

from labels.pipeline.errors import DataError
from labels.pipeline.schema import SENTIMENTS, STANCES
from training.inference.outputs import write_records
from training.inference.written import WrittenAnswer, column_names, read_written


def record(**changes):
    shares = {"favor": 0.7, "against": 0.1, "neutral": 0.1, "unrelated": 0.1}
    oic = {"label": "favor", "probabilities": shares, "holder": {"author": True}}
    russia = {"label": "favor", "probabilities": shares, "voice": "event"}
    russia["holder"] = {"start": 0, "end": 6, "text": "Ankara"}
    far = {"label": "unrelated", "probabilities": dict.fromkeys(STANCES, 0.25)}
    tone = {"label": "neutral", "probabilities": dict.fromkeys(SENTIMENTS, 1 / 3)}
    return {
        "id": 7,
        "sentence_id": "7#0",
        "kind": "body",
        "field": "text",
        "start": 0,
        "end": 15,
        "text": 'Ankara, said "х"',
        "lang": "en",
        "stance": {"oic": oic, "russia": russia, "gaza_ceasefire": far},
        "sentiment": tone,
        "source": "Gazette",
    } | changes


def write(path, *records):
    part = path.parent / "part"
    part.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    write_records(path, [part], ["oic", "russia", "gaza_ceasefire"])
    return path


@pytest.mark.parametrize("name", ["o.jsonl", "o.csv", "o.parquet"])
def test_every_form_of_an_output_reads_as_the_same(tmp_path, name):
    found = list(read_written(write(tmp_path / name, record(), record(sentence_id="7#1"))))
    assert [one.sentence_id for one in found] == ["7#0", "7#1"]
    first = found[0]
    assert (first.article_id, first.text, first.start, first.end) == (
        "7",
        'Ankara, said "х"',
        0,
        15,
    )
    assert (first.source, first.published, first.lang) == ("Gazette", None, "en")
    assert set(first.answers) == {"oic", "russia", "gaza_ceasefire", "sentiment"}
    assert first.answers["oic"] == WrittenAnswer(
        label="favor", probabilities=(0.7, 0.1, 0.1, 0.1), holder="author"
    )
    assert first.answers["russia"].holder == (0, 6)
    assert first.answers["gaza_ceasefire"].holder is None
    assert first.answers["sentiment"].probabilities == pytest.approx((1 / 3,) * 3)


def test_what_a_record_lacks_is_told_with_its_place(tmp_path):
    broken = record()
    del broken["lang"]
    path = write(tmp_path / "o.jsonl", record(), broken)
    with pytest.raises(DataError, match=r"o\.jsonl:2: expected a record .* no 'lang'"):
        list(read_written(path))
    odd = record(sentiment={"label": "angry", "probabilities": {}})
    with pytest.raises(DataError, match=r":1: sentiment\.label: expected negative.*\"angry\""):
        list(read_written(write(tmp_path / "o.jsonl", odd)))
    with pytest.raises(DataError, match=r":1: expected a record of predict_stance: .*'x'"):
        list(read_written(write(tmp_path / "o.jsonl", record(start="x"))))


def test_a_file_that_is_no_output_is_told(tmp_path):
    with pytest.raises(DataError, match=r"none\.jsonl: expected a JSON-lines file"):
        list(read_written(tmp_path / "none.jsonl"))
    with pytest.raises(DataError, match=r"none\.csv: expected a CSV file"):
        list(read_written(tmp_path / "none.csv"))
    with pytest.raises(DataError, match=r"none\.parquet: expected a Parquet file"):
        list(read_written(tmp_path / "none.parquet"))
    (tmp_path / "bad.parquet").write_text("no", encoding="utf-8")
    with pytest.raises(DataError, match=r"bad\.parquet: expected a Parquet file"):
        column_names(tmp_path / "bad.parquet")
    (tmp_path / "bad.csv").write_bytes(b"id,text\n1,\xff\n")
    with pytest.raises(DataError, match=r"bad\.csv: expected UTF-8"):
        list(read_written(tmp_path / "bad.csv"))
