"""The classifiers: one encode for all questions, and one encode per question.

Both take the token ids of a sentence and give the logits of every task by scheme, so training,
scoring and export do not know which of them they hold. A further kind is one more subclass of
`Classifier`, with settings of its own, in `CLASSIFIERS`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import PreTrainedModel

from labels.pipeline.schema import SENTIMENT, STANCE, Scheme
from training.model.backbone import Backbone
from training.model.settings import ClassifierSettings, CrossEncoderSettings, EncodeOnceSettings


class Question(NamedTuple):
    """What a classifier is asked about a sentence: the text that stands for a task."""

    text: str
    scheme: Scheme


class Classifier(nn.Module, ABC):
    """An encoder and a head for each scheme; the questions of one scheme stand together."""

    SETTINGS: ClassVar[type[ClassifierSettings]]
    heads: nn.ModuleDict  # by the name of the scheme; a subclass builds them, see `_heads`

    def __init__(self, encoder: PreTrainedModel, schemes: Sequence[Scheme]) -> None:
        """Take the encoder over, not a copy.

        Args:
            encoder: Gives token states, shape ``(n, length, hidden)``.
            schemes: The scheme of each question, in order.
        """
        super().__init__()
        self.encoder = encoder
        self.spans: dict[str, slice] = {}  # the questions of each scheme
        start = 0
        for scheme, questions in groupby(schemes):
            end = start + len(list(questions))
            self.spans[scheme.name] = slice(start, end)
            start = end

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

    @abstractmethod
    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> dict[str, Tensor]:
        """Classify sentences.

        Args:
            input_ids: Shape ``(n, length)``.
            attention_mask: Same shape, 1 for a token and 0 for padding.

        Returns:
            Float32 logits by the name of the scheme, shape ``(n, tasks of the scheme, classes)``.
        """

    def _answer(self, features: Tensor) -> dict[str, Tensor]:
        """Turn the features of the questions, ``(n, questions, width)``, into logits."""
        logits = {}
        for name, span in self.spans.items():
            if span.stop - span.start == 1:  # a matrix, whose product is faster than a stack's
                logits[name] = self.heads[name](features[:, span.start]).float()[:, None]
            else:
                logits[name] = self.heads[name](features[:, span]).float()
        return logits


class EncodeOnceClassifier(Classifier):
    """Encode the sentence once; each question's query attends over its token states.

    A query starts as the mean token state of the question under the untouched backbone. It is a
    fixed vector: a new target needs nothing but a description.
    """

    SETTINGS = EncodeOnceSettings
    queries: Tensor

    def __init__(
        self,
        encoder: PreTrainedModel,
        schemes: Sequence[Scheme],
        queries: Tensor,
        settings: EncodeOnceSettings,
    ) -> None:
        """Build the heads.

        Args:
            encoder: Gives token states, shape ``(n, length, hidden)``.
            schemes: The scheme of each question, in order.
            queries: Shape ``(questions, hidden)``.
            settings: Number of attention heads, width and dropout.
        """
        super().__init__(encoder, schemes)
        hidden = queries.shape[1]
        self.register_buffer("queries", queries)
        self.n_heads = settings.attention_heads
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.heads = _heads(3 * hidden, schemes, settings)

    @classmethod
    def build(
        cls,
        settings: EncodeOnceSettings,
        backbone: Backbone,
        questions: Sequence[Question],
        prefix: str,
    ) -> Self:
        """Start each query as the mean token state of its question."""
        rows = []
        with torch.no_grad():
            for question in questions:
                ids = torch.tensor([backbone.tokenizer.encode(prefix + question.text).ids])
                rows.append(backbone.model(input_ids=ids).last_hidden_state[0].mean(0))
        schemes = [question.scheme for question in questions]
        return cls(backbone.model, schemes, torch.stack(rows), settings)

    @classmethod
    def empty(
        cls,
        settings: EncodeOnceSettings,
        encoder: PreTrainedModel,
        schemes: Sequence[Scheme],
        weights: Path,
    ) -> Self:
        """Make room for as many queries as are stored."""
        with safe_open(weights, "pt") as file:
            queries = torch.zeros(file.get_slice("queries").get_shape())
        return cls(encoder, schemes, queries, settings)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> dict[str, Tensor]:
        """Classify sentences; see `Classifier.forward`."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        n, length, hidden = states.shape
        width = hidden // self.n_heads
        queries = self.queries.to(states.dtype)
        asked = self.query(queries).view(1, -1, self.n_heads, width).transpose(1, 2)
        keys = self.key(states).view(n, length, self.n_heads, width).transpose(1, 2)
        values = self.value(states).view(n, length, self.n_heads, width).transpose(1, 2)
        seen = attention_mask[:, None, None, :].bool()
        read = scaled_dot_product_attention(
            asked.expand(n, -1, -1, -1), keys, values, attn_mask=seen
        )
        read = read.transpose(1, 2).reshape(n, -1, hidden)  # (n, questions, hidden)
        weights = attention_mask[:, :, None].to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        features = torch.cat(
            [read, mean[:, None].expand_as(read), queries.expand(n, -1, -1)], dim=-1
        )
        return self._answer(features)


class CrossEncoder(Classifier):
    """The classic way: encode ``question </s> sentence`` once per question.

    The prefix of each question is a fixed row of token ids, so the input is the same as that of
    `EncodeOnceClassifier`: the sentence alone.
    """

    SETTINGS = CrossEncoderSettings
    prefixes: Tensor
    prefix_mask: Tensor

    def __init__(
        self,
        encoder: PreTrainedModel,
        schemes: Sequence[Scheme],
        prefixes: Sequence[Sequence[int]],
        settings: CrossEncoderSettings,
    ) -> None:
        """Build the heads.

        Args:
            encoder: Gives token states, shape ``(n, length, hidden)``.
            schemes: The scheme of each question, in order.
            prefixes: Token ids before the sentence, one list per question.
            settings: Width and dropout of the heads.
        """
        super().__init__(encoder, schemes)
        longest = max(map(len, prefixes))
        ids = torch.zeros(len(prefixes), longest, dtype=torch.long)
        mask = torch.zeros(len(prefixes), longest, dtype=torch.long)
        for row, prefix in enumerate(prefixes):
            ids[row, : len(prefix)] = torch.tensor(prefix)
            mask[row, : len(prefix)] = 1
        self.register_buffer("prefixes", ids)
        self.register_buffer("prefix_mask", mask)
        self.heads = _heads(int(encoder.config.hidden_size), schemes, settings)

    @classmethod
    def build(
        cls,
        settings: CrossEncoderSettings,
        backbone: Backbone,
        questions: Sequence[Question],
        prefix: str,
    ) -> Self:
        """Put each question and a separator before the sentence."""
        prefixes = [
            [*backbone.tokenizer.encode(prefix + question.text).ids, backbone.end_id]
            for question in questions
        ]
        return cls(backbone.model, [question.scheme for question in questions], prefixes, settings)

    @classmethod
    def empty(
        cls,
        settings: CrossEncoderSettings,
        encoder: PreTrainedModel,
        schemes: Sequence[Scheme],
        weights: Path,
    ) -> Self:
        """Take the prefixes as they are stored."""
        with safe_open(weights, "pt") as file:
            ids, mask = file.get_tensor("prefixes"), file.get_tensor("prefix_mask").bool()
        prefixes = [row[kept].tolist() for row, kept in zip(ids, mask, strict=True)]
        return cls(encoder, schemes, prefixes, settings)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> dict[str, Tensor]:
        """Classify sentences; see `Classifier.forward`."""
        n, questions = input_ids.shape[0], self.prefixes.shape[0]
        body, body_mask = input_ids[:, 1:], attention_mask[:, 1:]
        ids = torch.cat(
            [self.prefixes.repeat(n, 1), body.repeat_interleave(questions, dim=0)], dim=1
        )
        mask = torch.cat(
            [self.prefix_mask.repeat(n, 1), body_mask.repeat_interleave(questions, dim=0)], dim=1
        )
        # The sentence moves up to its prefix: a gap after a short prefix would shift its positions,
        # and by an amount that depends on the longest of the other questions.
        position = torch.arange(ids.shape[1], device=ids.device)
        lengths = self.prefix_mask.sum(1, keepdim=True)
        moved = position + (position >= lengths) * (self.prefixes.shape[1] - lengths)
        inside = (moved < ids.shape[1]).long().repeat(n, 1)
        moved = moved.clamp(max=ids.shape[1] - 1).repeat(n, 1)
        ids, mask = ids.gather(1, moved), mask.gather(1, moved) * inside
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]
        return self._answer(states.view(n, questions, -1))


KINDS: tuple[type[Classifier], ...] = (EncodeOnceClassifier, CrossEncoder)
CLASSIFIERS: Mapping[str, type[Classifier]] = {kind.SETTINGS.KIND: kind for kind in KINDS}


def build_classifier(
    settings: ClassifierSettings, backbone: Backbone, descriptions: Sequence[str], prefix: str
) -> Classifier:
    """Build the classifier of the chosen kind on a backbone.

    Args:
        settings: Of any kind.
        backbone: Encoder and tokenizer; the encoder is taken over, not copied.
        descriptions: What each target is, in the order of the stance logits.
        prefix: What the backbone expects before a text.
    """
    questions = [Question(description, STANCE) for description in descriptions]
    questions.append(Question(settings.sentiment_question, SENTIMENT))
    return CLASSIFIERS[settings.KIND].build(settings, backbone, questions, prefix)


def _heads(width: int, schemes: Sequence[Scheme], settings: ClassifierSettings) -> nn.ModuleDict:
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
