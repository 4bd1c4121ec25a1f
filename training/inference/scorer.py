"""What every kind of export does that answers questions about sentences."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labels.metrics.calibration_file import least_confidence
from labels.pipeline.schema import SENTIMENT, STANCE, Task
from training.contract.records import Answer, Labels
from training.export.artifact import (
    AnyDescription,
    ExportKind,
    Variant,
    kind_of,
    names_of,
)
from training.inference.description import read_export

if TYPE_CHECKING:  # the names are looked for by what is imported when a model is opened
    from labels.targets import Mention
    from training.inference.explain import Explanation
    from training.inference.predictions import Article, Predictions

BATCH_TOKENS = 256  # few: what a batch is made of stays near the processor, and little is padding


class Scorer(ABC):
    """An export that was opened: a network, rules, or both."""

    description: AnyDescription
    export_hash: str
    targets: list[str]
    tasks: tuple[Task, ...]
    variant: Variant

    @abstractmethod
    def __call__(
        self,
        sentences: Sequence[str],
        batch_tokens: int = BATCH_TOKENS,
        mentions: Sequence[Sequence["Mention"]] | None = None,
        langs: Sequence[str | None] | None = None,
        abstain_risk: float | None = None,
    ) -> list[Labels]:
        """Label sentences.

        Args:
            sentences: Plain text, one sentence each.
            batch_tokens: Scored together at most, padding included; batches hold sentences of
                similar length, one at least. Each thread has a batch of its own.
            mentions: Where each sentence names a target, as `Reader` finds it in an article;
                without them they are looked for in each sentence alone.
            langs: Language of each sentence, by which datelines are known and probabilities are
                right for it; without it they are right for all languages together.
            abstain_risk: Share of the answers of a label that may be wrong, in (0, 1): one that is
                not sure enough is marked as ``abstained``. The bound holds for texts like those
                that the export was calibrated on; where it never was, nothing is sure enough.

        Returns:
            One ``{"stance": {target: {"label", "probabilities"}}, "sentiment": {...}}`` each, in
            order; ``label`` is the most probable class. Where the sentence is about a target, the
            stance of a network has a ``holder`` and a ``voice``. A sentence longer than the model
            reads at once is scored in parts, and says how many in ``parts``.
        """

    @abstractmethod
    def explain(self, sentence: str, target: str, lang: str | None = None) -> "Explanation":
        """Tell which words carry the stance of a sentence: what its probability is without each.

        Args:
            sentence: Plain text.
            target: Key of a target of the export.
            lang: Language of the sentence, where it is known.

        Raises:
            ConfigError: The export has no such target.
            DataError: The sentence has no word.
        """

    def predict(
        self,
        inputs: "Iterable[str | Article]",
        batch_tokens: int = BATCH_TOKENS,
        abstain_risk: float | None = None,
        source: str | None = None,
        show_progress: bool | None = None,
    ) -> "Predictions":
        """Label sentences and articles; the records are those of ``predict_stance``.

        Args:
            inputs: Text is a sentence, taken as it is; an `Article` is cleaned and split.
            batch_tokens: As in `__call__`.
            abstain_risk: As there.
            source: Outlet of every article that names none.
            show_progress: Whether to show how far it is; None does on a terminal.

        Returns:
            The records in order, and a reject for every input that could not be read.

        Raises:
            TypeError: An input is neither text nor an article.
        """
        # Only here, as few of those who import this module read raw articles.
        from training.inference.predict import predict

        return predict(self, inputs, batch_tokens, abstain_risk, source, show_progress)

    def _named_in(
        self, sentences: Sequence[str], langs: Sequence[str | None]
    ) -> "list[list[Mention]]":
        """Find where sentences name the targets, each by itself."""
        # Only here, as few of those who import this module look for names.
        from training.inference.mentions import finder_of

        return list(map(finder_of(self._names).in_sentence, sentences, langs))

    @cached_property
    def _names(self) -> str:
        return names_of(self.description)

    def _abstain(self, found: Sequence[Labels], risk: float) -> None:
        """Mark the answers that are not sure enough."""
        thresholds = self.description["calibration"]["thresholds"]
        least = {  # of a label that no gold was found for none is sure enough
            (task.scheme.name, label): least_confidence(
                thresholds.get(task.scheme.name, {}).get(label, ()), risk
            )
            for task in self.tasks
            for label in task.classes
        }
        for labels in found:
            answers: list[tuple[str, Answer]] = [
                (STANCE.name, answer) for answer in labels["stance"].values()
            ]
            for scheme, answer in [*answers, (SENTIMENT.name, labels["sentiment"])]:
                sure = answer["probabilities"][answer["label"]]
                answer["abstained"] = sure < least[scheme, answer["label"]]


def answer_of(
    classes: Sequence[str],
    probabilities: Any,  # noqa: ANN401 - floats of any width
) -> Answer:
    """Give the answer to a task, from an array of the probabilities of its classes."""
    return Answer(
        label=classes[int(probabilities.argmax())],
        probabilities={
            name: round(float(probability), 6)
            for name, probability in zip(classes, probabilities, strict=True)
        },
    )


def open_model(folder: str | Path, threads: int = 0, variant: str = Variant.fp32) -> Scorer:
    """Open an export, whatever answers in it, and verify its checksums.

    Args:
        folder: Export folder.
        threads: Processor threads; 0 takes as many as there are cores.
        variant: ``fp32``, exact, or ``int8``, or ``auto``, which takes what is faster on this
            processor; rules have the exact one alone.

    Raises:
        ConfigError: The folder is no export, or holds no such variant.
        DataError: A file of it was changed or is missing, it is of another version, or its rules
            are not those of this program.
    """
    description, _ = read_export(Path(folder))
    if kind_of(description) is ExportKind.rules:
        from training.inference.rules import RulesModel  # whose languages few need

        return RulesModel(folder, threads, variant)
    if kind_of(description) is ExportKind.pool:
        from training.inference.pool import PoolModel  # likewise

        return PoolModel(folder, threads, variant)
    from training.inference.model import StanceModel

    return StanceModel(folder, threads, variant)
