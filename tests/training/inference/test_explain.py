import numpy as np
import pytest

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import STANCES
from training.inference import StanceModel
from training.inference.explain import explain

TEXT = "Moscow hailed  the truce, «ура» 🙂."


@pytest.fixture(scope="module")
def model(tiny_export):
    return StanceModel(tiny_export[1], threads=1)


def test_every_word_has_a_weight_and_its_place(model):
    found = model.explain(TEXT, "russia")
    assert [word.text for word in found.words] == TEXT.split()
    assert all(TEXT[word.start : word.end] == word.text for word in found.words)
    answer = model([TEXT])[0]["stance"]["russia"]
    assert found.label == answer["label"]
    assert found.probability == pytest.approx(answer["probabilities"][answer["label"]], abs=1e-5)


def test_a_weight_is_what_the_label_loses_without_the_word():
    class Told:
        """Finds the words of a stance in what it is shown."""

        targets = ("russia",)

        def speaking(self, sentence, target, lang):
            part = FakePart(np.array([[0, 0], [0, 2], [3, 8], [9, 12], [12, 13], [0, 0]]))
            return part, np.array([0.9, 0.05, 0.05, 0.0])

        def probabilities(self, rows, target):
            return [np.array([0.2 if 2 in row.hidden else 0.9, 0.1, 0, 0]) for row in rows]

    class FakePart:
        def __init__(self, offsets, hidden=()):
            self.offsets, self.hidden = offsets, hidden

        def _replace(self, hidden):
            return FakePart(self.offsets, hidden)

    found = explain(Told(), "He hails it.", "russia", None)
    assert found.label == STANCES[0]
    assert [(word.text, word.weight) for word in found.words] == [
        ("He", 0.0),
        ("hails", 0.7),
        ("it.", 0.0),
    ]
    assert found.strongest(1)[0].text == "hails"


def test_of_a_very_long_sentence_the_part_that_speaks_is_explained(model):
    text = "Rain fell and " * 200 + "Moscow hailed it."
    found = model.explain(text, "russia")
    assert 0 < len(found.words) < len(text.split())


def test_an_unknown_target_and_a_sentence_without_words_are_told(model):
    with pytest.raises(ConfigError, match="target: expected one of russia, oic, gaza_ceasefire"):
        model.explain(TEXT, "mars")
    with pytest.raises(DataError, match="expected a word"):
        model.explain("  ", "oic")
