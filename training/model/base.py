"""What every classifier is: an encoder that is asked questions, and a head for each scheme.

A token that names a target is marked: a vector that stands for the question is added to its state
below `mention_layer`. The layers above read who is asked about, and keep it apart from what else
the sentence is about.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self

from torch import Tensor, nn
from transformers import PreTrainedModel

from labels.pipeline.errors import ConfigError
from labels.pipeline.schema import STANCE, Scheme
from training.model.attribution import AttributionHead
from training.model.backbone import Backbone, layers_of
from training.model.settings import ClassifierSettings


class Question(NamedTuple):
    """What a classifier is asked about a sentence: the text that stands for a task."""

    text: str
    scheme: Scheme


class Classifier(nn.Module, ABC):
    """An encoder and a head for each scheme; the questions of one scheme stand together."""

    SETTINGS: ClassVar[type[ClassifierSettings]]
    width: int  # of what is read for a question
    heads: nn.ModuleDict  # by the name of the scheme; a subclass builds them, see `heads_of`
    attribution: AttributionHead  # the same

    def __init__(
        self, encoder: PreTrainedModel, schemes: Sequence[Scheme], settings: ClassifierSettings
    ) -> None:
        """Take the encoder over, not a copy.

        Args:
            encoder: Gives token states, shape ``(n, length, hidden)``.
            schemes: The scheme of each question, in order.
            settings: The layer below which mentions are marked.

        Raises:
            ConfigError: The encoder has no such layer.
        """
        super().__init__()
        self.encoder = encoder
        n_layers = len(layers_of(encoder))
        if settings.mention_layer >= n_layers:
            raise ConfigError(
                f"classifier.mention_layer: expected at most {n_layers - 1}, "
                f"got {settings.mention_layer}"
            )
        self.mention_layer = settings.mention_layer
        self.spans = spans_of(schemes)

    @classmethod
    @abstractmethod
    def build(
        cls,
        settings: Any,  # noqa: ANN401 - of the kind's own schema
        backbone: Backbone,
        questions: Sequence[Question],
        prefix: str,
    ) -> Self:
        """Build the classifier on a backbone.

        Args:
            settings: Of this kind.
            backbone: Encoder and tokenizer; the encoder is taken over, not copied.
            questions: One for each task, in the order of the logits.
            prefix: What the backbone expects before a text.
        """

    @classmethod
    @abstractmethod
    def empty(
        cls,
        settings: Any,  # noqa: ANN401 - of the kind's own schema
        encoder: PreTrainedModel,
        schemes: Sequence[Scheme],
        weights: Path,
    ) -> Self:
        """Build the classifier in the shape of stored weights, which are yet to be loaded.

        Args:
            settings: Of this kind.
            encoder: With any weights.
            schemes: The scheme of each question, in order.
            weights: File of the stored weights.
        """

    @classmethod
    @abstractmethod
    def words(
        cls, backbone: Backbone, questions: Sequence[Question], prefix: str
    ) -> dict[str, Tensor]:
        """Give what stands for some questions, by the name of the buffer that holds it.

        Args:
            backbone: Encoder and tokenizer, before any training.
            questions: In the order of the logits.
            prefix: What the backbone expects before a text.
        """

    @property
    @abstractmethod
    def asked(self) -> dict[str, Tensor]:
        """What stands for the questions of this classifier, see `words`."""

    @abstractmethod
    def read(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        mentions: Tensor,
        asked: Mapping[str, Tensor],
        targets: slice,
    ) -> tuple[Tensor, Tensor]:
        """Read sentences with some questions in mind, those of the classifier or others.

        Args:
            input_ids: Shape ``(n, length)``.
            attention_mask: Same shape, 1 for a token and 0 for padding.
            mentions: Shape ``(n, length, targets)``, true where a token names the target of a
                question.
            asked: What stands for the questions, see `words`.
            targets: The questions that have a target.

        Returns:
            What is read for the questions, shape ``(n, questions, width)``, and the states of the
            sentence's tokens, shape ``(n, targets, length, hidden)``; one for all targets, or one
            for each.
        """

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, mentions: Tensor
    ) -> dict[str, Tensor]:
        """Classify sentences.

        Args:
            input_ids: Shape ``(n, length)``.
            attention_mask: Same shape, 1 for a token and 0 for padding.
            mentions: Shape ``(n, length, targets)``, true where a token names the target of a
                stance question.

        Returns:
            Float32 logits by the name of the scheme, shape ``(n, tasks of the scheme, classes)``,
            and those of `AttributionHead`.
        """
        targets = self.spans[STANCE.name]
        features, states = self.read(input_ids, attention_mask, mentions, self.asked, targets)
        logits = answers(self.heads, self.spans, features)
        logits |= self.attribution(features[:, targets], states, attention_mask)
        return logits

    def _encode(self, input_ids: Tensor, attention_mask: Tensor, marks: Tensor) -> Tensor:
        """Return the token states; ``marks`` is added to them below `mention_layer`."""

        def add(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
            states, *others = args
            return (states + marks.to(states.dtype), *others), kwargs

        layer = layers_of(self.encoder)[self.mention_layer]
        hook = layer.register_forward_pre_hook(add, with_kwargs=True)
        try:
            read = self.encoder(input_ids=input_ids, attention_mask=attention_mask)
        finally:
            hook.remove()
        states: Tensor = read.last_hidden_state
        return states


def spans_of(schemes: Sequence[Scheme]) -> dict[str, slice]:
    """Tell which questions are of each scheme, by its name; those of one stand together."""
    spans: dict[str, slice] = {}
    start = 0
    for scheme, questions in groupby(schemes):
        end = start + len(list(questions))
        spans[scheme.name] = slice(start, end)
        start = end
    return spans


def heads_of(width: int, schemes: Sequence[Scheme], settings: ClassifierSettings) -> nn.ModuleDict:
    """Build a head for each scheme, from features of some width to its logits."""
    heads = nn.ModuleDict()
    for scheme in dict.fromkeys(schemes):  # once each, in order
        heads[scheme.name] = nn.Sequential(
            nn.Dropout(settings.dropout),
            nn.Linear(width, settings.head_width),
            nn.GELU(),
            nn.Dropout(settings.dropout),
            nn.Linear(settings.head_width, len(scheme.classes)),
        )
    return heads


def answers(
    heads: nn.ModuleDict, spans: Mapping[str, slice], features: Tensor
) -> dict[str, Tensor]:
    """Turn what was read for the questions into logits.

    Args:
        heads: By the name of the scheme, see `heads_of`.
        spans: The questions of each scheme, see `spans_of`.
        features: Of the questions, shape ``(n, questions, width)``.

    Returns:
        Float32 logits by the name of the scheme, shape ``(n, tasks of the scheme, classes)``.
    """
    logits: dict[str, Tensor] = {}
    for name, span in spans.items():
        if span.stop - span.start == 1:  # a matrix, whose product is faster than a stack's
            logits[name] = heads[name](features[:, span.start]).float()[:, None]
        else:
            logits[name] = heads[name](features[:, span]).float()
    return logits
