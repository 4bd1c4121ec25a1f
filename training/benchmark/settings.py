"""Settings of ``run_benchmark``, and of each public set."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

from omegaconf import MISSING

from labels.pipeline.schema import SENTIMENTS, Stance
from labels.pipeline.settings import Settings, StageSettings, filled, literal, ranged
from training.model.settings import RuntimeSettings

PARTS = ("train", "dev")  # that every layout names files of; a test file is given by its path
FIELDS = ("text", "target", "start", "end", "stance", "sentiment")
LABELS = {  # what a set's own labels become
    "stance": (Stance.favor.value, Stance.against.value, Stance.neutral.value),
    "sentiment": SENTIMENTS,
}
_KEYS = {"files", "fields", "labels", "delimiter", "header", "quoted", "labels_beside"}


class TargetIs(Enum):
    """How a set says what a stance is towards."""

    place = "place"  # a span of the text: whatever stands there is the target
    name = "name"  # one of the suite's targets, by its name
    text = "text"  # another text, which is put before the sentence
    nothing = "nothing"  # the set has sentiments alone


class SuiteMetric(Enum):
    """The score that a set's results are published in."""

    f_polar = "f_polar"  # mean F1 of favor and against, all rows
    f_polar_by_target = "f_polar_by_target"  # its mean over targets
    macro_f1 = "macro_f1"  # mean F1 of favor, against and neutral
    sentiment_macro_f1 = "sentiment_macro_f1"  # mean F1 of the three sentiments


@dataclass(kw_only=True)
class SuiteSettings(Settings):
    """One public set: its files, how they are read, and what its training changes."""

    SECTION: ClassVar[str] = "suite"
    key: str = filled()
    title: str = filled()
    about: str = filled()
    licence: str = filled()
    lang: str = filled()
    published: str = filled()
    metric: SuiteMetric = MISSING
    target_is: TargetIs = MISSING
    targets: Any = MISSING  # Hydra takes no new key for a typed mapping
    layouts: Any = MISSING  # the same
    train: Any = MISSING  # the same

    def problems(self) -> Iterator[str]:
        """Check the parts that have no schema."""
        targets = self.targets
        if not isinstance(targets, dict) or not targets:
            yield f"targets: expected a mapping by key, got {targets!r}"
        elif odd := [key for key, value in targets.items() if not _is_target(value)]:
            yield f"targets: expected a description of each, got none of {', '.join(odd)}"
        elif self.target_is != TargetIs.name and len(targets) > 1:
            yield f"targets: expected one where target_is is {self.target_is.value}"
        if not isinstance(self.train, dict):
            yield f"train: expected a mapping of settings of train_model, got {self.train!r}"
        if not isinstance(self.layouts, list) or not self.layouts:
            yield f"layouts: expected a list of at least one, got {self.layouts!r}"
            return
        for number, layout in enumerate(self.layouts):
            yield from _wrong_layout(f"layouts.{number}", layout)


def _is_target(value: Any) -> bool:  # noqa: ANN401 - what a user wrote
    return isinstance(value, dict) and bool(value.get("description"))


def _wrong_layout(where: str, layout: Any) -> Iterator[str]:  # noqa: ANN401 - what a user wrote
    if not isinstance(layout, dict):
        yield f"{where}: expected a mapping, got {layout!r}"
        return
    if odd := sorted(set(layout) - _KEYS):
        yield f"{where}: expected keys among {', '.join(sorted(_KEYS))}, got {', '.join(odd)}"
    files, fields = layout.get("files"), layout.get("fields")
    if not isinstance(files, dict) or set(files) != set(PARTS):
        yield f"{where}.files: expected a file of each of {', '.join(PARTS)}, got {files!r}"
    if not isinstance(fields, dict) or not {"text"} <= set(fields) <= set(FIELDS):
        yield f"{where}.fields: expected text and others of {', '.join(FIELDS)}, got {fields!r}"
        return
    labels = layout.get("labels") or {}
    for name, known in LABELS.items():
        mapping = labels.get(name) if isinstance(labels, dict) else None
        if name in fields and not (isinstance(mapping, dict) and set(mapping.values()) <= {*known}):
            yield (
                f"{where}.labels.{name}: expected a mapping of the set's labels to "
                f"{', '.join(known)}, got {mapping!r}"
            )


@dataclass(kw_only=True)
class BenchmarkSettings(StageSettings):
    """Settings of ``run_benchmark``."""

    SECTION: ClassVar[str] = "run_benchmark"
    suite: SuiteSettings = MISSING
    runtime: RuntimeSettings = MISSING
    data_dir: Path = MISSING
    test_file: Path | None = MISSING
    seeds: list[int] = ranged(at_least=0)
    target_blind: bool = MISSING
    start: Path | None = MISSING
    train_overrides: list[str] = literal()
    bootstrap_draws: int = ranged(at_least=1)
    work: Path = MISSING
    results: Path = MISSING
    page: Path = MISSING

    def problems(self) -> Iterator[str]:
        """Check that there is something to run, and a target to hide."""
        if not self.seeds:
            yield "seeds: expected at least one, got none"
        if self.target_blind and self.suite.target_is == TargetIs.nothing:
            yield f"target_blind: expected false, as {self.suite.key} has no target, got true"
