import pytest

from labels.pipeline.errors import ConfigError


def test_the_built_in_settings_are_right(settings):
    assert settings().label_model.kind.value == "confusion"


@pytest.mark.parametrize(
    ("override", "found"),
    [
        ("gold=none.jsonl", "label_sentences.gold: no file none.jsonl"),
        ("anchors=none.jsonl", "label_sentences.anchors: none.jsonl is not in gold"),
        ("votes=[]", "label_sentences.votes: expected at least one, got none"),
        ("votes=[a,a]", "label_sentences.votes: expected each table once, got a, a"),
        ("quality_folds=1", "label_sentences.quality_folds: expected at least 2, got 1"),
        ("label_model.accuracy=1", r"label_model.accuracy: expected \[0.34, 1\), got 1.0"),
        ("label_model.pooling=0", "label_model.pooling: expected more than 0, got 0.0"),
    ],
)
def test_wrong_settings_are_refused(settings, override, found):
    with pytest.raises(ConfigError, match=found):
        settings(override)
