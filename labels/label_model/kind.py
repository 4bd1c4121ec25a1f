"""The label models that there are."""

from enum import Enum


class LabelModelKind(Enum):
    """How votes become probabilities."""

    majority = "majority"  # the fraction of the votes that each class got
    one_coin = "one_coin"  # Dawid-Skene, one accuracy a labeller and language
    confusion = "confusion"  # Dawid-Skene, all ways of erring, a labeller's silence included
