import numpy as np
import pytest

from labels.corpus.discriminator import Side, matched_by_length, separate, strongest

WORDS = "north south east west rain snow wind cloud river hill".split()


def side(name, n, extra="", seed=0):
    """Make articles of four sentences of six drawn words, ``extra`` among them."""
    rng = np.random.default_rng(seed)
    texts = [" ".join([*rng.choice(WORDS, 6), extra]).strip() for _ in range(n)]
    return Side(texts, [f"{name}{i // 4}" for i in range(n)])


def test_sides_are_matched_sentence_by_sentence_in_length():
    ours = Side(["a" * 15, "b" * 16, "c" * 95], ["x", "y", "z"])
    theirs = Side(["d" * 17, "e" * 45], ["p", "q"])
    mine, yours = matched_by_length(ours, theirs, 9, np.random.default_rng(1))
    assert len(mine.texts) == len(yours.texts) == 1
    assert len(mine.texts[0]) in (15, 16)
    assert yours.articles == ["p"]


def test_no_more_sentences_are_drawn_than_asked_for():
    ours, theirs = side("a", 40), side("b", 40, seed=1)
    mine, yours = matched_by_length(ours, theirs, 7, np.random.default_rng(1))
    assert (len(mine.texts), len(yours.texts)) == (7, 7)


def test_sides_of_the_same_words_cannot_be_told_apart():
    found = separate(side("a", 400), side("b", 400, seed=1), 300, seed=5)
    assert found.auc == pytest.approx(0.5, abs=0.1)
    assert found.low <= found.auc <= found.high


def test_a_word_that_one_side_has_tells_it_and_is_shown_first():
    ours, theirs = side("a", 400, "zeal"), side("b", 400, "calm", seed=1)
    found = separate(ours, theirs, 300, seed=5)
    assert found.auc > 0.99
    assert found.sentences <= 300
    features = strongest(ours, theirs, 300, seed=5, count=10)
    assert len(features) == 10
    assert any("z" in feature for feature in features)
    assert not any("calm" in feature for feature in features)


def test_the_same_seed_gives_the_same_figures():
    ours, theirs = side("a", 200, "zeal"), side("b", 200, seed=1)
    assert separate(ours, theirs, 150, seed=5) == separate(ours, theirs, 150, seed=5)


def test_too_few_sentences_say_nothing():
    assert separate(side("a", 50), side("b", 400), 300, seed=5) is None
    assert strongest(side("a", 50), side("b", 400), 300, 5, 10) == []
