"""How many operations of matrix products a sentence takes, by the number of its tokens.

A product of matrices of shape ``(m, k)`` and ``(k, n)`` has ``2 m k n`` floating point operations.
Let a sentence have ``n`` tokens and let it be asked about ``T`` targets and its sentiment, so that
there are ``Q = T + 1`` questions. A BERT encoder has ``L`` layers, hidden width ``H`` and inner
width ``I``. The encoder takes ::

    L (2 n (4 H^2 + 2 H I) + 4 n^2 H)

that is the four projections and the two inner layers, then the products of attention. What
`EncodeOnceClassifier` adds, with heads of width ``W`` for ``C`` stances and ``S`` sentiments, ends
of spans compared by ``P`` numbers, and ``V`` voices, is ::

    marks of names           2 T H^2 + 2 n T H
    questions read tokens    2 (2 n + Q) H^2 + 4 n Q H
    averages of tokens       2 n H + 2 n T H
    heads                    2 T (4 H W + W C) + 2 (4 H W + W S)
    tokens reread            2 n (3 H^2 + H^2 + 4 H^2) + 4 n^2 H
    holders                  2 T 8 H^2 + 2 n H^2 + 4 n T H + 4 n H P
    voices                   2 T (4 H W + W V)

Other encoders and classifiers have other formulas, all of the form ``a + b n + c n^2``. So nothing
is written down twice: torch counts the products of a classifier of these shapes for three numbers
of tokens, which gives ``a``, ``b`` and ``c``; a test holds what it counts to the formulas above.
Sums, activations and normalisations are not counted, and neither is padding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, cast

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from training.export.artifact import ExportDescription
from training.model.backbone import load_backbone
from training.model.base import Classifier
from training.model.classifier import CLASSIFIERS, build_classifier
from training.model.records import BackboneRecord
from training.model.settings import BackboneSettings, EmbeddedSettings, HubSettings

_STEP = 8  # tokens between the numbers that are counted for
_BACKBONES: dict[str, type[BackboneSettings]] = {
    kind.KIND: kind for kind in (EmbeddedSettings, HubSettings)
}


@dataclass(frozen=True)
class Operations:
    """Operations of the matrix products for a sentence: ``a + b n + c n^2`` for ``n`` tokens."""

    a: int
    b: int
    c: int

    @classmethod
    def of(cls, classifier: Classifier, n_targets: int) -> Self:
        """Count those of a classifier that is asked about so many targets."""
        first, second, third = (
            count_operations(classifier, n_targets, _STEP * times) for times in (1, 2, 3)
        )
        c = (third - 2 * second + first) // (2 * _STEP**2)
        b = (second - first) // _STEP - 3 * _STEP * c
        return cls(a=first - b * _STEP - c * _STEP**2, b=b, c=c)

    def for_tokens(self, n: int) -> int:
        """Count those of a sentence with so many tokens, special ones and prefix included."""
        return self.a + self.b * n + self.c * n**2

    def mean(self, lengths: Sequence[Sequence[int]]) -> float:
        """Average over sentences, each given by the tokens of the parts that it is read in."""
        return sum(self.for_tokens(n) for parts in lengths for n in parts) / len(lengths)


def count_operations(classifier: Classifier, n_targets: int, n_tokens: int) -> int:
    """Let torch count the operations of the matrix products for one sentence."""
    ids = torch.zeros(1, n_tokens, dtype=torch.long)
    named = torch.zeros(1, n_tokens, n_targets, dtype=torch.bool)
    counter = FlopCounterMode(display=False)
    # Fused attention on a processor is not among what torch counts.
    with torch.inference_mode(), sdpa_kernel(SDPBackend.MATH), counter:
        classifier(ids, torch.ones_like(ids), named)
    return int(counter.get_total_flops())


def operations_of(description: ExportDescription) -> Operations:
    """Count those of the classifier that an export was made from.

    Raises:
        ConfigError: Its backbone cannot be loaded.
        DataError: The same.
    """
    settings = backbone_settings(description["backbone"])
    record = description["classifier"]
    targets = [target["description"] for target in description["targets"]]
    chosen = CLASSIFIERS[record["kind"]].SETTINGS.from_json(cast(dict[str, object], record))
    loaded = load_backbone(settings)
    classifier = build_classifier(chosen, loaded, targets, settings.prefix).eval()
    return Operations.of(classifier, len(targets))


def backbone_settings(record: BackboneRecord) -> BackboneSettings:
    """Take the settings of a backbone back from what an export says of it."""
    return _BACKBONES[record["kind"]].from_json(cast(dict[str, object], record))
