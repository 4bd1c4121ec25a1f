import json

import pytest

from labels.ingest import RawRecord
from labels.pipeline.errors import ConfigError, DataError
from training.inference.description import read_description
from training.inference.model import StanceModel
from training.inference.speed.sample import Sample, draw_articles, sentences_of, token_counts


@pytest.fixture
def settings(composer, tmp_path, tiny_export):
    def make(texts, *overrides):
        rows = [json.dumps({"id": i, "lang": "en", "text": text}) for i, text in enumerate(texts)]
        (tmp_path / "news.jsonl").write_text("\n".join(rows), encoding="utf-8")
        given = [f"input={tmp_path / 'news.jsonl'}", f"model={tiny_export[1]}"]
        return composer.settings("benchmark_speed", *given, *overrides)

    return make


def test_an_even_sample_has_short_and_long_sentences_in_their_order():
    lengths = [[9], [1], [5], [3], [7], [2], [8], [4], [10], [6]]
    sample = Sample([str(found[0]) for found in lengths], lengths)
    assert sample.tokens == 5.5
    assert sample.even(5).texts == ["2", "8", "4", "10", "6"]
    assert sample.even(1).texts == ["6"]
    assert sample.even(10) == sample.even(99) == sample


def test_a_sentence_in_parts_counts_the_tokens_of_each():
    sample = Sample(["a", "b", "c"], [[4], [6, 6], [5]])
    assert sample.tokens == 7
    assert sample.even(1).lengths == [[5]]


def test_articles_are_drawn_at_random_but_the_same_each_time(settings):
    texts = [f"Rain fell on day {i}." for i in range(40)]
    found = [draw_articles(settings(texts, "articles=12", f"seed={seed}")) for seed in (1, 1, 2)]
    names = [[item.text for item in items] for items in found]
    assert names[0] == names[1] != names[2]
    assert len(set(names[0])) == 12
    assert set(names[0]) < set(texts)
    assert names[0] != sorted(names[0], key=texts.index)
    assert len(draw_articles(settings(texts))) == 40


def test_sentences_come_from_the_articles_that_can_be_read(settings, tiny_export):
    description, _ = read_description(tiny_export[1])
    chosen = settings(["Rain fell. The envoys left.", "", "Moscow rejected the plan."])
    found = sentences_of(draw_articles(chosen), description, chosen)
    assert set(found.texts) == {"Rain fell.", "The envoys left.", "Moscow rejected the plan."}
    twice = settings(["Rain fell. Rain fell.", "Rain fell."])
    assert sentences_of(draw_articles(twice), description, twice).texts == ["Rain fell."]
    few = settings(["Rain fell. The envoys left.", "Moscow rejected the plan."], "sentences=1")
    assert len(sentences_of(draw_articles(few), description, few).texts) == 1


def test_tokens_are_those_that_the_export_reads(tiny_export):
    description, _ = read_description(tiny_export[1])
    texts = ["Rain.", "Россия " * 30]
    found = token_counts(texts, description, tiny_export[1])
    parts = StanceModel(tiny_export[1], 1).tokenize(texts, [[], []], [None, None])
    assert found == [[len(part.ids) for part in own] for own in parts]
    assert found[0] == [len("<s>") - 1 + len("▁q:▁Rain.")]
    assert len(found[1]) > 1
    assert max(found[1]) <= description["max_tokens"]


def test_an_input_without_a_sentence_or_none_at_all_is_an_error(settings, tiny_export):
    description, _ = read_description(tiny_export[1])
    chosen = settings(["", " "])
    with pytest.raises(DataError, match="expected sentences to label, found none in 2 inputs"):
        sentences_of(draw_articles(chosen), description, chosen)
    with pytest.raises(ConfigError, match="no such file or folder"):
        draw_articles(settings([], "input=nowhere"))


def test_a_record_is_an_item(settings):
    (item,) = draw_articles(settings(["Rain."]))
    assert isinstance(item, RawRecord)
