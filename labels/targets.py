"""Targets and their mentions: one YAML file a target, exact places in the text."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from labels.config import ContextConfig, TargetConfig
from labels.errors import ConfigError
from labels.morphology import Token, tokens
from labels.phrases import Hit, PhraseIndex
from labels.schema import TargetKind

_AFTER_IS_NEARER = 0.6  # a place named after the alias ("a truce in Gaza") belongs to it more often
_REMEMBERED_TEXTS = 4096
_CONTEXT_WORDS = 300  # on either side of a name: more than a sentence has
_EVIDENCE = ("near", "elsewhere", "weak", "weak_elsewhere")


@dataclass(frozen=True, kw_only=True)
class Target:
    """What stance is taken towards; ``key`` is the name of its file."""

    key: str
    name: str
    description: str
    kind: TargetKind
    aliases: Mapping[str, Sequence[str]]
    ambiguous: Mapping[str, Sequence[str]]
    exclusions: Mapping[str, Sequence[str]]
    context: ContextConfig | None


def load_target(path: Path) -> Target:
    """Read one target file.

    Raises:
        ConfigError: The file is missing or no YAML mapping, or a field is missing or wrong.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: expected a target file: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: expected YAML in UTF-8: {error}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: expected a mapping, found {type(raw).__name__}")
    try:
        merged = OmegaConf.merge(OmegaConf.structured(TargetConfig), OmegaConf.create(raw))
        missing = sorted(OmegaConf.missing_keys(merged))
        if missing:
            raise ConfigError(f"{path}: no value for: {', '.join(missing)}")
        config = OmegaConf.to_object(merged)
    except OmegaConfBaseException as error:
        cause = error.__cause__ if isinstance(error.__cause__, ConfigError) else error
        raise ConfigError(f"{path}: {str(cause).splitlines()[0]}") from error
    assert isinstance(config, TargetConfig)
    return Target(
        key=path.stem,
        name=config.name,
        description=config.description,
        kind=config.kind,
        aliases=config.aliases,
        ambiguous=config.ambiguous,
        exclusions=config.exclusions,
        context=config.context,
    )


def plain(target: Target) -> dict[str, Any]:
    """Turn a target into JSON values: the definition that a model and its export carry along."""
    return asdict(target) | {"kind": target.kind.value}


def load_targets(folder: Path, keys: Sequence[str]) -> tuple[Target, ...]:
    """Read ``folder/<key>.yaml`` for every key, in the order given.

    Raises:
        ConfigError: Some key has no file, is given twice, or its file is wrong; all are named.
    """
    problems: list[str] = []
    targets: list[Target] = []
    if not keys:
        problems.append("targets: expected at least one")
    if len(set(keys)) < len(keys):
        problems.append(f"targets: expected each once, got {list(keys)}")
    for key in keys:
        if not (folder / f"{key}.yaml").is_file():
            known = sorted(path.stem for path in folder.glob("*.yaml"))
            problems.append(f"targets: unknown target {key!r}; {folder} has {known}")
            continue
        try:
            targets.append(load_target(folder / f"{key}.yaml"))
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return tuple(targets)


class _Mentions:
    """The phrases of one target."""

    def __init__(self, target: Target) -> None:
        context = target.context or ContextConfig(default=True)
        self.default = context.default
        self.index = PhraseIndex(
            {
                "alias": target.aliases,
                "ambiguous": target.ambiguous,
                "exclusion": target.exclusions,
                "near": context.near,
                "weak": context.weak,
                "elsewhere": context.elsewhere,
                "weak_elsewhere": context.weak_elsewhere,
            }
        )


class Matcher:
    """Find the mentions of all targets; build it once, it is slow to build and fast to use."""

    def __init__(self, targets: Sequence[Target]) -> None:
        """Build the indexes of all targets."""
        self.targets = tuple(targets)
        self._mentions = {target.key: _Mentions(target) for target in targets}
        self._evidence: OrderedDict[str, dict[str, str | None]] = OrderedDict()

    def find(
        self, text: str, lang: str, start: int = 0, around: Sequence[str] = ()
    ) -> dict[str, list[tuple[int, int]]]:
        """Find where each target is named.

        Args:
            text: A sentence.
            lang: Its language; rules follow the script of each word, so it is only a hint.
            start: Code points to leave out at the beginning, such as a dateline.
            around: Other sentences of the article, nearest first, to settle an ambiguous name.

        Returns:
            For each target that is named, its places ``(start, end)`` in code points, in order.
        """
        words = tokens(text)
        found = self.find_words(words, around, start)
        return {
            key: [(words[hit.first].start, words[hit.last].end) for hit in hits]
            for key, hits in found.items()
        }

    def find_words(
        self, words: Sequence[Token], around: Sequence[str] = (), start: int = 0
    ) -> dict[str, list[Hit]]:
        """Do what `find` does for a text that is cut into words already; give word positions."""
        found: dict[str, list[Hit]] = {}
        for key, mentions in self._mentions.items():
            names, hits = _keep_names(mentions, words, start)
            kept = [
                name
                for name in names
                if name.label == "alias" or self._means_target(key, mentions, name, hits, around)
            ]
            if kept:
                found[key] = kept
        return found

    def _means_target(
        self, key: str, mentions: _Mentions, name: Hit, hits: Sequence[Hit], around: Sequence[str]
    ) -> bool:
        verdict = _sentence_verdict(name, hits)
        if verdict is None:
            verdicts = (self._evidence_of(text)[key] for text in around)
            verdict = next((verdict for verdict in verdicts if verdict is not None), None)
        return mentions.default if verdict is None else verdict in ("near", "weak")

    def _evidence_of(self, text: str) -> dict[str, str | None]:
        """Tell the kind of context word that a neighbouring sentence has for each target."""
        if text in self._evidence:
            return self._evidence[text]
        words = tokens(text)
        evidence: dict[str, str | None] = {}
        for key, mentions in self._mentions.items():
            labels = {hit.label for hit in mentions.index.find(words)}
            evidence[key] = next((label for label in _EVIDENCE if label in labels), None)
        self._evidence[text] = evidence
        if len(self._evidence) > _REMEMBERED_TEXTS:
            self._evidence.popitem(last=False)
        return evidence


def _keep_names(
    mentions: _Mentions, words: Sequence[Token], start: int
) -> tuple[list[Hit], list[Hit]]:
    """Give the names of a target that stand, without overlap, and all hits of its phrases."""
    hits = mentions.index.find(words)
    names = [hit for hit in hits if hit.label in ("alias", "ambiguous")]
    if start:
        names = [hit for hit in names if words[hit.first].start >= start]
    if not names:
        return [], hits
    excluded = [hit for hit in hits if hit.label == "exclusion"]
    taken = {place for hit in excluded for place in hit.places}
    return _longest([hit for hit in names if taken.isdisjoint(hit.places)]), hits


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Drop what overlaps a longer hit (an alias before an ambiguous name); keep text order."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda h: (h.first - h.last, h.label != "alias", h.first)):
        if taken.isdisjoint(hit.places):
            kept.append(hit)
            taken.update(hit.places)
    return sorted(kept, key=lambda hit: hit.first)


def _sentence_verdict(name: Hit, hits: Sequence[Hit]) -> str | None:
    """Take the context word nearest to a name; weak ones count when there is no other."""
    start = bisect_left(hits, name.first - _CONTEXT_WORDS, key=lambda hit: hit.first)
    end = bisect_left(hits, name.last + _CONTEXT_WORDS, key=lambda hit: hit.first)
    window = hits[start:end]
    for labels in (("near", "elsewhere"), ("weak", "weak_elsewhere")):
        near = [(_distance(name, hit), hit.label) for hit in window if hit.label in labels]
        if near:
            return min(near)[1]
    return None


def _distance(name: Hit, context: Hit) -> float:
    if context.first > name.last:
        return (context.first - name.last) * _AFTER_IS_NEARER
    return float(max(name.first - context.last, 0))
