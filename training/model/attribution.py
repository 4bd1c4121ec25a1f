"""A head that says whose stance it is, and in which voice."""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import pad, scaled_dot_product_attention

from labels.pipeline.schema import VOICES
from training.data.attribution import HOLDER, LONGEST, VOICE
from training.model.settings import ClassifierSettings

_HEAD_WIDTH = 64  # of each head of the attention
_PAIR_WIDTH = 64  # of what the ends of a span are compared by


class AttributionHead(nn.Module):
    """Scores every short span of tokens as a holder, and every voice.

    It reads the token states through a layer of its own, so that the encoder need not learn for
    holders what it would lose for stances. The score of a span has three parts: what a target's
    features ask of its first token, what they ask of its last one, and how well both go together.
    The first token of all, which frames the sentence, stands for its author, as it does for "no
    answer" in reading comprehension (Devlin et al. 2019, BERT, sections 4.2 and 4.3;
    https://aclanthology.org/N19-1423).
    """

    def __init__(self, width: int, hidden: int, settings: ClassifierSettings) -> None:
        """Build the head.

        Args:
            width: Of the features of a target.
            hidden: Width of a token state.
            settings: Width and dropout of what stands between features and voices.
        """
        super().__init__()
        self.n_heads = max(1, hidden // _HEAD_WIDTH)
        self.norm = nn.LayerNorm(hidden)
        self.attend = nn.Linear(hidden, 3 * hidden)
        self.join = nn.Linear(hidden, hidden)
        self.think = nn.Sequential(
            nn.LayerNorm(hidden),
            nn.Linear(hidden, 2 * hidden),
            nn.GELU(),
            nn.Dropout(settings.dropout),
            nn.Linear(2 * hidden, hidden),
        )
        self.asked = nn.Linear(width, 2 * hidden)
        self.offered = nn.Linear(hidden, hidden)
        self.first = nn.Linear(hidden, _PAIR_WIDTH)
        self.last = nn.Linear(hidden, _PAIR_WIDTH)
        self.voice = nn.Sequential(
            nn.Dropout(settings.dropout),
            nn.Linear(width, settings.head_width),
            nn.GELU(),
            nn.Dropout(settings.dropout),
            nn.Linear(settings.head_width, len(VOICES)),
        )

    def forward(self, features: Tensor, states: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """Score holders and voices.

        Args:
            features: Of each target, shape ``(n, targets, width)``.
            states: Of the tokens, shape ``(n, targets, length, hidden)``; one for all targets, or
                one for each.
            mask: Shape ``(n, length)``, 1 for a token that is read.

        Returns:
            Float32 logits: ``holder``, shape ``(n, targets, length, LONGEST)``, by the first token
            of a span and the number of tokens that follow it, and ``voice``, shape ``(n, targets,
            voices)``.
        """
        states = self._reread(states, mask)
        asked = torch.stack(self.asked(features).chunk(2, dim=-1), dim=-1)
        ends = self.offered(states) @ asked / math.sqrt(states.shape[-1])
        first, last = self.first(states) / math.sqrt(_PAIR_WIDTH), self.last(states)
        spans = [
            ends[..., 0]
            + _later(ends[..., 1:], steps)[..., 0]
            + (first * _later(last, steps)).sum(-1)
            for steps in range(LONGEST)
        ]
        return {
            HOLDER: torch.stack(spans, dim=-1).float(),
            VOICE: self.voice(features).float(),
        }

    def _reread(self, states: Tensor, mask: Tensor) -> Tensor:
        """Let the tokens attend over each other once more; shapes as in `forward`."""
        n, targets, length, hidden = states.shape
        flat = states.flatten(0, 1)
        parts = self.attend(self.norm(flat)).view(n * targets, length, 3, self.n_heads, -1)
        asked, keys, values = parts.permute(2, 0, 3, 1, 4)
        seen = mask.repeat_interleave(targets, dim=0)[:, None, None, :].bool()
        read = scaled_dot_product_attention(asked, keys, values, attn_mask=seen)
        flat = flat + self.join(read.transpose(1, 2).reshape(n * targets, length, hidden))
        thought: Tensor = flat + self.think(flat)
        return thought.view(n, targets, length, hidden)


def _later(values: Tensor, steps: int) -> Tensor:
    """Put in the place of each token what belongs to the one so many steps later, or zeros.

    Args:
        values: Shape ``(n, targets, length, width)``.
        steps: Any number; a row may be shorter.
    """
    return pad(values, (0, 0, 0, steps))[:, :, steps:]
