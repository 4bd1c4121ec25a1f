"""From which confidence on an answer may be given, so that few of those given are wrong."""

import numpy as np
from scipy.stats import beta

from labels.metrics.calibration_file import Threshold
from training.calibrate.answers import Judged

SHARES = tuple(round(0.1 * n, 1) for n in range(1, 11))  # of the answers, the surest first


def thresholds_of(judged: Judged, delta: float) -> list[Threshold]:
    """Bound the risk of the surest answers of a label, for each of `SHARES`.

    All bounds hold at once with probability ``1 - delta`` over articles drawn like these, so the
    threshold may be chosen after a look at them: each is a Clopper-Pearson bound at ``delta``
    divided by their number (Angelopoulos et al. 2021, Learn then test, sections 2 and 3;
    https://arxiv.org/abs/2110.01052). Sentences of one article are taken for independent.

    Args:
        judged: Answers with the same label.
        delta: Probability with which a bound may fail, in (0, 1).
    """
    n = len(judged.right)
    order = np.argsort(-judged.confidences, kind="stable")
    found = []
    for kept in sorted({round(share * n) for share in SHARES} - {0}):
        surest = order[:kept]
        wrong = kept - int(judged.right[surest].sum())
        found.append(
            Threshold(
                confidence=float(judged.confidences[surest[-1]]),
                risk=upper_risk(wrong, kept, delta / len(SHARES)),
                coverage=kept / n,
            )
        )
    return found


def upper_risk(wrong: int, n: int, delta: float) -> float:
    """Bound from above the probability of an error of which ``wrong`` of ``n`` were found.

    Source:
        Clopper and Pearson 1934, the upper end of the interval.
    """
    return 1.0 if wrong == n else float(beta.ppf(1 - delta, wrong + 1, n - wrong))
