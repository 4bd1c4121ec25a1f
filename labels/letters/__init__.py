"""One way to write each letter, for matching, comparing, and the model's input."""

from labels.letters.normal import AFTER, BEFORE, Step, normalize, unstyle

__all__ = ["AFTER", "BEFORE", "Step", "normalize", "unstyle"]
