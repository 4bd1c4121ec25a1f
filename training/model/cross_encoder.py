"""One encode per question: the classic way."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn.functional import pad
from transformers import PreTrainedModel

from labels.pipeline.schema import Scheme
from training.model.attribution import AttributionHead
from training.model.backbone import Backbone
from training.model.base import Classifier, Question, heads_of
from training.model.settings import CrossEncoderSettings


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
        super().__init__(encoder, schemes, settings)
        hidden = int(encoder.config.hidden_size)
        self.mark = nn.Parameter(torch.zeros(hidden))  # of what the question is about
        for name, values in _padded(prefixes).items():
            self.register_buffer(name, values)
        self.width = hidden
        self.heads = heads_of(self.width, schemes, settings)
        self.attribution = AttributionHead(hidden, hidden, settings)

    @classmethod
    def build(
        cls,
        settings: CrossEncoderSettings,
        backbone: Backbone,
        questions: Sequence[Question],
        prefix: str,
    ) -> Self:
        """Put each question and a separator before the sentence."""
        schemes = [question.scheme for question in questions]
        return cls(backbone.model, schemes, _prefixes_of(backbone, questions, prefix), settings)

    @classmethod
    def words(
        cls, backbone: Backbone, questions: Sequence[Question], prefix: str
    ) -> dict[str, Tensor]:
        """Give the token ids before the sentence, and which of them are padding."""
        return _padded(_prefixes_of(backbone, questions, prefix))

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

    @property
    def asked(self) -> dict[str, Tensor]:
        """The prefixes."""
        return {"prefixes": self.prefixes, "prefix_mask": self.prefix_mask}

    def read(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        mentions: Tensor,
        asked: Mapping[str, Tensor],
        targets: slice,
    ) -> tuple[Tensor, Tensor]:
        """Read sentences; see `Classifier.read`."""
        prefixes, prefix_mask = asked["prefixes"], asked["prefix_mask"]
        n, questions = input_ids.shape[0], prefixes.shape[0]
        body, body_mask = input_ids[:, 1:], attention_mask[:, 1:]
        around = (targets.start, questions - targets.stop)  # questions about no target
        named = pad(mentions[:, 1:].transpose(1, 2).to(self.mark.dtype), (0, 0, *around))
        ids = torch.cat([prefixes.repeat(n, 1), body.repeat_interleave(questions, dim=0)], dim=1)
        mask = torch.cat(
            [prefix_mask.repeat(n, 1), body_mask.repeat_interleave(questions, dim=0)], dim=1
        )
        named = pad(named.flatten(0, 1), (prefixes.shape[1], 0))
        # The sentence moves up to its prefix: a gap after a short prefix would shift its positions,
        # and by an amount that depends on the longest of the other questions.
        position = torch.arange(ids.shape[1], device=ids.device)
        lengths = prefix_mask.sum(1, keepdim=True)
        moved = position + (position >= lengths) * (prefixes.shape[1] - lengths)
        inside = (moved < ids.shape[1]).long().repeat(n, 1)
        moved = moved.clamp(max=ids.shape[1] - 1).repeat(n, 1)
        ids, mask = ids.gather(1, moved), mask.gather(1, moved) * inside
        named = named.gather(1, moved) * inside
        states = self._encode(ids, mask, named[:, :, None] * self.mark)
        states = states.view(n, questions, ids.shape[1], -1)
        own = self._sentence_states(states[:, targets], lengths[targets], input_ids.shape[1])
        return states[:, :, 0], own

    def _sentence_states(self, states: Tensor, lengths: Tensor, length: int) -> Tensor:
        """Give the states of the sentence's own tokens, the first one included.

        Args:
            states: Of prefix and sentence, shape ``(n, questions, all, hidden)``.
            lengths: Of the prefixes, shape ``(questions, 1)``.
            length: Number of the sentence's tokens.
        """
        place = torch.arange(length, device=states.device)
        place = torch.where(place > 0, place + lengths - 1, 0)  # (questions, length)
        return states[:, torch.arange(states.shape[1], device=states.device)[:, None], place]


def _prefixes_of(backbone: Backbone, questions: Sequence[Question], prefix: str) -> list[list[int]]:
    """Give the token ids of each question and of a separator."""
    return [
        [*backbone.tokenizer.encode(prefix + question.text).ids, backbone.end_id]
        for question in questions
    ]


def _padded(prefixes: Sequence[Sequence[int]]) -> dict[str, Tensor]:
    """Lay prefixes out in rows of one length, with a mask that is 1 for a token."""
    longest = max(map(len, prefixes))
    ids = torch.zeros(len(prefixes), longest, dtype=torch.long)
    mask = torch.zeros(len(prefixes), longest, dtype=torch.long)
    for row, prefix in enumerate(prefixes):
        ids[row, : len(prefix)] = torch.tensor(prefix)
        mask[row, : len(prefix)] = 1
    return {"prefixes": ids, "prefix_mask": mask}
