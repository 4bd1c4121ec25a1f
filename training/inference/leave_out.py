"""Which words of a sentence carry a stance, for any scorer: the answer to the rest of it."""

from typing import TYPE_CHECKING

from labels.languages.detect import judge
from labels.pipeline.errors import ConfigError, DataError
from training.inference.explain import WORD, Explanation, WordWeight

if TYPE_CHECKING:
    from training.inference.scorer import Scorer


def explain_by_leaving_out(
    model: "Scorer", sentence: str, target: str, lang: str | None
) -> Explanation:
    """Leave out each word in turn, a name of the target like any other; see `Scorer.explain`."""
    if target not in model.targets:
        raise ConfigError(f"target: expected one of {', '.join(model.targets)}, got {target}")
    places = [found.span() for found in WORD.finditer(sentence)]
    if not places:
        raise DataError(f"sentence: expected a word, found none in {sentence[:80]!r}")
    lang = lang or judge(sentence, None).lang
    texts = [sentence, *(f"{sentence[:start]} {sentence[end:]}" for start, end in places)]
    answers = [found["stance"][target] for found in model(texts, langs=[lang] * len(texts))]
    label = answers[0]["label"]
    whole, *without = (answer["probabilities"][label] for answer in answers)
    words = [
        WordWeight(start, end, sentence[start:end], whole - left)
        for (start, end), left in zip(places, without, strict=True)
    ]
    return Explanation(target, label, whole, words)
