import numpy as np
import pytest

from labels.metrics.intervals import group_interval
from training.report_card.intervals import (
    Measure,
    Rule,
    by_group,
    counted,
    measure,
    resampled,
    share,
)


def test_the_draws_are_those_of_the_score_of_a_split():
    """Two ways to the same interval: each draw by itself, and all of them at once."""
    rng = np.random.default_rng(3)
    gold, called = rng.integers(3, size=(2, 200))
    groups = rng.integers(40, size=200)
    expected = group_interval(
        gold, called, groups.tolist(), (0, 1), 3, np.random.default_rng(7), n_draws=150
    )
    cells = np.stack([(gold * 3 + called == cell).astype(float) for cell in range(9)])
    tables = by_group(np.unique(groups, return_inverse=True)[1], list(cells))

    def f1(sums):
        pairs = sums.reshape(-1, 3, 3)
        right = np.diagonal(pairs, axis1=1, axis2=2)
        return (2 * right / (pairs.sum(1) + pairs.sum(2)))[:, :2].mean(1)

    found = measure(tables, {"f1": Measure(f1, 200, "")}, n_draws=150, seed=7)["f1"]
    assert (found.low, found.high) == pytest.approx(expected)


def test_articles_are_drawn_whole():
    tables = np.array([[4.0, 4.0], [4.0, 0.0]])  # of one article all is right, of the other nothing
    sums = resampled(tables, n_draws=200, seed=1)
    assert set(sums[:, 0]) == {8.0}
    assert set(sums[:, 1]) == {0.0, 4.0, 8.0}


def test_what_is_too_little_has_no_figure_and_says_why():
    rule = Rule(rows=20, groups=10)
    assert rule.shortage({"favor": (20, 10), "against": (300, 90)}) == ""
    assert rule.shortage({"favor": (19, 19), "against": (300, 90)}) == "19 favor in 19 articles"
    assert rule.shortage({"favor": (20, 9)}) == "20 favor in 9 articles"
    few = rule.shortage({"favor": (0, 0), "against": (1, 1)})
    assert few == "0 favor in 0 articles, 1 against in 1 article"
    tables = np.ones((3, 2))
    figures = measure(
        tables,
        {"a": Measure(share(0, 1), 3, "too few"), "b": Measure(share(0, 1), 3, "")},
        n_draws=5,
        seed=1,
    )
    assert (figures["a"].value, figures["a"].shortage, figures["a"].n) == (None, "too few", 3)
    assert figures["b"].value == figures["b"].low == figures["b"].high == 1


def test_nothing_at_all_is_no_error():
    empty = by_group(np.array([], np.int64), [np.array([], float)] * 2)
    assert counted(empty, 0) == (0, 0)
    found = measure(empty, {"a": Measure(share(0, 1), 0, "0 rows")}, n_draws=5, seed=1)
    assert found["a"].value is None


def test_rows_are_summed_by_group():
    groups = np.array([1, 0, 1])
    table = by_group(groups, [np.array([1.0, 2.0, 4.0])])
    assert table.tolist() == [[2.0], [5.0]]
    assert counted(table, 0) == (7, 2)


def articles_of(rng, n):
    """Draw articles of three rows: each leans to a class, and is easy or hard."""
    lean = rng.choice(3, size=n, p=[0.3, 0.3, 0.4])
    right = rng.random((n, 3)) < np.where(rng.random(n) < 0.4, 0.6, 0.9)[:, None]
    gold = np.where(rng.random((n, 3)) < 0.6, lean[:, None], 2)
    called = np.where(right, gold, (gold + rng.integers(1, 3, size=(n, 3))) % 3)
    tables = np.zeros((n, 9))
    for row in range(3):
        np.add.at(tables, (np.arange(n), gold[:, row] * 3 + called[:, row]), 1)
    return tables


def polar_f1(sums):
    pairs = sums.reshape(-1, 3, 3)
    f1 = 2 * np.diagonal(pairs, axis1=1, axis2=2) / np.maximum(pairs.sum(1) + pairs.sum(2), 1)
    return np.where(pairs.sum(2) > 0, f1, 0)[:, :2].mean(1)


@pytest.mark.simulation
@pytest.mark.parametrize(
    ("articles", "least", "most"), [(10, 0.0, 0.86), (45, 0.90, 0.98), (150, 0.92, 0.98)]
)
def test_intervals_cover_where_the_rule_lets_them_be_said_and_not_below(articles, least, most):
    """The reason for the rule: 45 articles hold 20 rows of the rarer class, 10 hold 4."""
    truth = polar_f1(articles_of(np.random.default_rng(0), 400_000).sum(0, keepdims=True))[0]
    rng = np.random.default_rng(1)
    covered = 0
    for seed in range(400):
        tables = articles_of(rng, articles)
        found = measure(tables, {"f1": Measure(polar_f1, articles, "")}, 300, seed)["f1"]
        covered += found.low <= truth <= found.high
    assert least <= covered / 400 <= most
