import json

import pytest
from jsonschema import Draft202012Validator

from labels.functions import FUNCTIONS
from labels.pipeline.errors import DataError
from labels.pipeline.tables import read_table, write_table
from training.inference import open_model


def described(folder):
    return json.loads((folder / "export.json").read_text(encoding="utf-8"))


def test_an_export_says_what_answers_in_it_and_what_it_learned_from(rules_export, rules_tables):
    found = described(rules_export)
    assert found["kind"] == "rules"
    assert found["voices"] == []
    assert set(found["functions"]["stance"]) <= set(FUNCTIONS["stance"])
    votes = read_table(rules_tables / "votes" / "votes.parquet", "votes")
    told = sum(row["label"] is not None and row["task"] == "sentiment" for row in votes)
    assert found["learned_from"]["votes"]["sentiment"] == told
    assert found["learned_from"] | {"votes": {}} == {
        "sentences": 40,
        "articles": 40,
        "anchors": 0,
        "votes": {},
    }


def test_the_same_votes_give_the_same_bytes(export_rules, rules_export):
    again = export_rules()
    names = sorted(path.name for path in rules_export.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    assert all((rules_export / n).read_bytes() == (again / n).read_bytes() for n in names)


def test_anchors_teach_and_are_counted(export_rules, tmp_path):
    gold = tmp_path / "gold.jsonl"
    row = {"id": "en3Norland", "text": "Rain fell on Norland.", "sentiment": "positive"}
    gold.write_text(json.dumps(row | {"russia": "unrelated"}))
    taught = export_rules(f"gold=[{gold}]", f"anchors=[{gold}]")
    assert described(taught)["learned_from"]["anchors"] == 1
    told = export_rules(f"gold=[{gold}]")
    assert described(told)["learned_from"]["anchors"] == 0
    text = ["Rain fell on Estland."]
    before, after = (
        open_model(one)(text, langs=["en"])[0]["sentiment"]["probabilities"]["positive"]
        for one in (told, taught)
    )
    assert after > before


@pytest.mark.parametrize("kind", ["majority", "one_coin"])
def test_the_baselines_answer_too(export_rules, kind):
    model = open_model(export_rules(f"label_model.kind={kind}"))
    texts = ["Eastland condemned Russia.", "Snow fell."]
    found = model(texts, langs=["en", "en"])
    assert [labels["stance"]["russia"]["label"] for labels in found] == ["against", "unrelated"]


def test_people_help_to_fit_and_are_not_exported(export_rules, rules_tables, tmp_path):
    votes = [
        {"sentence_id": "en3Norland#0", "task": "sentiment", "labeller": "ada"}
        | {"label": "positive", "abstained": False}
    ]
    write_table(tmp_path / "people.parquet", "votes", votes)
    functions = rules_tables / "votes" / "votes.parquet"
    found = described(export_rules(f"votes=[{functions},{tmp_path / 'people.parquet'}]"))
    assert "ada" not in found["functions"]["sentiment"]
    with pytest.raises(DataError, match="expected those of a labelling function on stance"):
        export_rules(f"votes=[{tmp_path / 'people.parquet'}]")


def test_records_are_as_the_schema_of_the_export_says(composer, rules_export, tmp_path):
    schema = json.loads((rules_export / "record.schema.json").read_text(encoding="utf-8"))
    (tmp_path / "in.txt").write_text("Eastland condemned Russia.\n\nSnow fell on it.\n")
    given = {"input": tmp_path / "in.txt", "output": tmp_path / "out.jsonl", "model": rules_export}
    composer.run("predict_stance", *(f"{name}={value}" for name, value in given.items()))
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["stance"]["russia"]["label"] for line in lines] == [
        "against",
        "unrelated",
    ]
    for line in lines:
        Draft202012Validator(schema).validate(json.loads(line))
    (article,) = (tmp_path / "out.jsonl.articles.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(article)["stance"]["russia"]
    assert told["labels"]["against"] == 1
    assert told["holders"] == []
    assert told["voices"] == {"favor": {}, "against": {}}


def test_settings_of_the_label_model_are_those_of_the_pipeline(composer):
    ours, theirs = (composer(name) for name in ("export_rules", "label_sentences"))
    assert ours["label_model"] == theirs["label_model"]
