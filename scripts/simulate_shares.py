"""Simulate how often the intervals of chart_stance hold the truth, and where they do not.

    python scripts/simulate_shares.py
    python scripts/simulate_shares.py replicates=200 gold_sentences=[200]

Draws cells and gold samples with known shares, clusters and error rates, and lets every estimator
answer: the gold sample is like the cell, or has other shares, or other error rates. Writes
coverage.csv and coverage.md, which docs/shares.md quotes.
"""

from labels.pipeline.command import Stage
from training.shares.settings import SimulationSettings

STAGE = Stage(__file__, SimulationSettings, "training.shares.simulation")

if __name__ == "__main__":
    STAGE.main(__doc__)
