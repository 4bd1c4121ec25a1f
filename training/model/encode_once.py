"""One encode for all questions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import PreTrainedModel

from labels.pipeline.schema import Scheme
from training.model.attribution import AttributionHead
from training.model.backbone import Backbone
from training.model.base import Classifier, Question, heads_of
from training.model.settings import EncodeOnceSettings


class EncodeOnceClassifier(Classifier):
    """Encode the sentence once; each question reads its token states in three ways.

    Its query attends over all of them; those of the tokens that name its target are averaged, and
    so are all. A query starts as the mean token state of the question under the untouched backbone.
    It is a fixed vector, and the mark of a mention is made of it: a new target needs nothing but a
    description and its names.
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
        super().__init__(encoder, schemes, settings)
        hidden = queries.shape[1]
        self.register_buffer("queries", queries)
        self.mark = _silent(nn.Linear(hidden, hidden))  # from a query to its mark
        self.absent = nn.Parameter(torch.zeros(hidden))  # read where a target is not named
        self.n_heads = settings.attention_heads
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.width = 4 * hidden
        self.heads = heads_of(self.width, schemes, settings)
        self.attribution = AttributionHead(self.width, hidden, settings)

    @classmethod
    def build(
        cls,
        settings: EncodeOnceSettings,
        backbone: Backbone,
        questions: Sequence[Question],
        prefix: str,
    ) -> Self:
        """Start each query as the mean token state of its question."""
        schemes = [question.scheme for question in questions]
        queries = cls.words(backbone, questions, prefix)["queries"]
        return cls(backbone.model, schemes, queries, settings)

    @classmethod
    def words(
        cls, backbone: Backbone, questions: Sequence[Question], prefix: str
    ) -> dict[str, Tensor]:
        """Take the mean token state of each question."""
        rows = []
        with torch.no_grad():
            for question in questions:
                ids = torch.tensor([backbone.tokenizer.encode(prefix + question.text).ids])
                rows.append(backbone.model(input_ids=ids).last_hidden_state[0].mean(0))
        return {"queries": torch.stack(rows)}

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

    @property
    def asked(self) -> dict[str, Tensor]:
        """The queries."""
        return {"queries": self.queries}

    def read(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        mentions: Tensor,
        asked: Mapping[str, Tensor],
        targets: slice,
    ) -> tuple[Tensor, Tensor]:
        """Read sentences; see `Classifier.read`."""
        own = asked["queries"]
        asked_of = own[targets]
        named = mentions.to(asked_of.dtype)
        states = self._encode(input_ids, attention_mask, named @ self.mark(asked_of))
        queries = own.to(states.dtype)
        whole = queries.expand(states.shape[0], -1, -1)  # (n, questions, hidden)
        everywhere = attention_mask[:, :, None].to(states.dtype)
        mean = _mean_over(states, everywhere).expand_as(whole)
        features = torch.cat(
            [
                self._read(states, attention_mask, queries),
                mean,
                self._at_mentions(states, named.to(states.dtype), len(own), targets.start),
                whole,
            ],
            dim=-1,
        )
        return features, states[:, None]

    def _read(self, states: Tensor, attention_mask: Tensor, queries: Tensor) -> Tensor:
        """Let each query attend over the token states, shape ``(n, questions, hidden)``."""
        n, length, hidden = states.shape
        width = hidden // self.n_heads
        asked = self.query(queries).view(1, -1, self.n_heads, width).transpose(1, 2)
        keys = self.key(states).view(n, length, self.n_heads, width).transpose(1, 2)
        values = self.value(states).view(n, length, self.n_heads, width).transpose(1, 2)
        seen = attention_mask[:, None, None, :].bool()
        read = scaled_dot_product_attention(
            asked.expand(n, -1, -1, -1), keys, values, attn_mask=seen
        )
        return read.transpose(1, 2).reshape(n, -1, hidden)

    def _at_mentions(self, states: Tensor, named: Tensor, questions: int, first: int) -> Tensor:
        """Average the states of the tokens that name each question's target.

        A target that is not named, and a question about no target, gets `absent`.

        Args:
            states: Shape ``(n, length, hidden)``.
            named: Shape ``(n, length, targets)``, 1 where a token names a target.
            questions: Number of all questions.
            first: Number of the first one that has a target.
        """
        found = _mean_over(states, named)
        is_named = named.any(1)[:, :, None]
        found = torch.where(is_named, found, self.absent.to(states.dtype))
        others = questions - found.shape[1]
        absent = self.absent.to(states.dtype).expand(states.shape[0], others, -1)
        return torch.cat([absent[:, :first], found, absent[:, first:]], dim=1)


def _silent(layer: nn.Linear) -> nn.Linear:
    """Let a layer give zeros until it has learned something."""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def _mean_over(states: Tensor, weights: Tensor) -> Tensor:
    """Average token states, ``(n, length, hidden)``, with weights ``(n, length, k)``.

    Returns:
        Shape ``(n, k, hidden)``; zeros where all weights are 0.
    """
    return weights.transpose(1, 2) @ states / weights.sum(1).clamp(min=1)[:, :, None]
