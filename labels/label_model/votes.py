"""Votes as numbers: what the label models read."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ABSTAIN = -1  # the labeller was asked and did not vote
NOT_ASKED = -2  # the labeller was not asked about the item, so its silence says nothing

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class VoteMatrix:
    """Votes of all labellers on all items of one scheme.

    ``votes`` has shape ``(items, labellers)`` and holds class numbers, `ABSTAIN` or `NOT_ASKED`.
    ``groups`` and ``strata`` have shape ``(items,)`` and number from 0 without gaps: items of one
    group (a language) share the errors of a labeller, items of one stratum (a target, named or
    not) share the frequency of the classes.
    """

    votes: NDArray[np.int8]
    groups: Ints
    strata: Ints
    n_classes: int
    labellers: tuple[str, ...]

    def has_vote(self) -> NDArray[np.bool_]:
        """Tell which items got at least one vote, shape ``(items,)``."""
        return np.asarray((self.votes >= 0).any(axis=1))
