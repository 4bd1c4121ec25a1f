"""The two classifiers: one encode for all targets, and one encode per target.

Both take the token ids of a sentence and give the stance logits of every target and the sentiment
logits, so training, scoring and export do not know which of them they hold.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import PreTrainedModel

from labels.schema import SENTIMENTS, STANCES
from training.config import ClassifierConfig, ClassifierKind
from training.model.backbone import Backbone


class EncodeOnceClassifier(nn.Module):
    """Encode the sentence once; each target's query attends over its token states.

    A query starts as the mean token state of the target's description under the untouched
    backbone. It is a fixed vector: a new target needs nothing but a description. The sentiment has
    a query of the same kind and a head of its own.
    """

    queries: Tensor

    def __init__(self, encoder: PreTrainedModel, queries: Tensor, config: ClassifierConfig) -> None:
        """Build the heads.

        Args:
            encoder: Gives token states, shape ``(n, length, hidden)``.
            queries: Shape ``(targets + 1, hidden)``; the last one asks for the sentiment.
            config: Number of attention heads, width and dropout.
        """
        super().__init__()
        hidden = queries.shape[1]
        self.encoder = encoder
        self.register_buffer("queries", queries)
        self.n_heads = config.attention_heads
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.stance = _head(3 * hidden, len(STANCES), config)
        self.sentiment = _head(3 * hidden, len(SENTIMENTS), config)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Classify sentences.

        Args:
            input_ids: Shape ``(n, length)``.
            attention_mask: Same shape, 1 for a token and 0 for padding.

        Returns:
            Stance logits, shape ``(n, targets, 4)``, and sentiment logits, shape ``(n, 3)``.
        """
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
        read = read.transpose(1, 2).reshape(n, -1, hidden)  # (n, targets + 1, hidden)
        weights = attention_mask[:, :, None].to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        features = torch.cat(
            [read, mean[:, None].expand_as(read), queries.expand(n, -1, -1)], dim=-1
        )
        return self.stance(features[:, :-1]).float(), self.sentiment(features[:, -1]).float()


class CrossEncoder(nn.Module):
    """The classic way: encode ``target </s> sentence`` once per target, and once for the sentiment.

    The prefix of each question is a fixed row of token ids, so the input is the same as that of
    `EncodeOnceClassifier`: the sentence alone.
    """

    prefixes: Tensor
    prefix_mask: Tensor

    def __init__(
        self, encoder: PreTrainedModel, prefixes: list[list[int]], config: ClassifierConfig
    ) -> None:
        """Build the heads.

        Args:
            encoder: Gives token states, shape ``(n, length, hidden)``.
            prefixes: Token ids before the sentence, one list per target, the last for sentiment.
            config: Width and dropout of the heads.
        """
        super().__init__()
        hidden = int(encoder.config.hidden_size)
        longest = max(map(len, prefixes))
        ids = torch.zeros(len(prefixes), longest, dtype=torch.long)
        mask = torch.zeros(len(prefixes), longest, dtype=torch.long)
        for row, prefix in enumerate(prefixes):
            ids[row, : len(prefix)] = torch.tensor(prefix)
            mask[row, : len(prefix)] = 1
        self.encoder = encoder
        self.register_buffer("prefixes", ids)
        self.register_buffer("prefix_mask", mask)
        self.stance = _head(hidden, len(STANCES), config)
        self.sentiment = _head(hidden, len(SENTIMENTS), config)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Classify sentences; arguments and result as in `EncodeOnceClassifier.forward`."""
        n, questions = input_ids.shape[0], self.prefixes.shape[0]
        body, body_mask = input_ids[:, 1:], attention_mask[:, 1:]
        ids = torch.cat(
            [self.prefixes.repeat(n, 1), body.repeat_interleave(questions, dim=0)], dim=1
        )
        mask = torch.cat(
            [self.prefix_mask.repeat(n, 1), body_mask.repeat_interleave(questions, dim=0)], dim=1
        )
        # The sentence moves up to its prefix: a gap after a short prefix would shift its positions,
        # and by an amount that depends on the longest of the other targets.
        position = torch.arange(ids.shape[1], device=ids.device)
        lengths = self.prefix_mask.sum(1, keepdim=True)
        moved = position + (position >= lengths) * (self.prefixes.shape[1] - lengths)
        inside = (moved < ids.shape[1]).long().repeat(n, 1)
        moved = moved.clamp(max=ids.shape[1] - 1).repeat(n, 1)
        ids, mask = ids.gather(1, moved), mask.gather(1, moved) * inside
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]
        pooled = states.view(n, questions, -1)
        return self.stance(pooled[:, :-1]).float(), self.sentiment(pooled[:, -1]).float()


def build_classifier(
    config: ClassifierConfig, backbone: Backbone, descriptions: list[str], prefix: str
) -> nn.Module:
    """Build the configured classifier on a backbone.

    Args:
        config: Its kind and settings.
        backbone: Encoder and tokenizer; the encoder is taken over, not copied.
        descriptions: What each target is, in the order of the stance logits.
        prefix: What the backbone expects before a text.
    """
    questions = [*descriptions, config.sentiment_question]
    if config.kind is ClassifierKind.cross_encoder:
        ids = [backbone.tokenizer.encode(prefix + question).ids for question in questions]
        return CrossEncoder(backbone.model, [[*row, backbone.end_id] for row in ids], config)
    return EncodeOnceClassifier(
        backbone.model, _mean_states(backbone, [prefix + q for q in questions]), config
    )


def _mean_states(backbone: Backbone, texts: list[str]) -> Tensor:
    rows = []
    with torch.no_grad():
        for text in texts:
            ids = torch.tensor([backbone.tokenizer.encode(text).ids])
            rows.append(backbone.model(input_ids=ids).last_hidden_state[0].mean(0))
    return torch.stack(rows)


def _head(width: int, classes: int, config: ClassifierConfig) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(config.dropout),
        nn.Linear(width, config.head_width),
        nn.GELU(),
        nn.Dropout(config.dropout),
        nn.Linear(config.head_width, classes),
    )
