"""One encode per question: the classic way."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn.functional import pad
from transformers import PreTrainedModel

from labels.pipeline.schema import STANCE, Scheme
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
        longest = max(map(len, prefixes))
        ids = torch.zeros(len(prefixes), longest, dtype=torch.long)
        mask = torch.zeros(len(prefixes), longest, dtype=torch.long)
        for row, prefix in enumerate(prefixes):
            ids[row, : len(prefix)] = torch.tensor(prefix)
            mask[row, : len(prefix)] = 1
        self.register_buffer("prefixes", ids)
        self.register_buffer("prefix_mask", mask)
        self.heads = heads_of(hidden, schemes, settings)
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

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, mentions: Tensor
    ) -> dict[str, Tensor]:
        """Classify sentences; see `Classifier.forward`."""
        n, questions = input_ids.shape[0], self.prefixes.shape[0]
        body, body_mask = input_ids[:, 1:], attention_mask[:, 1:]
        stances = self.spans[STANCE.name]
        around = (stances.start, questions - stances.stop)  # questions about no target
        named = pad(mentions[:, 1:].transpose(1, 2).to(self.mark.dtype), (0, 0, *around))
        ids = torch.cat(
            [self.prefixes.repeat(n, 1), body.repeat_interleave(questions, dim=0)], dim=1
        )
        mask = torch.cat(
            [self.prefix_mask.repeat(n, 1), body_mask.repeat_interleave(questions, dim=0)], dim=1
        )
        named = pad(named.flatten(0, 1), (self.prefixes.shape[1], 0))
        # The sentence moves up to its prefix: a gap after a short prefix would shift its positions,
        # and by an amount that depends on the longest of the other questions.
        position = torch.arange(ids.shape[1], device=ids.device)
        lengths = self.prefix_mask.sum(1, keepdim=True)
        moved = position + (position >= lengths) * (self.prefixes.shape[1] - lengths)
        inside = (moved < ids.shape[1]).long().repeat(n, 1)
        moved = moved.clamp(max=ids.shape[1] - 1).repeat(n, 1)
        ids, mask = ids.gather(1, moved), mask.gather(1, moved) * inside
        named = named.gather(1, moved) * inside
        states = self._encode(ids, mask, named[:, :, None] * self.mark)
        states = states.view(n, questions, ids.shape[1], -1)
        own = self._sentence_states(states[:, stances], lengths[stances], input_ids.shape[1])
        return self._answer(states[:, :, 0], own, attention_mask)

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
