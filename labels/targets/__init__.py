"""Targets, and where a text names them.

A target is one YAML file in ``configs/target/``, which `labels.targets.read` reads; `Matcher` finds
it, and `find_mentions` says where it stands in a sentence.
"""

from labels.targets.article import Mention, Place, find_mentions, mentions_in, places, words_of
from labels.targets.mentions import Matcher, forms_of
from labels.targets.target import Target, targets_of

__all__ = [
    "Matcher",
    "Mention",
    "Place",
    "Target",
    "find_mentions",
    "forms_of",
    "mentions_in",
    "places",
    "targets_of",
    "words_of",
]
