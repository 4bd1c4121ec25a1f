"""The registry of labelling functions, and the checks of what they rely on."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from labels.functions.evidence import GRAMMAR, Evidence
from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import SCHEMES, Scheme, TargetKind

Function = TypeVar("Function", bound=Callable[[Evidence], StrEnum | None])


@dataclass(frozen=True, kw_only=True)
class LabellingFunction:
    """A labelling function, and what it is asked about."""

    name: str
    scheme: Scheme
    vote: Callable[[Evidence], StrEnum | None]
    kind: TargetKind | None  # of the targets it is for; None: of any
    reads: tuple[str, ...]  # categories of stance.yaml
    asked_when_not_named: bool

    def applies_to(self, evidence: Evidence) -> bool:
        """Tell whether the function is asked: about this target, named or not, in this language."""
        if self.reads and not evidence.has_lexicon:
            return False
        if evidence.target is None:
            return True
        if self.kind not in (None, evidence.target.kind):
            return False
        return bool(evidence.mentions) or self.asked_when_not_named


ALL = "all"  # every function of a scheme, in the settings

FUNCTIONS: dict[str, dict[str, LabellingFunction]] = {scheme.name: {} for scheme in SCHEMES}


def labelling_function(
    scheme: Scheme,
    *,
    kind: TargetKind | None = None,
    reads: Sequence[str] = (),
    asked_when_not_named: bool = False,
) -> Callable[[Function], Function]:
    """Register a labelling function under its own name.

    A labelling function does not call another: what both look at is a helper, so that one can be
    changed or left out without the other.

    Args:
        scheme: Whose classes it votes for.
        kind: The kind of target it is for; it is not asked about any other.
        reads: The categories of ``stance.yaml`` that it looks at. A function that reads any is
            not asked about a language without a lexicon.
        asked_when_not_named: Whether it is asked about a sentence that does not name the target.
    """

    def register(function: Function) -> Function:
        of_scheme = FUNCTIONS[scheme.name]
        name = function.__name__
        if name in of_scheme:
            raise ConfigError(f"labelling function {name!r} is there twice for {scheme.name}")
        of_scheme[name] = LabellingFunction(
            name=name,
            scheme=scheme,
            vote=function,
            kind=kind,
            reads=tuple(reads),
            asked_when_not_named=asked_when_not_named,
        )
        return function

    return register


def expand_choice(names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Put every registered function of a scheme in place of ``[all]``."""
    return {
        scheme: list(FUNCTIONS.get(scheme, {})) if list(chosen) == [ALL] else list(chosen)
        for scheme, chosen in names.items()
    }


def choice_problems(names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield what is wrong with a choice of functions, scheme -> names."""
    for scheme, chosen in names.items():
        known = FUNCTIONS.get(scheme)
        if known is None:
            yield f"functions: unknown label scheme {scheme!r}; known: {', '.join(FUNCTIONS)}"
            continue
        for name in chosen:
            if name not in known:
                listed = ", ".join(sorted(known))
                yield f"functions.{scheme}: unknown function {name!r}; known: {listed}"
        if len(set(chosen)) < len(chosen):
            yield f"functions.{scheme}: expected each once, got {list(chosen)}"


def lexicon_problems(lexicons: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Yield what a lexicon lacks, and what no function reads (as a misspelt category).

    Args:
        lexicons: The content of ``stance.yaml`` by language.
    """
    readers = defaultdict(list)
    for functions in FUNCTIONS.values():
        for function in functions.values():
            for category in function.reads:
                readers[category].append(function.name)
    for lang, lexicon in lexicons.items():
        needed = {*readers, *GRAMMAR.get(lang, ())}
        where = f"labels/languages/{lang}/stance.yaml"
        for category in sorted(needed - set(lexicon)):
            names = ", ".join(sorted(readers.get(category, ["the grammar of evidence.py"])))
            yield f"{where}: expected the category {category!r}, which is read by {names}"
        for category in sorted(set(lexicon) - needed):
            yield f"{where}: the category {category!r} is read by no labelling function"
