"""The guidelines quote the corpus: each example stands in its gold, with the label given."""

import re
from pathlib import Path

import pytest

from labels.corpus.read import read_records

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| ((?:ar|en|id|ru)-\d{4,}) \| (.+?) \| (.+?) \|(?: (\S.*?) \| (\w+) \|)?$")
STATED = re.compile(r"\((\S+), ((?:ar|en|id|ru)-\d{4,})\)")


@pytest.fixture(scope="module")
def guidelines():
    return (ROOT / "labels" / "guidelines.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def gold():
    problems = []
    records = read_records(ROOT / "data" / "sample" / "gold.jsonl", problems)
    assert not problems
    return {record["id"]: record for record in records}


def test_every_example_is_a_gold_row_with_that_label(guidelines, gold):
    rows = [match for line in guidelines.splitlines() if (match := ROW.match(line))]
    assert len(rows) > 50
    for row in rows:
        key, text, label, holder, voice = row.groups()
        assert gold[key]["text"] == text, key
        task, _, stance = label.rpartition(" ")
        assert gold[key][task or "sentiment"] == stance, key
        if holder:
            assert (gold[key]["holder"][task], gold[key]["voice"][task]) == (holder, voice), key


def test_a_holder_in_the_text_of_the_guidelines_is_that_of_its_row(guidelines, gold):
    stated = STATED.findall(guidelines)
    assert stated
    for holder, key in stated:
        assert holder in gold[key]["holder"].values(), key


def test_every_rule_has_examples(guidelines):
    rules = re.split(r"^### (?=\d)", guidelines, flags=re.MULTILINE)[1:]
    assert [int(rule.split(".")[0]) for rule in rules] == list(range(1, 14))
    for rule in rules:
        assert any(ROW.match(line) for line in rule.splitlines()), rule[:40]
