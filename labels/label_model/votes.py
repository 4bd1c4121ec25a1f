"""Votes as numbers: what the label models read."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ABSTAIN = -1  # the function was asked and did not vote
NOT_ASKED = -2  # the function does not apply to the item, so its silence says nothing


@dataclass(frozen=True)
class VoteMatrix:
    """Votes of all functions on all items of one task.

    ``votes`` has shape ``(items, functions)`` and holds class numbers, `ABSTAIN` or `NOT_ASKED`.
    ``groups`` and ``strata`` have shape ``(items,)`` and number from 0 without gaps: items of one
    group (a language) share the errors of a function, items of one stratum (a target, named or
    not) share the frequency of the classes.
    """

    votes: NDArray[np.int8]
    groups: NDArray[np.int64]
    strata: NDArray[np.int64]
    n_classes: int
    functions: tuple[str, ...]

    def has_vote(self) -> NDArray[np.bool_]:
        """Tell which items got at least one vote, shape ``(items,)``."""
        return np.asarray((self.votes >= 0).any(axis=1))
