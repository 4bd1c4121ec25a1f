"""Settings of backbones, classifiers and the machine; each kind has a schema of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import ClassVar, Self

from omegaconf import MISSING

from labels.pipeline.settings import Settings, filled, literal, ranged, to_json


class KindSettings(Settings):
    """Settings that come in kinds, each a subclass with a schema of its own."""

    KIND: ClassVar[str]  # a subclass that is a kind gives it

    def to_json(self) -> dict[str, object]:
        """Turn the settings into JSON values, the kind among them."""
        return {"kind": self.KIND, **to_json(self)}

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Self:
        """Take settings of this kind back from `to_json`."""
        return cls(**{name: value for name, value in values.items() if name != "kind"})


@dataclass(kw_only=True)
class BackboneSettings(KindSettings):
    """The pre-trained encoder."""

    SECTION: ClassVar[str] = "backbone"
    name: str = literal()
    max_tokens: int = ranged(at_least=8, at_most=512)
    prefix: str = MISSING


@dataclass(kw_only=True)
class EmbeddedSettings(BackboneSettings):
    """A backbone whose weights are the data file of a Python package."""

    KIND: ClassVar[str] = "embedded"
    package: str = filled()
    version: str = filled()
    file: str = filled()
    sha256: str = filled()
    scripts: list[str] = filled()


@dataclass(kw_only=True)
class HubSettings(BackboneSettings):
    """A backbone of the model hub, or a local folder in its format."""

    KIND: ClassVar[str] = "hub"
    revision: str | None = MISSING
    scripts: list[str] = field(default_factory=list)

    def problems(self) -> Iterator[str]:
        """Check that what can change is pinned; a local folder has no revisions."""
        if not self.revision and not Path(self.name).is_dir():
            yield f"revision: expected a commit of {self.name}, got {self.revision!r}"


@dataclass(kw_only=True)
class ClassifierSettings(KindSettings):
    """What stands on the backbone."""

    SECTION: ClassVar[str] = "classifier"
    sentiment_question: str = filled()
    head_width: int = ranged(at_least=1)
    dropout: float = ranged(at_least=0, below=1)
    mention_layer: int = ranged(at_least=0)


@dataclass(kw_only=True)
class EncodeOnceSettings(ClassifierSettings):
    """One encode for all targets."""

    KIND: ClassVar[str] = "encode_once"
    attention_heads: int = ranged(at_least=1)


@dataclass(kw_only=True)
class CrossEncoderSettings(ClassifierSettings):
    """One encode per target."""

    KIND: ClassVar[str] = "cross_encoder"


class Precision(Enum):
    """Number format of matrix products."""

    auto = "auto"  # bf16 where the processor or GPU gains from it
    bf16 = "bf16"
    fp32 = "fp32"


@dataclass(kw_only=True)
class RuntimeSettings(Settings):
    """The machine; none of it may change a result beyond rounding."""

    SECTION: ClassVar[str] = "runtime"
    precision: Precision = MISSING
    threads: int = ranged(at_least=0, at_most=1024)
