"""Typed settings of the training-side stages; the values stand in ``configs/``."""

from dataclasses import dataclass
from enum import Enum

from omegaconf import MISSING

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
        needed = (
            ("package", "version", "file", "sha256", "scripts")
            if self.kind is BackboneKind.embedded
            else ("revision",)
        )
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
