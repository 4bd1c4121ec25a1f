"""Settings of ``split_examples``."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import Split
from labels.pipeline.settings import Settings, StageSettings, ranged


class SplitKind(Enum):
    """How sentences come to train, dev or test."""

    grouped = "grouped"  # whole near-duplicate groups, stratified
    article = "article"  # whole articles, stratified
    outlet = "outlet"  # whole outlets, stratified
    time = "time"  # the oldest train, the newest are test
    fixed = "fixed"  # as given files say


@dataclass(kw_only=True)
class FixedSplits(Settings):
    """JSON-lines files whose ids say what belongs to a split."""

    SECTION: ClassVar[str] = "fixed"
    train: list[Path] = MISSING
    dev: list[Path] = MISSING
    test: list[Path] = MISSING

    def files(self) -> dict[str, list[Path]]:
        """Return the files by the name of their split."""
        return {split.value: getattr(self, split.value) for split in Split}


@dataclass(kw_only=True)
class SplitSettings(StageSettings):
    """Settings of ``split_examples``."""

    SECTION: ClassVar[str] = "split_examples"
    articles: Path = MISSING
    sentences: Path = MISSING
    mentions: Path = MISSING
    labels: Path = MISSING
    output: Path = MISSING
    kind: SplitKind = MISSING
    sizes: dict[str, float] = ranged(at_least=0, at_most=1)
    latest: float = ranged(at_least=0, below=1)
    fixed: FixedSplits = MISSING
    scored_only: list[Path] = MISSING
    unseen_targets: list[str] = MISSING
    unseen_languages: list[str] = MISSING
    gold_weight: float = ranged(at_least=0)
    silver_weight: float = ranged(at_least=0)
    min_silver_confidence: float = ranged(at_least=0, at_most=1)
    silver_named: bool = MISSING
    silver_most: int | None = ranged(at_least=0)
    ngram_words: int = ranged(at_least=1)
    max_shared: float = ranged(above=0, at_most=1)
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Check the names of the splits, their sizes and files."""
        names = {split.value for split in Split}
        if not set(self.sizes) <= names:
            yield f"sizes: expected {sorted(names)}, got {sorted(self.sizes)}"
        if self.kind is not SplitKind.fixed and abs(sum(self.sizes.values()) - 1) > 1e-6:
            yield f"sizes: expected a sum of 1, got {sum(self.sizes.values())}"
        for path in (path for paths in self.fixed.files().values() for path in paths):
            if self.kind is SplitKind.fixed and not path.is_file():
                yield f"fixed: no file {path}"
