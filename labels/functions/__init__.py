"""Labelling functions: each votes one label or abstains, under its own name.

A function becomes one by `labels.functions.registry.labelling_function`, in a module that is
imported here. All are asked, unless ``functions`` of ``vote_sentences`` names some.
"""

from labels.functions import actor, mention, proposal, sentiment
from labels.functions.registry import FUNCTIONS, LabellingFunction, labelling_function

__all__ = [
    "FUNCTIONS",
    "LabellingFunction",
    "actor",
    "labelling_function",
    "mention",
    "proposal",
    "sentiment",
]
