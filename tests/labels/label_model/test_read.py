import json

import pytest

from labels.annotate.gold import GoldRow
from labels.label_model.read import (
    GROUPS,
    read_gold_rows,
    read_mentions,
    read_sentences,
    read_target_keys,
)
from labels.pipeline.errors import DataError
from labels.pipeline.tables import write_table


@pytest.mark.parametrize("text", ["{", "3", '[{"name": "Russia"}]', '["russia"]'])
def test_a_file_that_defines_no_targets_is_refused(tmp_path, text):
    (tmp_path / "targets.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="targets.json: expected a JSON list of targets with keys"):
        read_target_keys(tmp_path / "targets.json")


def test_target_keys_keep_their_order(tmp_path):
    path = tmp_path / "targets.json"
    path.write_text(json.dumps([{"key": "oic"}, {"key": "russia"}]), encoding="utf-8")
    assert read_target_keys(path) == ("oic", "russia")
    with pytest.raises(DataError, match="none.json: expected the targets"):
        read_target_keys(tmp_path / "none.json")
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(DataError, match="expected at least one target, found none"):
        read_target_keys(path)


def test_anchors_are_the_rows_of_the_files_that_may_teach(settings, tmp_path):
    anchors = tmp_path / "anchors.jsonl"
    anchors.write_text(json.dumps({"id": "a1", "text": "x", "oic": "neutral"}), encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    given = settings(
        f"gold=[{gold},{anchors}]",
        f"anchors={anchors}",
        gold=[
            {"id": "a0", "text": "x", "russia": "favor"},
            {"id": "a0", "text": "x", "eu": "favor"},
        ],
    )
    rows, rejects, teaching = read_gold_rows(given, given.anchors, ["russia", "oic"])
    assert [row.where for row in rows] == [f"{gold}:1", f"{anchors}:1"]
    assert teaching == {f"{anchors}:1"}
    assert [reject.reason for reject in rejects] == ["unknown_target"]


def test_gold_finds_its_sentence_and_languages_their_number(sentences_table, texts):
    row = GoldRow(
        where="gold:1",
        article_ids=("a2",),
        text=texts["a2"],
        labels={"oic": "neutral"},
        holder={},
        voice={},
        annotator="ada",
    )
    index, gold = read_sentences(sentences_table, [row])
    assert list(index.places) == ["a0#0", "a1#0", "a2#0", "a3#0"]
    assert index.groups.tolist() == [GROUPS.index("en")] * 4
    assert index.articles.tolist() == [0, 1, 2, 3]
    assert gold.by_sentence == {"a2#0": row}


def test_a_sentence_that_is_there_twice_is_an_error(sentence_table_twice):
    with pytest.raises(DataError, match="row 1: sentence 'a#0' is there twice"):
        read_sentences(sentence_table_twice, [])


@pytest.fixture
def sentence_table_twice(tmp_path):
    row = {"sentence_id": "a#0", "article_id": "a", "index": 0, "kind": "body", "field": "text"}
    row |= {"start": 0, "end": 1, "text": "x", "lang": "en"}
    write_table(tmp_path / "twice.parquet", "sentences", [row, row])
    return tmp_path / "twice.parquet"


def test_mentions_tell_which_sentences_name_a_target(index, tmp_path):
    place = {"target": "russia", "start": 0, "end": 6}
    path = tmp_path / "mentions.parquet"
    write_table(path, "mentions", [{"sentence_id": "s1"} | place] * 2)
    named = read_mentions(path, index(3), ["russia", "oic"])
    assert named["russia"].tolist() == [False, True, False]
    assert not named["oic"].any()


@pytest.mark.parametrize(
    ("change", "found"),
    [({"sentence_id": "s9"}, "sentence_id: .* found 's9'"), ({"target": "nato"}, "found 'nato'")],
)
def test_mentions_of_other_sentences_or_targets_are_an_error(index, tmp_path, change, found):
    row = {"sentence_id": "s0", "target": "russia", "start": 0, "end": 6}
    path = tmp_path / "mentions.parquet"
    write_table(path, "mentions", [row | change])
    with pytest.raises(DataError, match=f"row 0: {found}|row 0: target: .*{found}"):
        read_mentions(path, index(1), ["russia"])
