"""Let a tokenizer write letters as `labels.letters` does, before all else that it does.

The steps stand in the tokenizer's own file, so that whoever reads the file, an export among them,
gives the model what it was trained on.
"""

from tokenizers import Regex, Tokenizer
from tokenizers.normalizers import NFKC, Normalizer, Replace, Sequence

from labels.letters import AFTER, BEFORE, Step


def letters_normalizer() -> Normalizer:
    """Build the normalizer that gives what `labels.letters.normalize` gives."""
    return Sequence([*map(_replacement, BEFORE), NFKC(), *map(_replacement, AFTER)])


def _replacement(step: Step) -> Normalizer:
    # One character is found faster as it is than by an expression.
    return Replace(step.pattern if len(step.pattern) == 1 else Regex(step.pattern), step.by)


def normalize_letters(tokenizer: Tokenizer) -> None:
    """Put the letters first in what a tokenizer does to a text."""
    own = tokenizer.normalizer
    letters = letters_normalizer()
    tokenizer.normalizer = letters if own is None else Sequence([letters, own])
