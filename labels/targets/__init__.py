"""Targets, and where a text names them.

A target is one YAML file in ``configs/target/``: `load_targets` reads it and `Matcher` finds it.
"""

from labels.targets.mentions import Matcher
from labels.targets.target import Target, load_targets

__all__ = ["Matcher", "Target", "load_targets"]
