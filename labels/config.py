"""Typed settings of the label-side stages.

The dataclasses hold names, types and checks; the values stand in ``configs/``. Hydra checks names
and types; `settings.resolve` runs every ``__post_init__``, which collects its section's problems.
"""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from omegaconf import MISSING

from labels.schema import Split, TargetKind, Unit
from labels.settings import check

_MEGABYTES = 1_000_000  # a larger limit, or infinity, is a mistake


@dataclass(kw_only=True)
class ContextConfig:
    """Words that decide whether an ambiguous name means the target; all are language -> phrases."""

    near: dict[str, list[str]] = field(default_factory=dict)  # speak for the target
    weak: dict[str, list[str]] = field(default_factory=dict)  # speak for it if nothing else speaks
    elsewhere: dict[str, list[str]] = field(default_factory=dict)  # speak against it
    weak_elsewhere: dict[str, list[str]] = field(default_factory=dict)  # as weak, against it
    default: bool = MISSING  # when nothing speaks, in the sentence and around it


@dataclass(kw_only=True)
class TargetConfig:
    """What stance is taken towards: one file in ``configs/target/``."""

    name: str = MISSING  # as shown to people
    description: str = MISSING  # English; the model reads it as the query
    kind: TargetKind = MISSING
    aliases: dict[str, list[str]] = field(default_factory=lambda: MISSING)  # language -> names
    ambiguous: dict[str, list[str]] = field(default_factory=dict)  # names that need the context
    exclusions: dict[str, list[str]] = field(default_factory=lambda: MISSING)  # never a mention
    context: ContextConfig | None = None

    def __post_init__(self) -> None:
        """Check that there is a name to look for, and a context where one is needed."""
        problems = []
        if not any(self.aliases.values()) and not any(self.ambiguous.values()):
            problems.append("aliases: expected at least one name in aliases or ambiguous")
        if any(self.ambiguous.values()) and self.context is None:
            problems.append("context: expected one, because there are ambiguous names")
        check(f"target {self.name}", problems)


@dataclass(kw_only=True)
class PathsConfig:
    """Folders of one experiment."""

    data_dir: str = MISSING  # what comes from outside
    work: str = MISSING
    articles: str = MISSING
    sentences: str = MISSING
    labels: str = MISSING
    splits: str = MISSING
    model: str = MISSING
    report: str = MISSING
    export: str = MISSING
    checkpoints: str = MISSING


@dataclass(kw_only=True)
class StageConfig:
    """What every stage's settings have."""

    paths: PathsConfig = field(default_factory=PathsConfig)


@dataclass(kw_only=True)
class NearDuplicateConfig:
    """MinHash grouping of near-duplicates and wire copy."""

    shingle_words: int = MISSING
    permutations: int = MISSING
    threshold: float = MISSING  # Jaccard similarity of the word shingles, in (0, 1]
    seed: int = MISSING

    def __post_init__(self) -> None:
        """Check the ranges."""
        problems = []
        if self.shingle_words < 1:
            problems.append(f"shingle_words: expected at least 1, got {self.shingle_words}")
        if self.permutations < 16:
            problems.append(f"permutations: expected at least 16, got {self.permutations}")
        if not 0 < self.threshold <= 1:
            problems.append(f"threshold: expected (0, 1], got {self.threshold}")
        check("near_duplicates", problems)


@dataclass(kw_only=True)
class IngestConfig(StageConfig):
    """Settings of ``ingest_articles``."""

    input: list[str] = MISSING  # files and folders
    output: str = MISSING  # folder of articles.parquet, rejects.parquet, ingest.json
    unit: Unit = MISSING
    max_megabytes: float = MISSING  # a larger input file is a reject
    near_duplicates: NearDuplicateConfig = MISSING

    def __post_init__(self) -> None:
        """Check that there is something to read, and a place to write to."""
        problems = []
        if not self.input:
            problems.append("input: expected at least one file or folder, got none")
        problems += [
            f"input: expected a path, got {path!r}" for path in self.input if not path.strip()
        ]
        if not self.output.strip():
            problems.append(f"output: expected a folder, got {self.output!r}")
        if not 0 < self.max_megabytes <= _MEGABYTES:
            problems.append(
                f"max_megabytes: expected (0, {_MEGABYTES:,}], got {self.max_megabytes}"
            )
        check("ingest", problems)


@dataclass(kw_only=True)
class SegmentConfig(StageConfig):
    """Settings of ``segment_sentences``."""

    articles: str = MISSING  # articles.parquet
    output: str = MISSING  # sentences.parquet
    unit: Unit = MISSING

    def __post_init__(self) -> None:
        """Check that the articles are not overwritten."""
        if Path(self.output) == Path(self.articles):
            check("segment", [f"output: expected another file than articles, got {self.output}"])


class SplitKind(Enum):
    """How sentences come to train, dev or test."""

    grouped = "grouped"  # whole near-duplicate groups, stratified
    fixed = "fixed"  # as given files say


@dataclass(kw_only=True)
class SplitConfig(StageConfig):
    """Settings of ``split_examples``."""

    articles: str = MISSING  # articles.parquet
    sentences: str = MISSING  # sentences.parquet
    labels: str = MISSING  # folder of labels.parquet and sentiments.parquet
    output: str = MISSING  # folder of splits.parquet, split.json
    kind: SplitKind = MISSING
    shares: dict[str, float] = MISSING  # kind grouped: split -> share of the gold
    fixed: dict[str, list[str]] = MISSING  # kind fixed: split -> JSON-lines files with ids
    gold_weight: float = MISSING
    silver_weight: float = MISSING  # 0 leaves silver out
    min_silver_confidence: float = MISSING  # least probability of the likeliest label
    ngram_words: int = MISSING
    max_shared: float = MISSING  # share of word n-grams from which on two sentences overlap
    seed: int = MISSING

    def __post_init__(self) -> None:
        """Check ranges and the names of the splits."""
        names = {split.value for split in Split}
        problems = []
        for setting, value in (("shares", self.shares), ("fixed", self.fixed)):
            if not set(value) <= names:
                problems.append(f"{setting}: expected {sorted(names)}, got {sorted(value)}")
        if self.kind is SplitKind.grouped and abs(sum(self.shares.values()) - 1) > 1e-6:
            problems.append(f"shares: expected a sum of 1, got {sum(self.shares.values())}")
        for file in (file for files in self.fixed.values() for file in files):
            if self.kind is SplitKind.fixed and not Path(file).is_file():
                problems.append(f"fixed: no file {file}")
        if not 0 < self.max_shared <= 1:
            problems.append(f"max_shared: expected (0, 1], got {self.max_shared}")
        if min(self.gold_weight, self.silver_weight) < 0:
            problems.append("gold_weight, silver_weight: expected at least 0")
        check("split", problems)


class LabelModelKind(Enum):
    """How votes become probabilities."""

    majority = "majority"  # the shares of the votes
    one_coin = "one_coin"  # Dawid-Skene, one accuracy a function and language
    confusion = "confusion"  # Dawid-Skene, all ways of erring, a function's silence included


@dataclass(kw_only=True)
class LabelModelConfig:
    """From votes to probabilities; strengths are numbers of pseudo-items."""

    kind: LabelModelKind = MISSING
    accuracy: float = MISSING  # expected of a function before any data
    strength: float = MISSING  # of that expectation
    pooling: float = MISSING  # of the all-language figures for one language
    unlabelled_weight: float = MISSING  # of an item without gold, relative to one with gold
    max_iterations: int = MISSING
    tolerance: float = MISSING  # change of a probability at which the iteration ends

    def __post_init__(self) -> None:
        """Check the ranges."""
        problems = []
        if not 0.34 <= self.accuracy < 1:
            problems.append(f"accuracy: expected [0.34, 1), got {self.accuracy}")
        if min(self.strength, self.pooling) <= 0:
            problems.append("strength, pooling: expected more than 0")
        if not 0 < self.unlabelled_weight <= 1:
            problems.append(f"unlabelled_weight: expected (0, 1], got {self.unlabelled_weight}")
        if self.max_iterations < 1:
            problems.append(f"max_iterations: expected at least 1, got {self.max_iterations}")
        if self.tolerance <= 0:
            problems.append(f"tolerance: expected more than 0, got {self.tolerance}")
        check("label_model", problems)


@dataclass(kw_only=True)
class FunctionsConfig:
    """The labelling functions that are asked, by name."""

    stance: list[str] = MISSING
    sentiment: list[str] = MISSING


@dataclass(kw_only=True)
class LabelConfig(StageConfig):
    """Settings of ``label_sentences``."""

    articles: str = MISSING  # articles.parquet
    sentences: str = MISSING  # sentences.parquet
    output: str = MISSING  # folder of votes, labels, sentiments, label_rejects, labels.json
    targets: list[str] = MISSING  # names of files in target_folder
    target_folder: str = MISSING
    gold: list[str] = MISSING  # JSON-lines files of gold labels
    anchors: list[str] = MISSING  # those of them that may teach the label model: never dev or test
    silver_for_gold_sentences: bool = MISSING  # silver for what a gold row leaves open
    quality_folds: int = MISSING  # silver of a fold is scored with its gold held out
    functions: FunctionsConfig = MISSING
    label_model: LabelModelConfig = MISSING

    def __post_init__(self) -> None:
        """Check that files exist and anchors are gold."""
        problems = [f"gold: no file {file}" for file in self.gold if not Path(file).is_file()]
        odd = [file for file in self.anchors if file not in self.gold]
        problems += [f"anchors: {file} is not in gold" for file in odd]
        if self.quality_folds < 2:
            problems.append(f"quality_folds: expected at least 2, got {self.quality_folds}")
        check("label", problems)


@dataclass(kw_only=True)
class CorpusConfig(StageConfig):
    """Settings of ``check_corpus``."""

    corpus: str = MISSING  # folder with articles/, gold.jsonl, manifest.jsonl and the readings
    splits: str = MISSING  # splits.parquet of the main job
    reference: str = MISSING  # folder of real news to measure; empty: the kept figures
    reference_figures: str = MISSING  # JSON file of the kept figures
    card: str = MISSING  # data card, whose table is checked
    agreement_page: str = MISSING
    write: bool = MISSING  # make the table and the page anew
    targets: list[str] = MISSING
    first_year: int = MISSING
    last_year: int = MISSING
    article_sentences: list[int] = MISSING  # fewest and most of an article of the usual length
    min_articles: int = MISSING  # of the usual length, in each language
    min_gold: int = MISSING  # sentences, in each language
    min_class: int = MISSING  # sentences of a stance towards a target, in each language
    min_held_out: int = MISSING  # the same, in dev and in test
    min_contrasts: int = MISSING  # sentences whose stances differ, in each language
    min_opposites: int = MISSING  # sentences with favor beside against, in each language
    cases: list[str] = MISSING  # kinds of hard cases
    min_cases: int = MISSING  # sentences of a kind, in each language
    ngram_words: int = MISSING
    max_shared: float = MISSING  # share of n-grams from which two sentences are near copies
    max_opening: float = MISSING  # share of sentences with the same first three words
    max_ratio_difference: float = MISSING  # of the type-token ratio, from that of real news
    max_length_factor: float = MISSING  # of the median length, from that of real news
    seed: int = MISSING  # of the order of sentences in which types are counted

    def __post_init__(self) -> None:
        """Check the ranges."""
        problems = []
        if (
            len(self.article_sentences) != 2
            or self.article_sentences[0] > self.article_sentences[1]
        ):
            problems.append(
                f"article_sentences: expected [fewest, most], got {self.article_sentences}"
            )
        for name in ("max_shared", "max_opening"):
            if not 0 < getattr(self, name) <= 1:
                problems.append(f"{name}: expected (0, 1], got {getattr(self, name)}")
        if self.max_length_factor < 1:
            problems.append(f"max_length_factor: expected at least 1, got {self.max_length_factor}")
        if self.ngram_words < 1:
            problems.append(f"ngram_words: expected at least 1, got {self.ngram_words}")
        check("check_corpus", problems)
