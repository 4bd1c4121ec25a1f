import pytest

from training.report_card.intervals import Rule
from training.report_card.scored import read_scored
from training.report_card.slices import (
    Measuring,
    sentiment_slices,
    stance_figures,
    stance_slices,
    voice_slices,
)

EASY = Measuring(rule=Rule(rows=1, groups=1), n_draws=20, seed=1)
F, A, N, U = "favor", "against", "neutral", "unrelated"


@pytest.fixture
def rows_of():
    """Make columns of (gold, label) pairs, an article each."""

    def make(pairs, lang="en", confidence=0.9):
        classes = (F, A, N, U)
        rows = [
            {
                "sentence_id": f"s{i}",
                "article_id": f"a{i}",
                "group_id": f"a{i}",
                "lang": lang,
                "split": "dev",
                "task": "oic",
                "gold": gold,
                "label": label,
                "probabilities": [
                    confidence if name == label else (1 - confidence) / 3 for name in classes
                ],
                "gold_holder": "author" if gold in (F, A) else None,
                "holder": "author",
                "holder_right": i % 2 == 0 if gold in (F, A) else None,
                "gold_voice": "author" if gold in (F, A) else None,
                "voice": "author",
            }
            for i, (gold, label) in enumerate(pairs)
        ]
        return read_scored(iter(rows), "dev").stances

    return make


def test_figures_are_those_worked_out_by_hand(rows_of):
    pairs = [(F, F), (F, F), (F, N), (A, A), (A, F), (N, N), (N, A), (N, N), (U, U), (U, N)]
    found = {name: one.value for name, one in stance_figures(rows_of(pairs), EASY).items()}
    f1 = {F: 4 / 6, A: 2 / 4, N: 4 / 7, U: 2 / 3}
    assert found["f_polar"] == pytest.approx((f1[F] + f1[A]) / 2)
    assert found["macro_related"] == pytest.approx((f1[F] + f1[A] + f1[N]) / 3)
    assert found["macro_f1"] == pytest.approx(sum(f1.values()) / 4)
    assert found["related"] == pytest.approx(2 * 8 / (8 + 9))  # 8 of 8 found, 9 called
    assert found["false_polar"] == pytest.approx(1 / 3)
    assert found["called"] == pytest.approx(3 / 5)
    assert found["found"] == pytest.approx(3 / 5)
    assert found["called_favor"] == pytest.approx(2 / 3)
    assert found["found_against"] == pytest.approx(1 / 2)
    assert (found["ratio_favor"], found["ratio_against"]) == (1, 1)
    assert found["holder"] == pytest.approx(3 / 5)  # of the rows 0 to 4 every second one
    assert found["voice"] == 1
    assert found["sure"] == pytest.approx(0.9 - 0.6)


def test_a_class_without_gold_leaves_only_the_figures_that_need_it_unsaid(rows_of):
    found = stance_figures(rows_of([(F, F), (N, N), (U, U)]), EASY)
    assert found["f_polar"].shortage == "0 against in 0 articles"
    assert found["macro_f1"].value is None
    assert found["related"].value == 1
    assert found["found_favor"].value == 1


def test_slices_are_all_then_each_language_then_each_target(small):
    found = stance_slices(read_scored(iter(small.predictions), "dev").stances, EASY)
    assert [(one.target, one.lang) for one in found] == [
        (target, lang) for target in ("all", "russia", "oic") for lang in ("all", "ar", "en")
    ]
    assert [one.n for one in found] == [96, 48, 48, 48, 24, 24, 48, 24, 24]
    assert found[0].groups == 48


def test_positions_are_measured_by_their_voice(small):
    rows = read_scored(iter(small.predictions), "dev").stances
    found = voice_slices(rows, EASY)
    assert list(found) == ["author", "reported", "event"]
    every = found["event"][0]
    assert every.n == sum(row["gold_voice"] is not None for row in small.predictions)
    # a third is wrong: favor is called against, against is called neutral
    kept = [row for row in small.predictions if row["gold_voice"]]
    right = sum(row["gold"] == row["label"] for row in kept) / len(kept)
    opposite = sum({row["gold"], row["label"]} == {F, A} for row in kept) / len(kept)
    assert every.figures["found"].value == pytest.approx(right)
    assert every.figures["reversed"].value == pytest.approx(opposite)
    assert found["author"][0].figures["found"].shortage == "0 positions in 0 articles"


def test_sentiments_are_measured_in_each_language(small):
    found = sentiment_slices(read_scored(iter(small.predictions), "dev").sentiments, EASY)
    assert [(one.lang, one.n) for one in found] == [("all", 48), ("ar", 24), ("en", 24)]
    assert found[0].figures["right"].value == pytest.approx(32 / 48)


def test_every_slice_is_told(small):
    told = []
    measuring = Measuring(EASY.rule, 5, 1, advance=lambda: told.append(1))
    stance_slices(read_scored(iter(small.predictions), "dev").stances, measuring)
    assert len(told) == 9
