import json

import pytest

from labels.people.items import read_items, version_of
from labels.pipeline.errors import DataError
from labels.pipeline.schema import tasks_for

TASKS = tasks_for(["russia", "oic", "gaza_ceasefire"])


def record(number, text, probabilities):
    classes = ("favor", "against", "neutral", "unrelated")
    none = {"label": "unrelated", "probabilities": dict.fromkeys(classes, 0.0) | {"unrelated": 1.0}}
    given = dict(zip(classes, probabilities, strict=True))
    answer = {"label": max(given, key=given.get), "probabilities": given}
    tone = {"negative": 0.2, "neutral": 0.6, "positive": 0.2}
    return {
        "id": f"a{number}",
        "sentence_id": f"a{number}#0",
        "kind": "body",
        "field": "text",
        "start": 0,
        "end": len(text),
        "text": text,
        "lang": "en",
        "stance": {"russia": answer, "oic": none, "gaza_ceasefire": none},
        "sentiment": {"label": "neutral", "probabilities": tone},
    }


@pytest.fixture
def make(tmp_path, composer):
    """Choose among predictions; return the folder."""

    def run(*overrides):
        rows = [
            record(
                i,
                f"Moscow praised plan {chr(97 + i)}n of city {chr(97 + i)}s again.",
                (0.1, 0.9 - i / 50, i / 50, 0.0),
            )
            for i in range(20)
        ]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / "stance.jsonl").write_text(lines, encoding="utf-8")
        given = [f"input={tmp_path / 'stance.jsonl'}", f"output={tmp_path / 'round'}", "count=6"]
        composer.run("make_tasks", *given, *overrides)
        return tmp_path / "round"

    return run


def test_a_round_is_written_for_every_program(make, capsys):
    folder = make()
    assert {path.name for path in folder.iterdir()} == {
        "tasks.jsonl",
        "label_studio.json",
        "label_studio.xml",
        "doccano.jsonl",
        "doccano_labels.json",
        "tasks.csv",
    }
    items = read_items(folder / "tasks.jsonl", TASKS)
    assert len(items) == 6
    assert items[0]["proposed"]["russia"] == "against"
    assert items[0]["ask"] == ["russia", "oic", "gaza_ceasefire", "sentiment"]
    assert items[0]["version"] == version_of(items[0]["text"])
    assert "6 sentences to label: " in capsys.readouterr().err
    assert "The Russian state" in (folder / "label_studio.xml").read_text(encoding="utf-8")


def test_nothing_is_proposed_where_that_is_not_wanted(make):
    items = read_items(make("propose=false", "formats=[]") / "tasks.jsonl", TASKS)
    assert [item["proposed"] for item in items] == [{}] * 6


def test_the_next_round_has_other_sentences(make, tmp_path):
    first = read_items(make("formats=[]") / "tasks.jsonl", TASKS)
    (tmp_path / "round" / "tasks.jsonl").rename(tmp_path / "first.jsonl")
    second = read_items(make(f"done={tmp_path / 'first.jsonl'}") / "tasks.jsonl", TASKS)
    assert not {item["id"] for item in first} & {item["id"] for item in second}


def test_a_tasks_file_is_written_again_with_its_answers(make, tmp_path, composer):
    folder = make("formats=[]")
    item = read_items(folder / "tasks.jsonl", TASKS)[0]
    answer = {"id": item["id"], "version": item["version"], "annotator": "anna"}
    line = json.dumps(answer | {"values": {"russia": "favor"}})
    (tmp_path / "answers.jsonl").write_text(line, encoding="utf-8")
    given = [f"tasks={folder / 'tasks.jsonl'}", f"answers={tmp_path / 'answers.jsonl'}"]
    composer.run("make_tasks", *given, f"output={tmp_path / 'again'}")
    again = (tmp_path / "again" / "tasks.jsonl").read_bytes()
    assert again == (folder / "tasks.jsonl").read_bytes()
    tasks = json.loads((tmp_path / "again" / "label_studio.json").read_text(encoding="utf-8"))
    (annotation,) = tasks[0]["annotations"]
    assert annotation["result"][0]["value"] == {"choices": ["favor"]}
    (tmp_path / "answers.jsonl").write_text(line.replace(item["id"], "gone"), encoding="utf-8")
    with pytest.raises(DataError, match="found 'gone'; read_annotations sorts out"):
        composer.run("make_tasks", *given, f"output={tmp_path / 'again'}")


def test_fewer_than_asked_and_none_are_told(make, capsys):
    make("count=50", "formats=[]")
    assert "found 20 sentences to choose, fewer than the 50 asked" in capsys.readouterr().err
    with pytest.raises(DataError, match="expected sentences to choose from, found none"):
        make("least_words=40")


def test_the_same_input_and_seed_give_the_same_bytes(make):
    first = {path.name: path.read_bytes() for path in make().iterdir()}
    assert {path.name: path.read_bytes() for path in make().iterdir()} == first
