import json

import numpy as np
import pytest

from labels.annotate.gold_file import read_gold_lines
from labels.pipeline.tables import write_table


@pytest.fixture
def check(tmp_path, composer, draw_texts):
    """Compare drawn articles as tables; return the report."""

    def run(*overrides, **changes):
        rng = np.random.default_rng(4)
        write(tmp_path / "reference.parquet", draw_texts(rng))
        write(tmp_path / "new.parquet", draw_texts(rng, **changes))
        places = [f"articles={tmp_path / 'new.parquet'}", f"output={tmp_path / 'out'}"]
        places.append(f"reference={tmp_path / 'reference.parquet'}")
        composer.run("check_drift", *places, "permutations=199", "tasks=7", *overrides)
        return json.loads((tmp_path / "out" / "drift.json").read_text(encoding="utf-8"))

    return run


def write(path, texts):
    rows = []
    for text in texts:
        lines = [f"{line.text}." for line in text.lines]
        body = "\n".join(lines)
        ends = np.cumsum([len(line) + 1 for line in lines]) - 1
        rows.append(
            {
                "article_id": text.article_id,
                "title": None,
                "text": body,
                "lang": text.lang,
                "published": text.published,
                "url": None,
                "source": text.source,
                "group_id": text.group,
                "blocks": [
                    {"start": int(end) - len(line), "end": int(end), "kind": "body"}
                    for line, end in zip(lines, ends, strict=True)
                ],
            }
        )
    write_table(path, "articles", rows)


def test_articles_of_one_source_need_no_labels(check, capsys):
    found = check()
    assert found["label_more"] is False
    assert "No drift worth acting on was found." in found["conclusions"]
    assert found["articles"]["articles"] == found["reference"]["articles"] == 120
    assert (found["articles"]["first"], found["later"]) == ("2024-01-01", 0)
    assert found["words"] == {}
    assert "names target (en, russia)" in capsys.readouterr().err


def test_other_articles_are_told_with_their_words_outlets_and_sentences(check, tmp_path):
    found = check(russia=0.9, topics=3, source="[b]Courier")
    assert found["label_more"] is True
    drifted = {one["feature"] for one in found["changes"] if one["verdict"] == "drifted"}
    assert {"topic words", "outlets", "names target"} <= drifted
    words = [word["word"] for word in found["words"]["en"]]
    assert "moscow" in words
    assert {word[-1] for word in words if word != "moscow"} <= set("ghi")  # the new topics
    assert found["unseen_outlets"][0]["name"] == "[b]Courier"
    tasks = list(read_gold_lines(tmp_path / "out" / "tasks.jsonl"))
    assert len(tasks) == found["tasks"] == 7
    assert all("Moscow" in task.values["text"] for task in tasks)
    assert (tmp_path / "out" / "drift.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_the_same_inputs_give_the_same_bytes(check, tmp_path):
    check(topics=3)
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert set(first) == {"drift.json", "drift.svg", "tasks.jsonl"}
    check(topics=3)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first


def test_too_few_articles_are_said_to_be_so(check):
    found = check(n=20)
    assert {one["verdict"] for one in found["changes"]} == {"too_few"}
    assert found["conclusions"][0].startswith("There are too few articles to say")
    assert found["label_more"] is False


def test_a_language_that_is_new_is_told(check):
    found = check(lang="id")
    (languages,) = [one for one in found["changes"] if one["feature"] == "languages"]
    assert languages["verdict"] == "drifted"
    assert languages["distance"] == 1
    assert "Languages: en 0% instead of 100%, id 100% instead of 0%." in found["conclusions"]
