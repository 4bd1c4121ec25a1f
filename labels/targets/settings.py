"""Settings of a target: one file in ``configs/target/``."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from omegaconf import MISSING

from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import TargetKind
from labels.pipeline.settings import Settings
from labels.targets.terms import cut_term


@dataclass(kw_only=True)
class ContextSettings(Settings):
    """Words that decide whether an ambiguous name means the target; all are language -> phrases."""

    SECTION: ClassVar[str] = "context"
    near: dict[str, list[str]] = field(default_factory=dict)  # speak for the target
    weak: dict[str, list[str]] = field(default_factory=dict)  # speak for it if nothing else speaks
    elsewhere: dict[str, list[str]] = field(default_factory=dict)  # speak against it
    weak_elsewhere: dict[str, list[str]] = field(default_factory=dict)  # as weak, against it
    default: bool = MISSING  # when nothing speaks, in the sentence and around it


@dataclass(kw_only=True)
class TargetSettings(Settings):
    """What stance is taken towards."""

    SECTION: ClassVar[str] = "target"
    name: str = MISSING  # as shown to people
    description: str = MISSING  # English; the model reads it as the query
    kind: TargetKind = MISSING
    aliases: dict[str, list[str]] = field(default_factory=lambda: MISSING)  # language -> names
    ambiguous: dict[str, list[str]] = field(default_factory=dict)  # names that need the context
    doubtful: dict[str, list[str]] = field(default_factory=dict)  # only where it speaks for them
    exclusions: dict[str, list[str]] = field(default_factory=lambda: MISSING)  # never a mention
    context: ContextSettings | None = None

    def problems(self) -> Iterator[str]:
        """Check that there is a name to look for, a context where one is needed, and terms."""
        if not any(self.aliases.values()) and not any(self.ambiguous.values()):
            yield f"{self.name}: aliases: expected at least one name in aliases or ambiguous"
        for label, names in (("ambiguous", self.ambiguous), ("doubtful", self.doubtful)):
            if any(names.values()) and self.context is None:
                yield f"{self.name}: context: expected one, because there are {label} names"
        every = (self.aliases, self.ambiguous, self.doubtful)
        for name in (name for names in every for of_lang in names.values() for name in of_lang):
            try:
                cut_term(name)
            except ConfigError as error:
                yield f"{self.name}: {error}"
