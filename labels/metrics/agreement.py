"""How far two readings of the same items agree."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from labels.pipeline.errors import DataError

Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Two readings of the same items."""

    n: int
    alpha: float | None  # Krippendorff's; null where both readings use one value alone
    equal: float  # fraction of equal values


def measure_agreement(pairs: Sequence[Pair]) -> Agreement:
    """Compare two readings of the same items.

    Args:
        pairs: The value of each item in the first reading and in the second; at least one pair.

    Raises:
        DataError: There are no pairs.
    """
    if not pairs:
        raise DataError("expected two readings to compare, found none")
    equal = sum(first == second for first, second in pairs) / len(pairs)
    return Agreement(n=len(pairs), alpha=krippendorff_alpha(pairs), equal=equal)


def krippendorff_alpha(pairs: Sequence[Pair]) -> float | None:
    """Compute Krippendorff's alpha of two readings, nominal, with nothing missing.

    Holders have thousands of values: a table of all pairs of them would not fit in memory.

    Returns:
        At most 1, which is agreement; 0 is chance. None where all values are the same.

    Source:
        Krippendorff 2011, Computing Krippendorff's alpha-reliability.
    """
    counts = Counter(value for pair in pairs for value in pair)
    n = counts.total()
    expected = n * n - sum(count * count for count in counts.values())
    if not expected:
        return None
    observed = 2 * sum(first != second for first, second in pairs)
    return 1 - (n - 1) * observed / expected
