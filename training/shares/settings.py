"""Settings of ``chart_stance`` and ``simulate_shares``."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.ingest.settings import NearDuplicateSettings
from labels.pipeline.settings import Settings, filled, literal, ranged

META = "meta.json"  # marks a folder as one of chart_stance


class Period(Enum):
    """What time is cut into."""

    week = "week"  # ISO week: 2024-W09
    month = "month"  # 2024-03


class Counting(Enum):
    """What counts once in a cell."""

    articles = "articles"  # each article
    events = "events"  # articles that nearly repeat one another, together


class Among(Enum):
    """Which sentences shares are of."""

    related = "related"  # those that the model finds to be about the target
    all = "all"


class Estimator(Enum):
    """How shares are estimated; see `training.shares.estimators`."""

    naive = "naive"
    adjusted = "adjusted"
    ppi = "ppi"
    posterior = "posterior"


@dataclass(kw_only=True)
class ShareSettings(Settings):
    """Settings of ``chart_stance``."""

    SECTION: ClassVar[str] = "chart_stance"
    predictions: list[Path] = filled()
    gold: Path | None = MISSING
    gold_predictions: Path | None = MISSING
    output: Path = MISSING
    period: Period = MISSING
    counting: Counting = MISSING
    among: Among = MISSING
    estimator: Estimator = MISSING
    least_articles: int = ranged(at_least=2)
    least_gold: int = ranged(at_least=1)
    least_probability: float = ranged(at_least=0, below=1)
    thresholds: list[float] = ranged(above=0, below=1)
    other_seeds: list[Path] = MISSING
    other_seeds_gold: list[Path] = MISSING
    width: float = ranged(above=0, at_most=1)
    label_cell: str | None = literal()
    most_tasks: int = ranged(at_least=1)
    outlets_shown: int = ranged(at_least=1)
    evidence: int = ranged(at_least=1)
    draws: int = ranged(at_least=1_000)
    seed: int = ranged(at_least=0)
    near_duplicates: NearDuplicateSettings = MISSING

    def problems(self) -> Iterator[str]:
        """Check what goes together, and that no other folder would be replaced."""
        if self.estimator is not Estimator.naive and self.gold is None:
            yield (
                f"gold: expected a file of gold labels for estimator={self.estimator.value}, got "
                "none; estimator=naive takes the model's labels as they are"
            )
        if self.gold is None and self.gold_predictions is not None:
            yield "gold_predictions: expected none without gold"
        expected = len(self.other_seeds) if self.gold_predictions is not None else 0
        if len(self.other_seeds_gold) != expected:
            yield (
                f"other_seeds_gold: expected {expected} files, one for each of other_seeds where "
                f"gold_predictions is given, got {len(self.other_seeds_gold)}"
            )
        if self.output.exists() and not self.output.is_dir():
            yield f"output: expected a folder, got the file {self.output}"
        elif self.output.is_dir() and any(self.output.iterdir()):
            if not (self.output / META).is_file():
                yield f"output: expected a new folder or one of chart_stance, got {self.output}"


@dataclass(kw_only=True)
class SimulationSettings(Settings):
    """Settings of ``simulate_shares``."""

    SECTION: ClassVar[str] = "simulate_shares"
    output: Path = MISSING
    replicates: int = ranged(at_least=1)
    gold_sentences: list[int] = ranged(at_least=20)
    cell_sentences: list[int] = ranged(at_least=10)
    cell_article: float = ranged(at_least=1)
    gold_article: float = ranged(at_least=1)
    alike: float = ranged(above=0, below=1)
    evenness: float = ranged(above=0)
    error_rates: list[list[float]] = MISSING
    least_gold: int = ranged(at_least=1)
    draws: int = ranged(at_least=1_000)
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Check that each row of the error rates is one of shares of three classes."""
        rows = self.error_rates
        if len(rows) != 3 or any(len(row) != 3 for row in rows):
            yield "error_rates: expected three rows of three numbers: favor, against, none"
            return
        for row in rows:
            if min(row) <= 0 or abs(sum(row) - 1) > 1e-6:
                yield f"error_rates: expected numbers above 0 with sum 1 in a row, got {row}"
