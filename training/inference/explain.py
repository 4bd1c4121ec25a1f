"""Which words of a sentence carry a stance: the answer without each of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.schema import STANCES
from training.inference.parts import Part

if TYPE_CHECKING:
    from training.inference.model import StanceModel

WORD = re.compile(r"\S+")


class WordWeight(NamedTuple):
    """A word, ``sentence[start:end]``, and what it adds to the probability of the label."""

    start: int  # in code points
    end: int
    text: str
    weight: float  # -1 to 1: the probability with the word minus that without it


@dataclass(frozen=True)
class Explanation:
    """What each word of a sentence adds to a stance."""

    target: str
    label: str
    probability: float  # of the label, with all words
    words: list[WordWeight]  # in reading order

    def strongest(self, n: int = 5) -> list[WordWeight]:
        """Give the words that matter most, for the label or against it."""
        return sorted(self.words, key=lambda word: -abs(word.weight))[:n]


def explain(model: "StanceModel", sentence: str, target: str, lang: str | None) -> Explanation:
    """Hide each word in turn; see `Scorer.explain`.

    A hidden word is masked, as tokens are in training: nothing attends to it. Where the target is
    named stays marked. Of a sentence that is read in parts, the part that speaks is explained.
    Occlusion: Zeiler and Fergus 2014, https://arxiv.org/abs/1311.2901; of words, Li et al. 2016,
    https://arxiv.org/abs/1612.08220.
    """
    if target not in model.targets:
        raise ConfigError(f"target: expected one of {', '.join(model.targets)}, got {target}")
    part, known = model.speaking(sentence, target, lang)
    words = [
        (found.span(), tokens)
        for found in WORD.finditer(sentence)
        if (tokens := _tokens_in(part, *found.span()))
    ]
    if not words:
        raise DataError(f"sentence: expected a word, found none in {sentence[:80]!r}")
    without = model.probabilities([part._replace(hidden=tokens) for _, tokens in words], target)
    label = int(known.argmax())
    return Explanation(
        target=target,
        label=STANCES[label],
        probability=round(float(known[label]), 6),
        words=[
            WordWeight(start, end, sentence[start:end], round(float(known[label] - left[label]), 6))
            for ((start, end), _), left in zip(words, without, strict=True)
        ],
    )


def _tokens_in(part: Part, start: int, end: int) -> Sequence[int]:
    """List the tokens of a part that overlap a span of the sentence."""
    return [
        place
        for place, (begin, stop) in enumerate(part.offsets)
        if begin < end and stop > start and stop > begin
    ]
