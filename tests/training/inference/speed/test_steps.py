import json

import pytest

from labels.ingest import read_inputs
from labels.pipeline.schema import Unit
from training.export.artifact import Variant
from training.inference.speed.steps import Steps

NEWS = [
    "Moscow was praised for the treaty. The envoys left. The OIC welcomed the ceasefire in Gaza.",
    "Rain fell on the harbour all night. Nobody went out.",
]
ALL = ["read", "clean", "segment", "find names", "tokenise", "score", "write"]


@pytest.fixture(scope="module")
def steps(tiny_export):
    return Steps(tiny_export[1], 1, Variant.fp32, 0)


@pytest.fixture
def measure(steps, tmp_path):
    """Time the steps on some articles, each on one piece of work or for some seconds."""

    def measure(texts, unit=Unit.article, seconds=0):
        path = tmp_path / "news.jsonl"
        rows = [json.dumps({"id": i, "lang": "en", "text": text}) for i, text in enumerate(texts)]
        path.write_text("\n".join(rows), encoding="utf-8")
        steps._seconds = seconds
        return steps.measure(path, unit, list(read_inputs([path], unit)))

    return measure


def test_each_step_works_on_what_the_one_before_it_made(measure):
    found = measure(NEWS)
    assert [step.name for step in found] == ALL
    assert [step.articles for step in found] == [1] * 7
    assert [step.sentences for step in found] == [0, 0, 3, 3, 3, 3, 3]
    assert all(step.seconds > 0 for step in found)


def test_what_is_done_again_counts_again(measure):
    found = {step.name: step for step in measure(NEWS, seconds=0.05)}
    for name in ALL[2:]:
        step = found[name]
        # both articles, or at an odd number one of them once more
        assert step.sentences / step.articles == pytest.approx(2.5, abs=0.5 / step.articles + 0.01)
    assert found["read"].articles > 2
    assert found["tokenise"].articles == found["score"].articles
    assert found["tokenise"].articles % 2 == 0  # both are labelled together


def test_a_sentence_is_an_article_of_its_own(measure):
    found = measure(["Rain fell. Nobody went out."], Unit.sentence)
    assert [(step.articles, step.sentences) for step in found[2:]] == [(1, 1)] * 5


def test_rejects_are_no_articles_and_leave_nothing_to_label(measure):
    found = measure(["", " "])
    assert [(step.name, step.articles) for step in found] == [("read", 1)]
