"""Settings of ``check_corpus``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.settings import StageSettings, filled, ranged


@dataclass(kw_only=True)
class CorpusSettings(StageSettings):
    """Settings of ``check_corpus``."""

    SECTION: ClassVar[str] = "check_corpus"
    corpus: Path = MISSING
    splits: Path = MISSING
    reference: Path | None = MISSING
    reference_figures: Path = MISSING
    gauge_figures: Path = MISSING
    card: Path = MISSING
    agreement_page: Path = MISSING
    hub_card: Path = MISSING
    write: bool = MISSING
    targets: list[str] = filled()
    target_folder: Path = MISSING
    first_year: int = MISSING
    last_year: int = MISSING
    article_sentences: list[int] = MISSING
    min_articles: int = ranged(at_least=0)
    min_gold: int = ranged(at_least=0)
    min_class: int = ranged(at_least=0)
    min_held_out: int = ranged(at_least=0)
    min_contrasts: int = ranged(at_least=0)
    min_opposites: int = ranged(at_least=0)
    cases: list[str] = MISSING
    min_cases: int = ranged(at_least=0)
    ngram_words: int = ranged(at_least=1)
    max_shared: float = ranged(above=0, at_most=1)
    max_opening: float = ranged(above=0, at_most=1)
    max_ratio_difference: float = ranged(at_least=0)
    max_length_factor: float = ranged(at_least=1)
    bounds: dict[str, dict[str, list[float]]] = MISSING
    gauge_articles: int = ranged(at_least=1)
    newest: list[str] = MISSING
    discriminator_articles: int = ranged(at_least=1)
    discriminator_sentences: int = ranged(at_least=1)
    features: int = ranged(at_least=0)
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Check the usual length of an article, and that bounds are pairs in order."""
        bounds = self.article_sentences
        if len(bounds) != 2 or bounds[0] > bounds[1]:
            yield f"article_sentences: expected [fewest, most], got {bounds}"
        for name, by_lang in self.bounds.items():
            for lang, pair in by_lang.items():
                if len(pair) != 2 or pair[0] > pair[1]:
                    yield f"bounds.{name}.{lang}: expected [least, most], got {pair}"
