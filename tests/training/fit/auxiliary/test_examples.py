import pytest

from labels.pipeline.errors import ConfigError, DataError
from tests.training.fit.conftest import NEWS, write_set
from training.fit.auxiliary.examples import read_auxiliary
from training.fit.auxiliary.records import BETWEEN
from training.fit.auxiliary.settings import AuxiliarySettings


def entry(suite):
    return AuxiliarySettings(suite=suite, share=0.5, weight=1.0)


def test_a_set_has_the_tasks_and_classes_of_its_labels(sets):
    news, tone = read_auxiliary([entry("news"), entry("tone")], sets, [])
    assert [(task.key, task.scheme.name, task.classes) for task in news.tasks] == [
        ("entity", "stance", ("favor", "against", "neutral"))
    ]
    assert [(task.key, task.classes) for task in tone.tasks] == [
        ("sentiment", ("negative", "positive"))
    ]
    assert news.questions("The tone") == ["Who is marked"]
    assert tone.questions("The tone") == ["The tone"]


def test_labels_are_laid_out_in_the_set_s_own_classes_and_mentions_are_marked(sets, tiny_backbone):
    news, tone = read_auxiliary([entry("news"), entry("tone")], sets, [])
    examples = news.examples(tiny_backbone.tokenizer, "")
    assert examples.labels["stance"].tolist()[:3] == [[[1, 0, 0]], [[0, 1, 0]], [[0, 0, 1]]]
    assert [mark.target for mark in examples.mentions[0]] == [0] * 5  # of `Reed` and what opens it
    examples = tone.examples(tiny_backbone.tokenizer, "")
    assert examples.labels["sentiment"].tolist()[:2] == [[[1, 0]], [[0, 1]]]
    assert (set(examples.labels), examples.n_targets) == ({"sentiment"}, 0)


def test_what_is_scored_is_left_out_whatever_its_case_and_punctuation(sets):
    (news,) = read_auxiliary([entry("news")], sets, ["REED, «ffff» 0.", "Reed ffff 33"])
    assert [row["sentence_id"] for row in news.rows] == [f"n{i}" for i in range(1, 9)]
    assert news.n_left_out == 1


def test_a_target_that_is_a_text_is_left_out_by_itself(sets, split_row):
    rows = [
        split_row(str(i), f"{text}{BETWEEN}Rain {i}", stances={"entity": label})
        for i, (text, label) in enumerate(
            [("a b", "favor"), ("c", "favor"), ("d", "against"), ("e", "neutral")]
        )
    ]
    write_set(sets, NEWS, rows)
    (news,) = read_auxiliary([entry("news")], sets, ["A b"])
    assert (len(news.rows), news.n_left_out) == (3, 1)


@pytest.mark.parametrize("lacking", ["suite.json", "examples.parquet"])
def test_a_set_that_is_not_there_is_told_with_the_command_that_makes_it(sets, lacking):
    (sets / "news" / lacking).unlink()
    message = rf"expected news in .*found no .*{lacking}; run `python scripts/read_suite\.py suite="
    with pytest.raises(ConfigError, match=message):
        read_auxiliary([entry("tone"), entry("news")], sets, [])


def test_a_class_without_a_sentence_is_an_error(sets, split_row):
    write_set(sets, NEWS, [split_row("a", "a", stances={"entity": "favor"})])
    message = r"stance: expected sentences of each of favor, .* found none of against, neutral"
    with pytest.raises(DataError, match=message):
        read_auxiliary([entry("news")], sets, [])
