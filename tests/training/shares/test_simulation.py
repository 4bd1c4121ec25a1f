import numpy as np
import pytest
from rich.console import Console

from labels.pipeline.errors import ConfigError
from labels.pipeline.progress import meter
from training.shares.simulation import CASES, CHANGE, simulate_case


@pytest.fixture
def simulated(composer):
    def run(case, n_cell, n_gold, replicates):
        settings = composer.settings("simulate_shares", f"replicates={replicates}")
        with meter(Console(quiet=True), "x", "y") as shown:
            rng = np.random.default_rng(5)
            rows = simulate_case(settings, case, n_cell, n_gold, rng, shown)
        return {(row["estimator"], row["stance"]): row for row in rows}

    return run


def test_what_each_estimator_takes_for_granted_shows(simulated):
    like, shifted, _, harder = CASES
    same = simulated(like, 300, 600, 60)
    assert same["ppi", "against"]["coverage"] > 0.85
    assert same["ppi", "against"]["width"] < same["posterior", "against"]["width"]
    other = simulated(shifted, 300, 600, 60)
    assert other["ppi", "against"]["coverage"] < 0.2
    assert other["naive", "against"]["coverage"] < 0.3
    for name in ("adjusted", "posterior", CHANGE):
        assert other[name, "against"]["coverage"] > 0.85
    worse = simulated(harder, 1500, 2000, 60)
    assert worse["posterior", "against"]["coverage"] < 0.6


@pytest.mark.simulation
@pytest.mark.parametrize("case", CASES[:2], ids=lambda case: case.name)
def test_intervals_hold_the_truth_as_often_as_they_say(simulated, case):
    """With 600 replicates a coverage of 0.95 is seen as 0.92 to 0.98 but once in a thousand."""
    rows = simulated(case, 300, 600, 600)
    for name in ("adjusted", "posterior", CHANGE):
        for stance in ("favor", "against"):
            assert 0.92 <= rows[name, stance]["coverage"] <= 0.98, (name, stance)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("error_rates=[[1.0,0.0,0.0],[0.5,0.3,0.2],[0.2,0.2,0.6]]", "numbers above 0"),
        ("error_rates=[[0.5,0.5]]", "error_rates: expected three rows"),
        ("gold_sentences=[5]", "gold_sentences: expected at least 20, got 5"),
    ],
)
def test_wrong_settings_are_told(composer, change, message):
    with pytest.raises(ConfigError, match=message):
        composer.settings("simulate_shares", change)


def test_the_same_seed_writes_the_same(composer, tmp_path, capsys):
    for name in ("a", "b"):
        composer.run(
            "simulate_shares",
            "replicates=3",
            "gold_sentences=[100]",
            "cell_sentences=[50]",
            f"output={tmp_path / name}",
        )
    first, second = ((tmp_path / name / "coverage.csv").read_bytes() for name in ("a", "b"))
    assert first == second
    assert "| other shares: ppi |" in (tmp_path / "a" / "coverage.md").read_text(encoding="utf-8")
    assert "coverage.md" in capsys.readouterr().out
