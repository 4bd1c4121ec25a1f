"""What stance is taken towards, with its names; `labels.targets.read` reads it from a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from labels.pipeline.schema import TargetKind

Phrases = Mapping[str, Sequence[str]]  # language -> phrases


@dataclass(frozen=True, kw_only=True)
class Context:
    """Words that decide whether an ambiguous name means the target."""

    near: Phrases = field(default_factory=dict)
    weak: Phrases = field(default_factory=dict)
    elsewhere: Phrases = field(default_factory=dict)
    weak_elsewhere: Phrases = field(default_factory=dict)
    default: bool


@dataclass(frozen=True, kw_only=True)
class Target:
    """What stance is taken towards; as JSON (`to_json`) a model and its export carry it along."""

    key: str  # the name of its file, and of its task
    name: str
    description: str
    kind: TargetKind
    aliases: Phrases
    ambiguous: Phrases
    doubtful: Phrases
    exclusions: Phrases
    context: Context | None


def targets_of(definitions: Iterable[Mapping[str, Any]]) -> tuple[Target, ...]:
    """Take targets back from JSON, as a model carries them along.

    What is missing but for the key is empty: such a target is named nowhere.
    """
    return tuple(_target_of(definition) for definition in definitions)


def _target_of(definition: Mapping[str, Any]) -> Target:
    phrases = ("aliases", "ambiguous", "doubtful", "exclusions")
    context = definition.get("context")
    return Target(
        key=definition["key"],
        name=definition.get("name", definition["key"]),
        description=definition.get("description", ""),
        kind=TargetKind(definition.get("kind", TargetKind.actor)),
        context=Context(**context) if context else None,
        **{name: definition.get(name, {}) for name in phrases},
    )
