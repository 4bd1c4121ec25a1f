"""Typed settings of the training-side stages; the values stand in ``configs/``."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from omegaconf import MISSING

from labels.config import StageConfig
from labels.schema import Split, Unit
from labels.settings import check


class BackboneKind(Enum):
    """Where a backbone's weights come from."""

    embedded = "embedded"  # the data file of a Python package
    hub = "hub"  # the model hub, or a local folder in its format


class ClassifierKind(Enum):
    """How sentence and target meet."""

    encode_once = "encode_once"
    cross_encoder = "cross_encoder"


class Precision(Enum):
    """Number format of matrix products."""

    auto = "auto"  # bf16 where the processor gains from it
    bf16 = "bf16"
    fp32 = "fp32"


@dataclass(kw_only=True)
class BackboneConfig:
    """The pre-trained encoder."""

    kind: BackboneKind = MISSING
    name: str = MISSING
    max_tokens: int = MISSING  # longer sentences are cut
    prefix: str = MISSING  # what the backbone was trained to read before a text
    # embedded only
    package: str | None = MISSING
    version: str | None = MISSING
    file: str | None = MISSING
    sha256: str | None = MISSING
    scripts: list[str] = MISSING  # pieces in other scripts are left out
    # hub only
    revision: str | None = MISSING

    def __post_init__(self) -> None:
        """Check that each kind has what it needs."""
        problems = []
        if not 8 <= self.max_tokens <= 512:
            problems.append(f"max_tokens: expected 8 to 512, got {self.max_tokens}")
        needed: tuple[str, ...] = ()
        if self.kind is BackboneKind.embedded:
            needed = ("package", "version", "file", "sha256", "scripts")
        elif not Path(self.name).is_dir():  # a local folder has no revisions
            needed = ("revision",)
        problems += [
            f"{n}: needed by kind {self.kind.value}" for n in needed if not getattr(self, n)
        ]
        check("backbone", problems)


@dataclass(kw_only=True)
class ClassifierConfig:
    """What stands on the backbone."""

    kind: ClassifierKind = MISSING
    sentiment_question: str = MISSING  # asked as a target's description is
    attention_heads: int = MISSING  # encode_once: of the target attention
    head_width: int = MISSING
    dropout: float = MISSING  # in the heads, in [0, 1)

    def __post_init__(self) -> None:
        """Check the ranges."""
        problems = []
        if self.attention_heads < 1:
            problems.append(f"attention_heads: expected at least 1, got {self.attention_heads}")
        if self.head_width < 1:
            problems.append(f"head_width: expected at least 1, got {self.head_width}")
        if not 0 <= self.dropout < 1:
            problems.append(f"dropout: expected [0, 1), got {self.dropout}")
        check("classifier", problems)


@dataclass(kw_only=True)
class RuntimeConfig:
    """The machine; none of it may change a result beyond rounding."""

    precision: Precision = MISSING
    threads: int = MISSING  # 0: as many as the machine has cores


@dataclass(kw_only=True)
class TrainConfig(StageConfig):
    """Settings of ``train_model``."""

    splits: str = MISSING  # splits.parquet
    targets: str = MISSING  # targets.json
    output: str = MISSING  # model folder
    checkpoints: str = MISSING  # folder outside the pipeline's outputs; a killed run resumes there
    backbone: BackboneConfig = MISSING
    classifier: ClassifierConfig = MISSING
    runtime: RuntimeConfig = MISSING
    seed: int = MISSING
    train_share: float = MISSING  # of the near-duplicate groups of train, in (0, 1]
    epochs: int = MISSING
    batch_size: int = MISSING
    learning_rate: float = MISSING  # peak, of the backbone's top layer
    head_learning_rate: float = MISSING  # peak, of the heads
    layer_decay: float = MISSING  # each layer below learns slower by this factor, in (0, 1]
    warmup_share: float = MISSING  # of all steps; then linear to 0
    weight_decay: float = MISSING
    max_gradient_norm: float = MISSING
    encoder_dropout: float = MISSING  # of the hidden states, in [0, 1)
    train_word_embeddings: bool = MISSING
    frozen_layers: int = MISSING  # lowest layers of the encoder that do not learn
    average_decay: float = MISSING  # of the moving average of the weights; 0 keeps the last ones
    class_weight_power: float = MISSING  # 0: classes alike; 1: by inverse frequency
    sentiment_weight: float = MISSING  # of the sentiment loss beside the stance loss

    def __post_init__(self) -> None:
        """Check the ranges."""
        problems = []
        ranges: dict[str, tuple[tuple[str, ...], Callable[[float], bool]]] = {
            "at least 1": (("epochs", "batch_size"), lambda x: x >= 1),
            "more than 0": (
                ("learning_rate", "head_learning_rate", "max_gradient_norm"),
                lambda x: x > 0,
            ),
            "[0, 1)": (
                ("warmup_share", "encoder_dropout", "average_decay"),
                lambda x: 0 <= x < 1,
            ),
            "(0, 1]": (("layer_decay", "train_share"), lambda x: 0 < x <= 1),
            "at least 0": (
                ("frozen_layers", "weight_decay", "class_weight_power", "sentiment_weight"),
                lambda x: x >= 0,
            ),
        }
        for expected, (names, inside) in ranges.items():
            problems += [
                f"{name}: expected {expected}, got {getattr(self, name)}"
                for name in names
                if not inside(getattr(self, name))
            ]
        if self.frozen_layers and self.train_word_embeddings:
            problems.append("train_word_embeddings: expected false below frozen layers, got true")
        check("train_model", problems)


@dataclass(kw_only=True)
class ScoreConfig(StageConfig):
    """Settings of ``score_model``."""

    model: str = MISSING  # model folder
    splits: str = MISSING  # splits.parquet
    output: str = MISSING  # report folder
    parts: list[str] = MISSING  # which splits to score; the first one is the headline
    batch_size: int = MISSING
    bootstrap_draws: int = MISSING
    seed: int = MISSING  # of the bootstrap
    runtime: RuntimeConfig = MISSING

    def __post_init__(self) -> None:
        """Check the names of the splits."""
        problems = [
            f"parts: expected train, dev or test, got {part}"
            for part in self.parts
            if part not in {split.value for split in Split}
        ]
        if not self.parts:
            problems.append("parts: expected at least one split")
        check("score_model", problems)


@dataclass(kw_only=True)
class TransferConfig(StageConfig):
    """Settings of ``transfer_curve``."""

    data_dir: str = MISSING  # real sentences
    splits: str = MISSING  # splits.parquet of the main job
    shares: list[float] = MISSING  # of the articles of train, each in (0, 1]
    work: str = MISSING  # folder of the models and their reports
    page: str = MISSING  # Markdown file; the picture lies beside it

    def __post_init__(self) -> None:
        """Check the shares."""
        problems = [
            f"shares: expected (0, 1], got {share}" for share in self.shares if not 0 < share <= 1
        ]
        if not self.shares:
            problems.append("shares: expected at least one")
        check("transfer_curve", problems)


@dataclass(kw_only=True)
class ExportConfig(StageConfig):
    """Settings of ``export_model``."""

    model: str = MISSING  # model folder
    splits: str = MISSING  # splits.parquet; its sentences prove the parity
    metrics: str = MISSING  # metrics.json of score_model, for the model card
    output: str = MISSING  # export folder
    opset: int = MISSING
    parity_sentences: int = MISSING
    parity_tolerance: float = MISSING  # largest difference of a logit
    runtime: RuntimeConfig = MISSING


@dataclass(kw_only=True)
class PredictConfig:
    """Settings of ``predict_stance``."""

    input: str = MISSING  # file, folder or - for standard input
    output: str = MISSING  # JSON-lines file
    model: str = MISSING  # export folder
    unit: Unit = MISSING
    batch_size: int = MISSING
    max_megabytes: float = MISSING  # a larger input file is a reject
    threads: int = MISSING  # 0: as many as the machine has cores


GROUPS: dict[str, type] = {
    "backbone": BackboneConfig,
    "classifier": ClassifierConfig,
    "runtime": RuntimeConfig,
}
