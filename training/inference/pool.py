"""An export in which a network and rules answer together: a log-linear pool.

Probabilities are those of both, multiplied, each raised to its weight: log p = w log p(network) +
(1 - w) log p(rules), plus a bias of some classes.

Source:
    Genest and Zidek 1986, Statistical Science 1(1), on logarithmic opinion pools.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from labels.languages.detect import judge
from labels.pipeline.errors import ConfigError, DataError
from labels.pipeline.files import sha256_of
from labels.pipeline.schema import SENTIMENT, STANCE, Scheme, Stance, tasks_for
from training.contract.records import Answer, Labels, StanceAnswer
from training.export.artifact import (
    EXPORT_FILE,
    MODEL_PART,
    RULES_PART,
    ExportKind,
    PoolDescription,
    Variant,
    kind_of,
)
from training.inference.description import read_export
from training.inference.explain import Explanation
from training.inference.leave_out import explain_by_leaving_out
from training.inference.model import StanceModel
from training.inference.processor import choose_variant
from training.inference.rules import RulesModel
from training.inference.scorer import BATCH_TOKENS, Scorer, answer_of

if TYPE_CHECKING:
    from labels.targets import Mention

Floats = NDArray[np.float64]
_LEAST = 1e-6  # a probability; those of answers are rounded to it


class PoolModel(Scorer):
    """A network with rules beside it; whose stance it is, and how it is told, the network says."""

    description: PoolDescription

    def __init__(self, folder: str | Path, threads: int = 0, variant: str = Variant.fp32) -> None:
        """Load both parts and verify their checksums.

        Args:
            folder: Export folder.
            threads: Processor threads of the network; 0 takes as many as there are cores.
            variant: Of the network, as in `open_model`.

        Raises:
            ConfigError: The folder is no pool, or its network has no such variant.
            DataError: A part is missing or was changed, or is of another version than this program.
        """
        folder = Path(folder)
        found, self.export_hash = read_export(folder)
        if kind_of(found) is not ExportKind.pool:
            raise ConfigError(f"model: {folder}: expected a pool, found {kind_of(found)}")
        self.description = cast(PoolDescription, found)
        self.variant = choose_variant(self.description, variant)
        for part in (MODEL_PART, RULES_PART):
            _verify(folder, part, self.description)
        self._rules = RulesModel(folder / RULES_PART)
        self._network = StanceModel(folder / MODEL_PART, threads, self.variant)
        self.targets = [target["key"] for target in self.description["targets"]]
        self.tasks = tasks_for(self.targets)

    def __call__(
        self,
        sentences: Sequence[str],
        batch_tokens: int = BATCH_TOKENS,
        mentions: Sequence[Sequence["Mention"]] | None = None,
        langs: Sequence[str | None] | None = None,
        abstain_risk: float | None = None,
    ) -> list[Labels]:
        """Label sentences; see `Scorer`. Where the language is not known, it is detected."""
        told = [None] * len(sentences) if langs is None else langs
        known = [lang or judge(text, None).lang for text, lang in zip(sentences, told, strict=True)]
        if mentions is None:
            mentions = self._named_in(sentences, known)
        network = self._network.answer(sentences, batch_tokens, mentions, known)
        rules = self._rules(sentences, mentions=mentions, langs=known)
        found = [self._pool(*both) for both in zip(network, rules, strict=True)]
        if abstain_risk is not None:
            self._abstain(found, abstain_risk)
        return found

    def explain(self, sentence: str, target: str, lang: str | None = None) -> Explanation:
        """Tell which words carry the stance of a sentence; see `Scorer`.

        Each word is left out in turn, a name of the target like any other.
        """
        return explain_by_leaving_out(self, sentence, target, lang)

    def _pool(self, network: Labels, rules: Labels) -> Labels:
        """Join the answers about one sentence."""
        stances: dict[str, StanceAnswer] = {}
        for target in self.targets:
            told = network["stance"][target]
            joined = self._joined(STANCE, told, rules["stance"][target])
            stances[target] = told | StanceAnswer(
                label=joined["label"], probabilities=joined["probabilities"]
            )
            if joined["label"] == Stance.unrelated:
                stances[target].pop("holder", None)
                stances[target].pop("voice", None)
        tone = self._joined(SENTIMENT, network["sentiment"], rules["sentiment"])
        return network | Labels(stance=stances, sentiment=tone)

    def _joined(self, scheme: Scheme, network: Answer, rules: Answer) -> Answer:
        choice = self.description["pooled"][scheme.name]
        bias = np.array([choice["bias"].get(name, 0.0) for name in scheme.classes])
        one, other = (probabilities_of(scheme, answer) for answer in (network, rules))
        return answer_of(scheme.classes, log_pool(one, other, choice["weight"], bias))


def probabilities_of(scheme: Scheme, answer: Answer) -> Floats:
    """Give the probabilities of an answer, in the order of the classes of its scheme."""
    return np.array([answer["probabilities"][name] for name in scheme.classes])


def log_pool(network: Floats, rules: Floats, weight: float, bias: Floats) -> Floats:
    """Pool probabilities.

    Args:
        network: Probabilities, shape ``(..., classes)``.
        rules: The same.
        weight: Of the network, in [0, 1]; the rules have the rest.
        bias: Added to the log probability of each class, shape ``(classes,)``.

    Returns:
        Of the same shape; over the classes they sum to 1.
    """
    logs = (np.log(np.maximum(found, _LEAST)) for found in (network, rules))
    of_network, of_rules = logs
    raised = weight * of_network + (1 - weight) * of_rules + bias
    found = np.exp(raised - raised.max(axis=-1, keepdims=True))
    return np.asarray(found / found.sum(axis=-1, keepdims=True))


def _verify(folder: Path, part: str, description: PoolDescription) -> None:
    """Check that a part is there, and is the one that was pooled; it verifies its own files."""
    path = folder / part / EXPORT_FILE
    again = "run export_pool again"
    if not path.is_file():
        raise DataError(f"{path}: expected the {part} of the pool, found none; {again}")
    expected: Any = description.get("sha256", {}).get(f"{part}/{EXPORT_FILE}")
    found = sha256_of(path)
    if found != expected:
        raise DataError(f"{path}: expected SHA-256 {expected}, found {found}; {again}")
