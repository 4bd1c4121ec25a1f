"""Settings of ``make_tasks``."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from labels.people.formats import Format
from labels.pipeline.settings import Settings, filled, ranged


class Unsureness(Enum):
    """How an answer's probabilities say that it is unsure."""

    least_confident = "least_confident"  # 1 minus the highest
    margin = "margin"  # 1 minus what lies between the two highest
    entropy = "entropy"


@dataclass(kw_only=True)
class SharesSettings(Settings):
    """How many of the sentences are chosen by what, in parts of any size."""

    SECTION: ClassVar[str] = "shares"
    uncertainty: float = ranged(at_least=0)
    disagreement: float = ranged(at_least=0)
    thin: float = ranged(at_least=0)
    random: float = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Refuse shares that choose nothing."""
        if not any((self.uncertainty, self.disagreement, self.thin, self.random)):
            yield "uncertainty: expected a share above 0 here or in another, got none"


@dataclass(kw_only=True)
class MakeTasksSettings(Settings):
    """Settings of ``make_tasks``."""

    SECTION: ClassVar[str] = "make_tasks"
    input: Path | None = MISSING
    tasks: Path | None = MISSING
    answers: Path | None = MISSING
    votes: list[Path] = MISSING
    gold: list[Path] = MISSING
    done: list[Path] = MISSING
    output: Path = MISSING
    formats: list[Format] = MISSING
    targets: list[str] = filled()
    target_folder: Path = MISSING
    count: int = ranged(at_least=1)
    shares: SharesSettings = MISSING
    unsureness: Unsureness = MISSING
    named_only: bool = MISSING
    least_words: int = ranged(at_least=1)
    propose: bool = MISSING
    most_articles: int = ranged(at_least=1)
    seed: int = ranged(at_least=0)

    def problems(self) -> Iterator[str]:
        """Check that there is one source with what the shares need, and that files exist."""
        if (self.input is None) == (self.tasks is None):
            yield f"input: expected this or tasks, got {self.input} and {self.tasks}"
        if self.answers is not None and self.tasks is None:
            yield f"answers: expected with tasks alone, got {self.answers}"
        if self.tasks is None and self.shares.disagreement and not self.votes:
            yield "votes: expected a table, as shares.disagreement is above 0; or set it to 0"
        yield from (f"gold: no file {path}" for path in self.gold if not path.is_file())
        yield from (f"done: no file {path}" for path in self.done if not path.is_file())
        if self.output.is_file():
            yield f"output: expected a folder, got the file {self.output}"
