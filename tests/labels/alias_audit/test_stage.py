import json

import pytest

from labels.pipeline.errors import ConfigError, DataError


@pytest.fixture
def audit(composer, rules_tables, tmp_path):
    def run(*overrides):
        output = tmp_path / "out"
        work = f"paths.work={rules_tables}"
        given = ("articles=null", "judged=[]", *overrides)
        composer.run("audit_aliases", work, f"output={output}", *given)
        return output

    return run


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def judged_file(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_half_of_what_is_drawn_has_a_target_and_the_same_seed_draws_the_same(audit):
    drawn = lines_of(audit("draw=4") / "to_judge.jsonl")
    assert drawn == lines_of(audit("draw=4") / "to_judge.jsonl")
    assert drawn != lines_of(audit("draw=4", "seed=5") / "to_judge.jsonl")
    english = [row for row in drawn if row["lang"] == "en"]
    assert sum(row["found"] for row in english) == 2
    assert {row["named"] for row in drawn} == {None}
    assert all(row["text"] and row["end"] == len(row["text"]) for row in drawn)


def test_weights_add_up_to_the_sentences_of_a_language_and_kind(audit, rules_tables):
    few = lines_of(audit("draw=4") / "to_judge.jsonl")
    every = lines_of(audit("draw=1000") / "to_judge.jsonl")
    assert len(every) == 40
    assert {row["weight"] for row in every} == {1.0}
    for lang in {row["lang"] for row in few}:
        weight = sum(row["weight"] for row in few if row["lang"] == lang and row["found"])
        assert weight == sum(row["lang"] == lang and row["found"] for row in every)


def test_gold_is_not_drawn(audit, tmp_path):
    every = lines_of(audit("draw=1000") / "to_judge.jsonl")
    gold = judged_file(
        tmp_path / "gold.jsonl",
        [
            {"article_id": every[0]["article_id"], "text": "-"},
            {"article_id": "-", "text": every[1]["text"]},
        ],
    )
    left = lines_of(audit("draw=1000", f"leave_out=[{gold}]") / "to_judge.jsonl")
    assert [row["sentence_id"] for row in left] != [row["sentence_id"] for row in every]
    gone = {every[0]["sentence_id"], every[1]["sentence_id"]}
    assert gone.isdisjoint(row["sentence_id"] for row in left)


def test_judged_sentences_are_measured_and_errors_shown(audit, tmp_path, capsys):
    drawn = lines_of(audit("draw=1000") / "to_judge.jsonl")
    rows = [row | {"named": ["russia"] if "Russia" in row["text"] else []} for row in drawn]
    rows = [row for row in rows if row["lang"] == "en"]
    wrong = next(row for row in rows if row["found"] and row["named"])
    wrong["named"] = ["oic"]
    output = audit(f"judged=[{judged_file(tmp_path / 'judged.jsonl', rows)}]")
    errors = lines_of(output / "errors.jsonl")
    own = [one for one in errors if one["sentence_id"] == wrong["sentence_id"]]
    assert [(one["target"], one["kind"]) for one in own] == [("oic", "missed"), ("russia", "wrong")]
    assert own[1]["names"] == ["Russia"]
    report = json.loads((output / "aliases.json").read_text(encoding="utf-8"))
    assert report["judged"] == len(rows)
    whole = report["figures"][0]
    assert (whole["lang"], whole["task"], whole["sentences"]) == ("en", "all", len(rows))
    assert whole["wrong"] == sum(one["kind"] == "wrong" for one in errors)
    page = (output / "aliases.md").read_text(encoding="utf-8")
    assert page.startswith("| language | target |")
    assert not any(row["text"] in page for row in rows)


def test_every_wrong_row_is_told_at_once(audit, tmp_path):
    row = {"sentence_id": "1", "article_id": "a", "field": "text", "start": 0, "end": 3}
    row |= {"lang": "en", "found": True, "weight": 1.0, "named": []}
    rows = [row, row, row | {"sentence_id": "2", "named": None}, row | {"named": ["nato"]}]
    path = judged_file(tmp_path / "judged.jsonl", [*rows, row | {"weight": "much"}])
    with pytest.raises(DataError) as caught:
        audit(f"judged=[{path}]")
    message = str(caught.value)
    assert f"{path}:2: expected each sentence once, got '1'" in message
    assert f"{path}:3: named: expected list, got None" in message
    assert f"{path}:4: named: expected some of ['russia', 'oic', 'gaza_ceasefire']" in message
    assert f"{path}:5: weight: expected float, got 'much'" in message


def test_sentences_of_other_articles_are_refused(audit, tmp_path):
    row = {"sentence_id": "1", "article_id": "a", "field": "text", "start": 0, "end": 3}
    row |= {"lang": "en", "found": True, "weight": 1.0, "named": []}
    with pytest.raises(DataError, match="1 do not stand there, such as '1'"):
        audit(f"judged=[{judged_file(tmp_path / 'judged.jsonl', [row])}]")


def test_with_nothing_to_do_it_says_so(audit):
    with pytest.raises(ConfigError, match="judged: expected a file of judged sentences"):
        audit()


def test_a_file_that_is_not_there_is_named(audit, tmp_path):
    with pytest.raises(ConfigError, match=r"judged: no file .*nowhere\.jsonl"):
        audit(f"judged=[{tmp_path / 'nowhere.jsonl'}]")
