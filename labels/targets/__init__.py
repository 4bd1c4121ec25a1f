"""Targets, and where a text names them.

A target is one YAML file in ``configs/target/``: `load_targets` reads it, `Matcher` finds it, and
`find_mentions` says where it stands in a sentence.
"""

from labels.targets.article import Mention, Place, find_mentions, mentions_in, places, words_of
from labels.targets.mentions import Matcher
from labels.targets.target import Target, load_targets, targets_of

__all__ = [
    "Matcher",
    "Mention",
    "Place",
    "Target",
    "find_mentions",
    "load_targets",
    "mentions_in",
    "places",
    "targets_of",
    "words_of",
]
