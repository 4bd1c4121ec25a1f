import numpy as np
import pytest

from labels.annotate.gold import GoldRow
from labels.pipeline.errors import DataError
from labels.pipeline.schema import tasks_for
from training.label_errors.read import Labelled
from training.label_errors.suspects import Suspect, items_of, out_of_fold, suspects_of

RUSSIA, SENTIMENT = tasks_for(["russia"])


def drawn(rng, n=300, n_wrong=12):
    """Draw points of three clouds, some of which are labelled as another cloud."""
    labels = rng.integers(3, size=n)
    features = rng.normal(size=(n, 4)).astype(np.float32) * 0.4
    features[np.arange(n), labels] += 2
    wrong = rng.choice(n, n_wrong, replace=False)
    labels[wrong] = (labels[wrong] + 1) % 3
    return features, labels, set(wrong.tolist())


def test_planted_errors_are_found_and_little_else():
    features, labels, wrong = drawn(np.random.default_rng(5))
    articles = [str(i // 2) for i in range(len(labels))]
    probabilities = out_of_fold(features, labels, articles, 4, 5, 1.0, 1)
    assert probabilities.shape == (300, 4)
    assert np.allclose(probabilities.sum(1), 1)
    assert not probabilities[:, 3].any()  # a class that gold does not have
    places = np.arange(300) + 1000
    found = suspects_of(RUSSIA, places, labels, probabilities, "prune_by_noise_rate")
    places_found = {one.place - 1000 for one in found}
    assert len(places_found & wrong) >= 10
    assert len(places_found - wrong) <= 2
    assert [one.probability for one in found] == sorted(one.probability for one in found)
    assert all(one.label != one.model_label for one in found)


def test_no_article_is_in_two_folds():
    rng = np.random.default_rng(1)
    labels = np.tile([0, 1], 30)
    articles = [str(i // 6) for i in range(60)]
    # each article is a point of its own: who has seen it knows the label of its other sentences
    features = np.repeat(np.eye(10, dtype=np.float32), 6, axis=0)
    labels = np.repeat(rng.permutation(np.tile([0, 1], 5)), 6)
    probabilities = out_of_fold(features, labels, articles, 2, 5, 1e4, 1)
    assert np.abs(probabilities - 0.5).max() < 0.3


def test_too_little_gold_is_told():
    features = np.eye(6, dtype=np.float32)
    with pytest.raises(DataError, match="expected at least 5 articles, found 2"):
        out_of_fold(features, np.arange(6) % 2, ["a", "b"] * 3, 2, 5, 1.0, 1)
    with pytest.raises(DataError, match="expected two classes in each part, found one"):
        out_of_fold(features, np.zeros(6, np.int64), list("abcdef"), 2, 5, 1.0, 1)


def suspect(place, task, probability, model_label):
    return Suspect(
        place=place,
        task=task,
        label={"russia": "against", "sentiment": "negative"}[task.key],
        model_label=model_label,
        probability=probability,
        model_probability=0.6,
    )


def test_a_row_is_listed_once_with_all_its_odd_labels_and_the_worst_first():
    row = GoldRow(
        where="g:1",
        article_ids=("x", "a"),
        text="Moscow hailed it.",
        labels={"russia": "against", "sentiment": "negative"},
        holder={},
        voice={},
        annotator="anna",
    )
    rows = [Labelled(id=key, article_id="a", lang="en", row=row) for key in ("x", "y")]
    odd = [suspect(0, RUSSIA, 0.3, "favor"), suspect(1, SENTIMENT, 0.05, "positive")]
    odd.append(suspect(1, RUSSIA, 0.03, "favor"))
    first, second = items_of(rows, odd, 10)
    assert (first["id"], first["ask"]) == ("y", ["russia", "sentiment"])
    assert first["given"] == [
        {"annotator": "anna", "values": {"russia": "against", "sentiment": "negative"}},
        {"annotator": "model", "values": {"russia": "favor", "sentiment": "positive"}},
    ]
    assert first["why"] == (
        "russia: against has 0.03, favor has 0.6; sentiment: negative has 0.05, positive has 0.6"
    )
    assert (second["id"], second["ask"]) == ("x", ["russia"])
    assert [one["id"] for one in items_of(rows, odd, 1)] == ["y"]
